package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const anID = "00000000-0000-4000-8000-000000000000"

func TestBadInputGetsAProblemThatNamesIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	const holds, orders = "/api/v1/shows/small/holds", "/api/v1/orders"
	const pay = orders + "/" + anID + "/payment"
	withKey := []string{"Idempotency-Key", "k"}
	for _, c := range []struct {
		name, method, path, body string
		extra                    []string
		status                   int
		typ                      string
	}{
		{"unknown path", "GET", "/api/v1/nothing", "", nil, 404, "path-unknown"},
		{"wrong method", "PUT", orders, "{}", nil, 405, "method-not-allowed"},
		{"unknown show", "GET", "/api/v1/shows/nowhere", "", nil, 404, "show-unknown"},
		{"no slug at all", "GET", "/api/v1/shows/%00%27", "", nil, 404, "show-unknown"},
		{"unknown show's seats", "GET", "/api/v1/shows/nowhere/seats", "", nil, 404, "show-unknown"},
		{"long query", "GET", "/api/v1/shows?q=" + strings.Repeat("x", 101), "", nil, 400, "query-invalid"},

		{"empty body", "POST", holds, "", []string{"Content-Type", "application/json"}, 400, "json-malformed"},
		{"no content type", "POST", holds, "{}", []string{"Content-Type", "text/plain"}, 400, "content-type"},
		{"broken JSON", "POST", holds, `{"seat_ids":[1`, nil, 400, "json-malformed"},
		{"two documents", "POST", holds, `{"seat_ids":[1]}{}`, nil, 400, "json-malformed"},
		{"unknown member", "POST", holds, `{"seat_ids":[1],"price":0}`, nil, 400, "json-unknown-field"},
		{"seat as text", "POST", holds, `{"seat_ids":["1"]}`, nil, 400, "json-type"},
		{"seat as fraction", "POST", holds, `{"seat_ids":[1.5]}`, nil, 400, "json-type"},
		{"seat beyond 64 bits", "POST", holds, `{"seat_ids":[9223372036854775808]}`, nil, 400, "json-type"},
		{"seats as object", "POST", holds, `{"seat_ids":{}}`, nil, 400, "json-type"},
		{"no seats", "POST", holds, `{"seat_ids":[]}`, nil, 422, "seats-invalid"},
		{"seats missing", "POST", holds, `{}`, nil, 422, "seats-invalid"},
		{"null", "POST", holds, `null`, nil, 422, "seats-invalid"},
		{"eleven seats", "POST", holds, `{"seat_ids":[1,2,3,4,5,6,7,8,9,10,11]}`, nil, 422, "seats-invalid"},
		{"a seat twice", "POST", holds, `{"seat_ids":[1,2,1]}`, nil, 422, "seats-invalid"},
		{"unknown seat", "POST", holds, `{"seat_ids":[-1]}`, nil, 422, "seat-unknown"},
		{"a body too large", "POST", holds, `{"seat_ids":[1` + strings.Repeat(" ", 70000) + `]}`, nil, 413, "body-too-large"},
		{"release no id", "DELETE", holds + "/x", "", nil, 404, "hold-unknown"},
		{"release unknown", "DELETE", holds + "/" + anID, "", nil, 404, "hold-unknown"},

		{"order without key", "POST", orders, `{"hold_id":"` + anID + `"}`, nil, 400, "idempotency-key-missing"},
		{"key with a space", "POST", orders, `{"hold_id":"` + anID + `"}`, []string{"Idempotency-Key", "a b"}, 400, "idempotency-key-invalid"},
		{"key too long", "POST", orders, `{"hold_id":"` + anID + `"}`, []string{"Idempotency-Key", strings.Repeat("k", 256)}, 400, "idempotency-key-invalid"},
		{"hold is no id", "POST", orders, `{"hold_id":"x"}`, withKey, 422, "hold-invalid"},
		{"hold missing", "POST", orders, `{}`, withKey, 422, "hold-invalid"},
		{"hold unknown", "POST", orders, `{"hold_id":"` + anID + `"}`, withKey, 404, "hold-unknown"},
		{"order is no id", "GET", orders + "/x", "", nil, 404, "order-unknown"},
		{"order unknown", "GET", orders + "/" + anID, "", nil, 404, "order-unknown"},
		{"pay no card", "POST", pay, `{}`, withKey, 422, "card-invalid"},
		{"pay card with letters", "POST", pay, `{"card_number":"4242 4242 4242"}`, withKey, 422, "card-invalid"},
		{"pay card as number", "POST", pay, `{"card_number":4242424242424242}`, withKey, 400, "json-type"},
		{"pay without key", "POST", pay, `{"card_number":"4242424242424242"}`, nil, 400, "idempotency-key-missing"},
		{"pay unknown order", "POST", pay, `{"card_number":"4242424242424242"}`, withKey, 404, "order-unknown"},
		{"pay no id", "POST", orders + "/1/payment", `{"card_number":"4242424242424242"}`, withKey, 404, "order-unknown"},
		{"cancel unknown", "POST", orders + "/" + anID + "/cancel", "", nil, 404, "order-unknown"},

		{"guest without address", "POST", "/api/v1/guests", `{"email":""}`, nil, 422, "account-invalid"},
		{"guest with two", "POST", "/api/v1/guests", `{"email":"a@b.org, c@d.org"}`, nil, 422, "account-invalid"},
		{"guest with NUL", "POST", "/api/v1/guests", "{\"email\":\"a\\u0000@b.org\"}", nil, 422, "account-invalid"},
		{"short password", "POST", "/api/v1/accounts", `{"email":"a@b.org","password":"short","name":"A"}`, nil, 422, "account-invalid"},
		{"empty name", "POST", "/api/v1/accounts", `{"email":"a@b.org","password":"long enough","name":" "}`, nil, 422, "account-invalid"},
		{"sign in with nothing", "POST", "/api/v1/session", `{}`, nil, 422, "request-invalid"},
		{"sign in as nobody", "POST", "/api/v1/session", `{"email":"nobody@example.org","password":"x"}`, nil, 401, "credentials-wrong"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.do(c.method, c.path, c.body, c.extra...)
			a.t = t
			a.problem(c.status, c.typ)
		})
	}
	// Without a session every call of a buyer is 401, with a made-up one too.
	for _, session := range []string{"", "an_buyer=made-up"} {
		stranger := s.browser()
		for _, c := range [][3]string{
			{"POST", holds, `{"seat_ids":[1]}`},
			{"DELETE", holds + "/" + anID, ""},
			{"GET", orders, ""},
			{"POST", orders, `{"hold_id":"` + anID + `"}`},
			{"GET", orders + "/" + anID, ""},
			{"POST", pay, `{"card_number":"4242424242424242"}`},
			{"POST", orders + "/" + anID + "/cancel", ""},
			{"GET", "/api/v1/session", ""},
		} {
			stranger.do(c[0], c[1], c[2], "Cookie", session, "Idempotency-Key", "k").problem(401, "session-missing")
		}
		stranger.do("DELETE", "/api/v1/session", "", "Cookie", session).want(204)
	}
	s.allZero()
}

