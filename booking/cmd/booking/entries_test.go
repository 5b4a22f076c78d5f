package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth"
)

// hallPlan is a seating plan of four seats and a floor for twenty.
const hallPlan = `{"name":"Hall","categories":[{"name":"Best"},{"name":"Floor"}],"zones":[
	{"name":"A","position":{"x":100,"y":150},"rows":[{"row_number":"1","uuid":"u","seats":[
		{"seat_guid":"1","seat_number":"1","position":{"x":0,"y":0},"category":"Best","accessible":true},
		{"seat_guid":"2","seat_number":"2","position":{"x":20,"y":0},"category":"Best","companion":true},
		{"seat_guid":"3","seat_number":"3","position":{"x":40,"y":0},"category":"Best"},
		{"seat_guid":"4","seat_number":"4","position":{"x":60,"y":0},"category":"Best"}]}],
	 "areas":[{"width":100,"height":30,"position":{"x":0,"y":-100},"text":"Stage"}]},
	{"name":"Floor","position":{"x":200,"y":220},"kind":"standing","capacity":20,"category":"Floor","rows":[]}]}`

// staff is a browser whose requests bear a staff token of the role.
func (s *system) staff(role auth.Role) *browser {
	signed, err := s.backOffice.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, "booking", time.Hour)
	require.NoError(s.t, err)
	b := s.browser()
	b.header.Set("Authorization", "Bearer "+signed)
	return b
}

