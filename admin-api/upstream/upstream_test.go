package upstream

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/internal/testenv"
)

// patience is how long a question may take: a stall of the machine is no finding.
const patience = 2 * time.Minute

var manager = auth.Staff{Email: "manager@demo.test", Name: "Minjun Kim", Role: auth.EventManager}

const goodRoom = `{"room":"arena","version":7,"policy":{"mode":"queue","learnt_later":true},"live":{"waiting":3}}`

func TestRoomAndToken(t *testing.T) {
	keys := authtest.Keys(t)
	verifier := auth.NewStaffVerifier(keys, "waitroom")
	var path, body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := verifier.Verify([]byte(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")), time.Now())
		if err != nil || who != manager {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		sent, _ := io.ReadAll(r.Body)
		path, body = r.Method+" "+r.URL.String(), string(sent)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, goodRoom) //nolint:errcheck // a client that is gone fails its own test
	}))
	defer server.Close()
	gateway := NewGateway(server.URL+"/", keys, patience)
	room, err := gateway.Room(context.Background(), manager, "arena")
	require.NoError(t, err)
	require.Equal(t, "GET /control/v1/rooms/arena", path)
	require.EqualValues(t, 7, room.Version)
	require.JSONEq(t, `{"mode":"queue","learnt_later":true}`, string(room.Policy), "what a policy holds passes through")

	rate, version := int64(120), int64(7)
	_, err = gateway.Change(context.Background(), manager, "arena", adminapi.PolicyChange{RatePerMinute: &rate, Version: &version})
	require.NoError(t, err)
	require.Equal(t, "PATCH /control/v1/rooms/arena", path)
	require.JSONEq(t, `{"rate_per_minute":120,"version":7}`, body, "only what is given is sent")

	_, err = gateway.Room(context.Background(), manager, "../orders")
	require.ErrorIs(t, err, adminapi.ErrRoomUnknown)
}

// What the other service may answer, and what becomes of it.
func TestAnswers(t *testing.T) {
	keys := authtest.Keys(t)
	const doc, json = "application/problem+json", "application/json"
	for name, c := range map[string]struct {
		status      int
		contentType string
		body        string
		code        fault.Code
		typ         string
	}{
		"unknown room":       {404, doc, `{"type":"urn:anteroom:problem:room-unknown","detail":"No."}`, fault.NotFound, "room-unknown"},
		"conflict":           {409, doc, `{"type":"urn:anteroom:problem:room-changed","detail":"No."}`, fault.Conflict, "room-changed"},
		"malformed":          {400, doc, `{"type":"urn:anteroom:problem:json-type","detail":"No."}`, fault.Malformed, "json-type"},
		"forbidden":          {403, doc, `{"type":"urn:anteroom:problem:permission-denied","detail":"No."}`, fault.Forbidden, "permission-denied"},
		"line away":          {503, doc, `{"type":"urn:anteroom:problem:line-unavailable","detail":"No."}`, fault.Unavailable, "line-unavailable"},
		"our token":          {401, doc, `{"type":"urn:anteroom:problem:staff-token-invalid","detail":"No."}`, fault.Unavailable, "gateway-unavailable"},
		"its defect":         {500, doc, `{"type":"urn:anteroom:problem:internal-error","detail":"No."}`, fault.Unavailable, "gateway-unavailable"},
		"another server":     {404, "text/html", `<h1>Not here</h1>`, fault.Unavailable, "gateway-unavailable"},
		"another's problem":  {404, doc, `{"type":"about:blank","detail":"No."}`, fault.Unavailable, "gateway-unavailable"},
		"redirect":           {302, json, `{}`, fault.Unavailable, "gateway-unavailable"},
		"strange status":     {418, doc, `{"type":"urn:anteroom:problem:teapot","detail":"No."}`, fault.Unavailable, "gateway-unavailable"},
		"garbage":            {200, json, `{"room":`, fault.Unavailable, "gateway-unavailable"},
		"wrong types":        {200, json, `{"room":7}`, fault.Unavailable, "gateway-unavailable"},
		"empty":              {200, json, ``, fault.Unavailable, "gateway-unavailable"},
		"null":               {200, json, `null`, fault.Unavailable, "gateway-unavailable"},
		"another room":       {200, json, strings.Replace(goodRoom, "arena", "opera", 1), fault.Unavailable, "gateway-unavailable"},
		"no policy":          {200, json, `{"room":"arena","version":7,"live":{}}`, fault.Unavailable, "gateway-unavailable"},
		"not said to be":     {200, "text/plain", goodRoom, fault.Unavailable, "gateway-unavailable"},
		"larger than a room": {200, json, `"` + strings.Repeat("x", maxAnswer) + `"`, fault.Unavailable, "gateway-unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.contentType)
				w.Header().Set("Location", "http://127.0.0.1:1/")
				w.WriteHeader(c.status)
				io.WriteString(w, c.body) //nolint:errcheck // as above
			}))
			defer server.Close()
			_, err := NewGateway(server.URL, keys, patience).Room(context.Background(), manager, "arena")
			f := fault.From(err)
			require.Equal(t, c.typ, f.Type, f)
			require.Equal(t, c.code, f.Code)
		})
	}
}

