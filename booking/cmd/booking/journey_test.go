package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
)

func TestAGuestBuysSeesSignsUpAndCancels(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()

	shows := decode[struct{ Shows []booking.Show }](b.do("GET", "/api/v1/shows", "").want(200)).Shows
	require.Len(t, shows, 2)
	require.Equal(t, 60, decode[booking.Show](b.do("GET", "/api/v1/shows/small", "").want(200)).SeatsAvailable)

	hold := b.hold(s.small[0], s.small[12])
	require.Equal(t, "small", hold.Show)
	order := b.place(hold)
	require.Equal(t, booking.Pending, order.State)
	require.Equal(t, hold.ExpiresAt, *order.PayBy)
	require.NotNil(t, order.Tickets)

	b.pay(order, payment.CardDeclined, "first").problem(402, "payment-declined")
	b.pay(order, payment.CardDeclined, "first").problem(402, "payment-declined")
	b.pay(order, payment.CardPays, "first").problem(422, "idempotency-key-reused")
	first := b.settled(order, "second")
	paid := decode[booking.Order](first)
	require.Equal(t, booking.Paid, paid.State)
	require.Len(t, paid.Tickets, 2)
	require.Equal(t, string(first.body), string(b.pay(order, payment.CardPays, "second").want(200).body), "a replay is the stored answer")
	b.pay(order, payment.CardPays, "third").problem(409, "order-not-payable")
	s.allZero()

	b.do("POST", "/api/v1/accounts", `{"email":"Ann@example.org","password":"correct horse","name":"Ann"}`).want(201)
	require.Equal(t, booking.Buyer{Kind: "account", Email: "Ann@example.org", Name: "Ann"}, decode[booking.Buyer](b.do("GET", "/api/v1/session", "").want(200)))
	b.do("DELETE", "/api/v1/session", "").want(204)
	b.do("GET", "/api/v1/orders", "").problem(401, "session-missing")

	other := s.browser()
	other.do("POST", "/api/v1/session", `{"email":"ann@EXAMPLE.org","password":"wrong horse"}`).problem(401, "credentials-wrong")
	other.do("POST", "/api/v1/session", `{"email":"ann@EXAMPLE.org","password":"correct horse"}`).want(200)
	mine := decode[struct{ Orders []booking.Order }](other.do("GET", "/api/v1/orders", "").want(200)).Orders
	require.Len(t, mine, 1)
	require.Equal(t, paid.Tickets, mine[0].Tickets)

	s.heardOfAll()
	for range 2 {
		cancelled := decode[booking.Order](other.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").want(200))
		require.Equal(t, booking.Cancelled, cancelled.State)
		require.Equal(t, paid.Total, *cancelled.Refunded)
		require.Equal(t, "cancelled", cancelled.Tickets[0].State)
	}
	require.EqualValues(t, paid.Total.Amount, query[int64](s, `SELECT refunded FROM simulator_charges WHERE refunded > 0`))
	s.allZero()
}

func TestLayoutIsKeptByItsTagAndStateShowsWhatIsTaken(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	b.client.Transport = &http.Transport{DisableCompression: true}
	plain := b.do("GET", "/api/v1/shows/small/seats", "").want(200)
	layout := decode[booking.SeatLayout](plain)
	require.Equal(t, s.small, layout.Seats.ID)
	etag := plain.header.Get("ETag")
	require.Empty(t, b.do("GET", "/api/v1/shows/small/seats", "", "If-None-Match", etag).want(304).body)
	b.do("GET", "/api/v1/shows/small/seats", "", "If-None-Match", `"x", W/`+etag).want(304)
	b.do("GET", "/api/v1/shows/small/seats", "", "If-None-Match", `"other"`).want(200)
	zipped := b.do("GET", "/api/v1/shows/small/seats", "", "Accept-Encoding", "gzip").want(200)
	require.Equal(t, "gzip", zipped.header.Get("Content-Encoding"))
	r, err := gzip.NewReader(bytes.NewReader(zipped.body))
	require.NoError(t, err)
	unzipped, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, string(plain.body), string(unzipped))

	b.hold(s.small[9])
	require.Eventually(t, func() bool {
		state := decode[booking.SeatState](b.do("GET", "/api/v1/shows/small/seats/state", "").want(200))
		return state.Available == 59 && state.Unavailable.Get(9) && state.LayoutVersion == layout.LayoutVersion
	}, patience, 20*time.Millisecond)
}

func TestThePassIsVerifiedHere(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	stranger := &system{t: t, waitroom: authtest.Keys(t)}
	const path = "/api/v1/shows/small/seats/state"
	b.do("GET", path, "", "Waitroom-Pass", "").problem(403, "pass-missing")
	b.do("GET", path, "", "Waitroom-Pass", "forged").problem(403, "pass-invalid")
	b.do("GET", path, "", "Waitroom-Pass", stranger.pass("small", time.Hour)).problem(403, "pass-invalid")
	b.do("GET", path, "", "Waitroom-Pass", s.pass("other", time.Hour)).problem(403, "pass-other-room")
	b.do("GET", path, "", "Waitroom-Pass", s.pass("small", -time.Second)).problem(403, "pass-expired")
	b.do("POST", "/api/v1/shows/small/holds", `{"seat_ids":[1]}`, "Waitroom-Pass", "").problem(403, "pass-missing")
	b.do("DELETE", "/api/v1/shows/small/holds/"+anID, "", "Waitroom-Pass", "").problem(403, "pass-missing")
	b.do("GET", path, "", "Waitroom-Pass", "", "Cookie", "wp_small="+s.pass("small", time.Hour)).want(200)
	b.do("GET", "/api/v1/shows/open/seats/state", "", "Waitroom-Pass", "").want(200)
	b.do("GET", "/api/v1/orders", "", "Waitroom-Pass", "").want(200) // paying is not gated
}

func TestAPageOfAnotherSiteMayChangeNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	evil := []string{"Origin", "https://evil.example"}
	for _, c := range [][2]string{
		{"POST", "/api/v1/guests"},
		{"POST", "/api/v1/accounts"},
		{"POST", "/api/v1/session"},
		{"DELETE", "/api/v1/session"},
		{"POST", "/api/v1/orders"},
		{"POST", "/api/v1/orders/" + anID + "/payment"},
		{"POST", "/api/v1/orders/" + anID + "/cancel"},
		{"POST", "/api/v1/shows/small/holds"},
		{"DELETE", "/api/v1/shows/small/holds/" + anID},
	} {
		b.do(c[0], c[1], "", evil...).problem(403, "origin-mismatch")
	}
	b.do("POST", "/api/v1/guests", `{"email":"a@b.org"}`, "Origin", "https://shop.example", "X-Forwarded-Host", "shop.example").want(201)
}

func TestCookiesAreOutOfScriptsReach(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{settings: func(set *settings) { set.secure = true }})
	b := s.browser()
	a := b.do("POST", "/api/v1/guests", `{"email":"a@b.org"}`).want(201)
	cookie := strings.ToLower(a.header.Get("Set-Cookie"))
	require.True(t, strings.HasPrefix(cookie, "__host-an_buyer="), cookie)
	for _, attribute := range []string{"httponly", "secure", "samesite=lax", "path=/"} {
		require.Contains(t, cookie, attribute)
	}
	token := strings.Split(strings.SplitN(a.header.Get("Set-Cookie"), "=", 2)[1], ";")[0]
	require.Equal(t, 1, query[int](s, `SELECT count(*) FROM buyer_sessions WHERE digest = $1`, auth.Digest([]byte(token))), "only the digest is stored")
	b = s.browser() // the jar of the first one sends its cookie along
	b.do("GET", "/api/v1/session", "", "Cookie", "__Host-an_buyer="+token).want(200)
	b.do("GET", "/api/v1/session", "", "Cookie", "an_buyer="+token).problem(401, "session-missing")
}

func TestStaffListOrdersWithATokenMadeForBooking(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	for i := range 3 {
		b := s.guest()
		require.NotEmpty(t, b.place(b.hold(s.small[i])).ID)
	}
	token := func(keys *auth.Keys, role auth.Role, audience string, ttl time.Duration) string {
		signed, err := keys.SignStaff(auth.Staff{Email: "x@demo.test", Role: role}, audience, ttl)
		require.NoError(t, err)
		return "Bearer " + signed
	}
	b := s.browser()
	const path = "/control/v1/orders"
	b.do("GET", path, "").problem(401, "staff-token-missing")
	b.do("GET", path, "", "Authorization", token(s.waitroom, auth.Owner, "booking", time.Minute)).problem(401, "staff-token-invalid")
	b.do("GET", path, "", "Authorization", token(s.backOffice, auth.Owner, "waitroom", time.Minute)).problem(401, "staff-token-invalid")
	b.do("GET", path, "", "Authorization", token(s.backOffice, auth.Owner, "booking", -time.Minute)).problem(401, "staff-token-expired")
	b.do("GET", path, "", "Authorization", token(s.backOffice, auth.DevOps, "booking", time.Minute)).problem(403, "permission-denied")

	b.header.Set("Authorization", token(s.backOffice, auth.Auditor, "booking", time.Minute))
	type page struct {
		Orders []booking.StaffOrder
		Next   string
	}
	first := decode[page](b.do("GET", path+"?limit=2", "").want(200))
	require.Len(t, first.Orders, 2)
	require.Equal(t, []string{"A · A · 3"}, first.Orders[0].Seats)
	require.Equal(t, "guest@example.org", first.Orders[0].Email)
	second := decode[page](b.do("GET", path+"?limit=2&cursor="+first.Next, "").want(200))
	require.Len(t, second.Orders, 1)
	require.Empty(t, second.Next)
	require.Empty(t, decode[page](b.do("GET", path+"?state=paid", "").want(200)).Orders)
	for _, bad := range []string{"limit=0", "limit=201", "limit=x", "state=lost", "cursor=%21", "cursor=-1", "show=Not%20A%20Slug", "q=%00", "q=" + strings.Repeat("a", 255)} {
		b.do("GET", path+"?"+bad, "").problem(400, "query-invalid")
	}
	// The control API is not on the public port.
	res, err := http.Get(s.public + path)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, 404, res.StatusCode)
}

func TestTheCheckerCommandReportsAndFailsOnAFinding(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	var out, errOut bytes.Buffer
	require.NoError(t, check(context.Background(), []string{"--database-url", s.databaseURL}, &out, &errOut))
	require.Contains(t, out.String(), "all zero")
	require.Contains(t, out.String(), "not checked: admissions out of order")

	s.exec(`UPDATE show_sections SET seats_sold = 1 WHERE seats_total > 0`)
	out.Reset()
	require.ErrorIs(t, check(context.Background(), []string{"--json", "--database-url", s.databaseURL}, &out, &errOut), errFindings)
	var report booking.CheckReport
	require.NoError(t, json.Unmarshal(out.Bytes(), &report))
	require.False(t, report.OK)
}