func TestStaffEnterAVenueALayoutAndAShowAndItIsSold(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	m := s.staff(auth.EventManager)
	const c = "/control/v1"
	m.do("POST", c+"/organisations", `{"slug":"city","name":{"en":"City","ko":"시"}}`).want(201)
	m.do("POST", c+"/organisations", `{"slug":"city","name":{"en":"City","ko":"시"}}`).problem(409, "slug-taken")
	m.do("POST", c+"/organisations", `{"slug":"No","name":{"en":"City","ko":"시"}}`).problem(422, "entry-invalid")
	m.do("GET", c+"/organisations", "").want(200)
	m.do("POST", c+"/venues", `{"slug":"hall","name":{"en":"Hall","ko":"홀"},"city":{"en":"Daegu","ko":"대구"}}`).want(201)
	m.do("POST", c+"/venues", `{"slug":"hall","name":{"en":"Hall","ko":""},"city":{"en":"Daegu","ko":"대구"}}`).problem(422, "entry-invalid")
	require.Contains(t, string(m.do("GET", c+"/venues", "").want(200).body), `"slug":"hall"`)

	const layouts = c + "/venues/hall/layouts"
	entered := decode[struct {
		Layout   booking.LayoutInfo
		Warnings []booking.PlanWarning
	}](m.do("POST", layouts, hallPlan).want(201))
	require.Equal(t, booking.LayoutInfo{Venue: "hall", Version: 1, Name: "Hall", Status: "draft", Sections: 2, Seats: 24}, entered.Layout)
	require.Equal(t, "$.zones[0].rows[0].uuid", entered.Warnings[0].Path)
	wrong := m.do("POST", layouts, strings.Replace(hallPlan, `"category":"Best"}]`, `"category":"Worst"}]`, 1)).problem(422, "plan-invalid")
	require.Equal(t, "$.zones[0].rows[0].seats[3].category", wrong["fields"].([]any)[0].(map[string]any)["name"])
	m.do("POST", layouts, "section,row,number\nA,1,\n", "Content-Type", "text/csv").problem(422, "seat-list-invalid")
	m.do("POST", layouts, "x", "Content-Type", "text/plain").problem(400, "content-type")
	m.do("POST", c+"/venues/nowhere/layouts", hallPlan).problem(404, "venue-unknown")
	require.Contains(t, string(m.do("GET", layouts+"/1?format=csv", "").want(200).body), "A,1,1,100,150,Best,seated,yes,,,1\n")
	m.do("GET", layouts+"/1?format=pdf", "").problem(400, "query-invalid")
	m.do("GET", layouts+"/0", "").problem(404, "layout-unknown")
	m.do("PUT", layouts+"/1?name=Renamed", string(m.do("GET", layouts+"/1", "").want(200).body)).want(200)

	at := func(days int) string { return time.Now().AddDate(0, 0, days).UTC().Format(time.RFC3339) }
	show := fmt.Sprintf(`{"slug":"spring","venue":"hall","layout_version":1,"time_zone":"Asia/Seoul","currency":"KRW","organisation":"city","category":"concert",
		"title":{"en":"Spring","ko":"봄"},"starts_at":%q,"on_sale_at":%q,"bands":[
		{"name":{"en":"S","ko":"S석"},"price":50000,"colour":"#7c3aed","categories":["Best"]},
		{"name":{"en":"F","ko":"F석"},"price":30000,"colour":"#0d9488","sections":["Floor"]}]}`, at(30), at(-1))
	m.do("POST", c+"/shows", show).problem(409, "layout-draft")
	m.do("POST", layouts+"/1/publish", "").want(200)
	m.do("PUT", layouts+"/1", hallPlan).problem(409, "layout-published")
	require.Equal(t, 2, decode[booking.LayoutInfo](m.do("POST", layouts+"/1/clone", "").want(201)).Version)
	m.do("POST", layouts+"/7/clone", "").problem(404, "layout-unknown")
	require.Contains(t, string(m.do("GET", layouts, "").want(200).body), `"version":2`)

	m.do("POST", c+"/shows", strings.Replace(show, `"price":50000`, `"price":-1`, 1)).problem(422, "show-invalid")
	m.do("POST", c+"/shows", strings.Replace(show, `KRW`, `won`, 1)).problem(422, "show-invalid")
	m.do("POST", c+"/shows", strings.Replace(show, `"Floor"`, `"Roof"`, 1)).problem(422, "show-invalid")
	m.do("POST", c+"/shows", strings.Replace(show, `"city"`, `"town"`, 1)).problem(404, "organisation-unknown")
	m.do("POST", c+"/shows", show).want(201)
	m.do("POST", c+"/shows", show).problem(409, "slug-taken")
	b := s.guest()
	b.do("GET", "/api/v1/shows/spring/seats", "").problem(404, "show-unknown")
	m.do("POST", c+"/shows/spring/publish", "").want(200)
	m.do("POST", c+"/shows/autumn/publish", "").problem(404, "show-unknown")

	changed := decode[booking.ShowSettings](m.do("PATCH", c+"/shows/spring", `{"tags":["spring"],"title":{"en":"Late spring","ko":"늦봄"},"cancel_until_hours":null}`).want(200))
	require.Equal(t, "concert", changed.Category, "what the request does not have stays")
	require.Nil(t, changed.CancelUntilHours)
	m.do("PATCH", c+"/shows/spring", `{"max_per_buyer":0}`).problem(422, "show-invalid")
	m.do("PATCH", c+"/shows/spring", `{"slug":"summer"}`).problem(400, "json-unknown-field")
	m.do("GET", c+"/shows/autumn", "").problem(404, "show-unknown")

	// The catalogue may be a second old.
	require.Eventually(t, func() bool {
		page := decode[booking.ShowPage](b.do("GET", "/api/v1/shows?q=late+SPR&city=%EB%8C%80%EA%B5%AC&category=Concert&tag=spring&limit=1", "").want(200))
		return len(page.Shows) == 1 && page.Shows[0].Organisation.Slug == "city" && b.do("GET", "/api/v1/shows/spring", "").status == 200
	}, patience, 50*time.Millisecond)
	layout := decode[booking.SeatLayout](b.do("GET", "/api/v1/shows/spring/seats", "").want(200))
	require.Equal(t, booking.Standing, layout.Sections[1].Kind)
	require.Equal(t, []int{0}, layout.Accessible)

	block := func(b *browser, what, ids string) answer {
		return b.do("POST", c+"/shows/spring/seats/"+what, `{"seat_ids":[`+ids+`]}`)
	}
	first, second := fmt.Sprint(layout.Seats.ID[0]), fmt.Sprint(layout.Seats.ID[1])
	require.JSONEq(t, `{"changed":1}`, string(block(s.staff(auth.BoxOffice), "block", first).want(200).body))
	b.do("POST", "/api/v1/shows/spring/holds", `{"seat_ids":[`+first+`]}`).problem(409, "seat-taken")
	b.do("POST", "/api/v1/shows/spring/holds", `{"seat_ids":[`+second+`]}`).want(201)
	block(m, "block", first+","+second).problem(409, "seat-taken")
	block(m, "block", "-5").problem(422, "seat-unknown")
	block(m, "block", "").problem(422, "seats-invalid")
	block(m, "unblock", first).want(200)
	b.do("POST", "/api/v1/shows/spring/holds", `{"seat_ids":[`+first+`]}`).want(201)

	keep := func(section string, places int) answer {
		return m.do("PUT", c+"/shows/spring/reserve", fmt.Sprintf(`{"section":%q,"places":%d}`, section, places))
	}
	general := func(count int) answer {
		return s.guest().do("POST", "/api/v1/shows/spring/holds", fmt.Sprintf(`{"general":{"section":"Floor","count":%d}}`, count))
	}
	keep("Floor", 18).want(204)
	general(3).problem(409, "seats-insufficient")
	general(2).want(201)
	keep("Floor", 0).want(204)
	general(3).want(201)
	keep("Floor", 21).problem(422, "show-invalid")
	keep("Floor", -1).problem(422, "show-invalid")
	keep("A", 1).problem(422, "section-unknown")
	keep("Roof", 1).problem(422, "section-unknown")
	s.allZero()
}

