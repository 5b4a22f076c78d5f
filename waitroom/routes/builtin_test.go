package routes

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

func ask(host, path string) waitroom.Ask {
	return waitroom.Ask{Host: []byte(host), Path: []byte(path), Method: []byte("GET")}
}

// TestBuiltin holds the table of a gateway without a file to what it has always been.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	const apps, visitor, nowhere = waitroom.ServeApps, waitroom.ServeVisitor, ""
	table := Builtin()
	for path, want := range map[string]struct{ upstream, room string }{
		"/":                         {apps, ""},
		"/shows/arena":              {apps, ""},
		"/shows/arena/seats":        {apps, "arena"},
		"/shows/arena/seats/":       {apps, "arena"},
		"/shows/arena/seats/x":      {apps, "arena"},
		"/shows/arena/seatsx":       {apps, ""},
		"/shows/arena/Seats":        {nowhere, ""},
		"/Shows/arena/seats":        {nowhere, ""},
		"/shows/ARENA/seats":        {nowhere, ""},
		"/Shows/arena":              {apps, ""},
		"/api":                      {apps, ""},
		"/api/v1/shows":             {Booking, ""},
		"/api/v1/shows/":            {Booking, ""},
		"/api/v1/shows/arena":       {Booking, ""},
		"/api/v1/shows/arena/":      {Booking, "arena"},
		"/api/v1/shows/arena/seats": {Booking, "arena"},
		"/api/v1/shows/arena/x/y":   {Booking, "arena"},
		"/api/v1/shows/ARENA/seats": {nowhere, ""},
		"/api/v1/shows//seats":      {nowhere, ""}, // no clean path
		"/API/v1/shows/arena/seats": {nowhere, ""},
		"/api/v1/orders/1":          {Booking, ""},
		"/Api/v1/orders":            {nowhere, ""},
		"/admin":                    {apps, ""},
		"/admin/api":                {apps, ""},
		"/admin/api/session":        {Admin, ""},
		"/ADMIN/api/session":        {nowhere, ""},
		"/admin/rooms":              {apps, ""},
		"/waitroom":                 {apps, ""},
		"/waitroom/v1/arena/join":   {visitor, ""},
		"/WAITROOM/v1/arena/join":   {nowhere, ""},
		"/.well-known/jwks.json":    {visitor, ""},
		"/.well-known/anything":     {apps, ""},
		"/control":                  {apps, ""},
		"/control/v1/rooms":         {nowhere, ""},
		"/Control/v1/rooms":         {nowhere, ""},
	} {
		for _, host := range []string{"", "localhost", "LOCALHOST:8080", "[::1]:80", "192.0.2.1"} {
			got, err := table.Match(ask(host, path))
			assert.Equal(t, want.upstream, got.Upstream, path)
			assert.Equal(t, want.room, string(got.Room), path)
			if want.upstream == nowhere {
				assert.ErrorIs(t, err, waitroom.ErrPathUnknown, path)
			} else {
				assert.NoError(t, err, path)
			}
		}
	}
}