func TestFieldsAndMembersArePassedOn(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		//nolint:errcheck // as above
		io.WriteString(w, `{"type":"urn:anteroom:problem:policy-invalid","title":"x","status":422,"detail":"100% wrong.","fields":[{"name":"max_active","message":"must be less"}],"further":[1]}`)
	}))
	defer server.Close()
	_, err := NewGateway(server.URL, authtest.Keys(t), patience).Room(context.Background(), manager, "arena")
	f := fault.From(err)
	require.Equal(t, fault.Invalid, f.Code)
	require.Equal(t, "100% wrong.", f.Message)
	require.Equal(t, []fault.Field{{Name: "max_active", Message: "must be less"}}, f.Fields)
	require.Equal(t, map[string]any{"further": []any{float64(1)}}, f.Extra)
}

func TestAwayAndSlow(t *testing.T) {
	keys := authtest.Keys(t)
	nobody := fmt.Sprintf("http://127.0.0.1:%d", testenv.FreePort(t))
	_, err := NewGateway(nobody, keys, patience).Room(context.Background(), manager, "arena")
	f := fault.From(err)
	require.Equal(t, "gateway-unavailable", f.Type)
	require.Equal(t, "The gateway does not answer.", f.Message, "nothing was sent, so nothing can have changed")

	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	defer server.Close()
	defer close(release)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-arrived; cancel() }() // as a deadline does, without waiting for one
	_, err = NewGateway(server.URL, keys, patience).Room(ctx, manager, "arena")
	f = fault.From(err)
	require.Equal(t, "gateway-unavailable", f.Type)
	require.Contains(t, f.Message, "may be in force")
}

func TestOrders(t *testing.T) {
	var query, body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Path + "?" + r.URL.RawQuery
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body) //nolint:errcheck // as above
	}))
	defer server.Close()
	booking := NewBooking(server.URL, authtest.Keys(t), patience)
	body = `{"orders":[{"id":"x"}],"next":"c2"}`
	page, err := booking.Orders(context.Background(), manager, adminapi.OrderQuery{State: "paid", Text: "a&b=c@x", Limit: 5, Cursor: "c1"})
	require.NoError(t, err)
	require.Equal(t, "/control/v1/orders?cursor=c1&limit=5&q=a%26b%3Dc%40x&state=paid", query)
	require.Equal(t, "c2", page.Next)
	require.Len(t, page.Orders, 1)
	body = `{"rooms":[]}`
	_, err = booking.Orders(context.Background(), manager, adminapi.OrderQuery{})
	require.Equal(t, "booking-unavailable", fault.From(err).Type)
}

func TestTokensAreReusedForAWhile(t *testing.T) {
	tokens := newTokens(authtest.Keys(t), "waitroom")
	now := time.Now()
	tokens.now = func() time.Time { return now }
	_, err := tokens.of(manager)
	require.NoError(t, err)
	made := tokens.made[manager].at
	now = now.Add(tokenReuse - time.Millisecond)
	_, err = tokens.of(manager)
	require.NoError(t, err)
	require.Equal(t, made, tokens.made[manager].at)
	now = now.Add(time.Millisecond)
	_, err = tokens.of(manager)
	require.NoError(t, err)
	require.Equal(t, now, tokens.made[manager].at)
	demoted := manager
	demoted.Role = auth.Developer
	a, err := tokens.of(manager)
	require.NoError(t, err)
	b, err := tokens.of(demoted)
	require.NoError(t, err)
	require.NotEqual(t, a, b, "another role is another token")
	for range maxTokens + 10 {
		demoted.Email += "x"
		if len(demoted.Email) > 200 {
			demoted.Email, demoted.Name = "", demoted.Name+"y"
		}
		_, err = tokens.of(demoted)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, len(tokens.made), maxTokens)
}