func TestOnlyThoseWhoMayEnterTheCatalogue(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	const venue = `{"slug":"hall","name":{"en":"Hall","ko":"홀"},"city":{"en":"Daegu","ko":"대구"}}`
	s.browser().do("POST", "/control/v1/venues", venue).problem(401, "staff-token-missing")
	for _, role := range []auth.Role{auth.BoxOffice, auth.CustomerService, auth.Finance, auth.DevOps, auth.Developer, auth.Auditor} {
		s.staff(role).do("POST", "/control/v1/venues", venue).problem(403, "permission-denied")
		s.staff(role).do("GET", "/control/v1/venues/small/layouts/1", "").problem(403, "permission-denied")
	}
	s.staff(auth.Finance).do("POST", "/control/v1/shows/small/seats/block", ids(s.small[0])).problem(403, "permission-denied")
	require.Zero(t, query[int](s, `SELECT count(*) FROM venues WHERE slug = 'hall'`))
	s.staff(auth.Owner).do("POST", "/control/v1/venues", venue).want(201)
}

func TestBadSearchesGetAProblemThatNamesThem(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.browser()
	for _, bad := range []string{"q=%00", "q=" + strings.Repeat("x", 101), "city=%FF", "from=tomorrow", "to=2027-02-30", "limit=0", "limit=201", "cursor=x", "category=" + strings.Repeat("x", 101)} {
		b.do("GET", "/api/v1/shows?"+bad, "").problem(400, "query-invalid")
	}
	require.Len(t, decode[booking.ShowPage](b.do("GET", "/api/v1/shows?q=&from=&cursor=", "").want(200)).Shows, 2)
	page := decode[booking.ShowPage](b.do("GET", "/api/v1/shows?limit=1", "").want(200))
	require.Len(t, page.Shows, 1)
	next := decode[booking.ShowPage](b.do("GET", "/api/v1/shows?limit=1&cursor="+page.Next, "").want(200))
	require.Len(t, next.Shows, 1)
	require.NotEqual(t, page.Shows[0].Slug, next.Shows[0].Slug)
	require.Empty(t, next.Next)
}

func TestLayoutsGoInAndOutByCommand(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	plan := filepath.Join(t.TempDir(), "hall.json")
	require.NoError(t, os.WriteFile(plan, []byte(hallPlan), 0o600))
	var out, errOut bytes.Buffer
	run := func(command func(context.Context, []string, *bytes.Buffer, *bytes.Buffer) error, args ...string) error {
		out.Reset()
		errOut.Reset()
		return command(t.Context(), append(args, "--database-url", s.databaseURL), &out, &errOut)
	}
	in := func(ctx context.Context, args []string, out, errOut *bytes.Buffer) error {
		return importLayout(ctx, args, out, errOut)
	}
	list := func(ctx context.Context, args []string, out, errOut *bytes.Buffer) error {
		return importSeats(ctx, args, out, errOut)
	}
	export := func(ctx context.Context, args []string, out, errOut *bytes.Buffer) error {
		return exportLayout(ctx, args, out, errOut)
	}

	require.ErrorIs(t, run(in, "--file", plan, "--venue", "hall"), booking.ErrVenueUnknown)
	require.NoError(t, run(in, "--file", plan, "--venue", "hall", "--venue-name", "Hall", "--city", "Daegu", "--publish"))
	require.Equal(t, "booking: layout 1 of hall, published: 2 sections, 24 seats\n", out.String())
	require.Contains(t, errOut.String(), "booking: warning: $.zones[0].rows[0].uuid is not known and was dropped (1)")

	require.NoError(t, run(export, "--venue", "hall", "--format", "csv"))
	csv := filepath.Join(t.TempDir(), "hall.csv")
	require.NoError(t, os.WriteFile(csv, out.Bytes(), 0o600))
	require.NoError(t, run(list, "--file", csv, "--venue", "hall", "--name", "From the list"))
	require.Equal(t, "booking: layout 2 of hall, draft: 2 sections, 24 seats\n", out.String())
	require.NoError(t, run(export, "--venue", "hall", "--version", "2"))
	require.Contains(t, out.String(), `"name":"From the list"`)

	require.NoError(t, os.WriteFile(csv, []byte("section,row,number\nA,1,1\nA,1,1\n"), 0o600))
	require.ErrorIs(t, run(list, "--file", csv, "--venue", "hall"), booking.ErrSeatListInvalid)
	require.Contains(t, errOut.String(), "booking: line 3 is the seat of line 2\n")
	require.Error(t, run(in, "--file", plan+".none", "--venue", "hall"))
	require.Error(t, run(in, "--venue", "hall"))
	require.Error(t, run(export, "--venue", "hall", "--format", "pdf"))
	require.ErrorIs(t, run(export, "--venue", "hall", "--version", "3"), booking.ErrLayoutUnknown)
}