func TestRefusalsSayWhichSeats(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	ann, ben := s.guest(), s.guest()
	ann.hold(s.small[0], s.small[1])
	doc := ben.do("POST", "/api/v1/shows/small/holds", ids(s.small[1], s.small[2])).problem(409, "seat-taken")
	require.EqualValues(t, []any{float64(s.small[1])}, doc["seat_ids"])
	ben.do("POST", "/api/v1/shows/small/holds", ids(s.open[0])).problem(422, "seat-of-another-show")
	ann.do("POST", "/api/v1/shows/small/holds", ids(s.small[2:11]...)).problem(409, "limit-reached")
	s.exec(`UPDATE shows SET on_sale_at = clock_timestamp() + interval '1 hour'`)
	ben.do("POST", "/api/v1/shows/small/holds", ids(s.small[2])).problem(409, "not-on-sale")
}

func TestAccountsAreOneToAnAddressAndGuessingIsLimited(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	const account = `{"email":"ann@example.org","password":"correct horse","name":"Ann"}`
	s.browser().do("POST", "/api/v1/accounts", account).want(201)
	s.guest().do("POST", "/api/v1/accounts", strings.Replace(account, "ann@", "ANN@", 1)).problem(409, "email-taken")
	b := s.browser()
	for range 10 {
		b.do("POST", "/api/v1/session", `{"email":"ann@example.org","password":"wrong"}`).problem(401, "credentials-wrong")
	}
	a := b.do("POST", "/api/v1/session", `{"email":"Ann@Example.org","password":"correct horse"}`)
	a.problem(429, "too-many-attempts")
	require.NotEmpty(t, a.header.Get("Retry-After"))
}
