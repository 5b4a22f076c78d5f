package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/qrcode"
)

// withTicketKeys makes a system whose tickets are signed.
func withTicketKeys(t *testing.T) (*system, *auth.Keys) {
	keys := authtest.Keys(t)
	return newSystem(t, change{settings: func(set *settings) { set.post.keys = keys }}), keys
}

// buy is the whole way to a paid order.
func (b *browser) buy(seats ...int64) booking.Order {
	b.t.Helper()
	order := b.place(b.hold(seats...))
	return b.paid(order, "pay-"+order.ID)
}

// door is somebody of the box office.
func (s *system) door(role auth.Role) *browser {
	signed, err := s.backOffice.SignStaff(auth.Staff{Email: "door@demo.test", Role: role}, "booking", time.Hour)
	require.NoError(s.t, err)
	b := s.browser()
	b.header.Set("Authorization", "Bearer "+signed)
	return b
}

func object(pairs ...string) string {
	o := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(o)
	return string(body)
}

func TestFromTheTicketToTheDoor(t *testing.T) {
	t.Parallel()
	s, keys := withTicketKeys(t)
	b := s.guest()
	order := b.buy(s.small[0], s.small[1])
	held := decode[struct{ Tickets []booking.HeldTicket }](b.do("GET", "/api/v1/tickets", "").want(200)).Tickets
	require.Len(t, held, 2)
	ticket := decode[booking.HeldTicket](b.do("GET", "/api/v1/tickets/"+held[0].ID, "").want(200))
	s.guest().do("GET", "/api/v1/tickets/"+held[0].ID, "").problem(404, "ticket-unknown")
	b.do("GET", "/api/v1/tickets/x", "").problem(404, "ticket-unknown")

	// What the QR code says is verified by anyone with the published keys, and with nothing else.
	jwks := b.do("GET", "/api/v1/.well-known/jwks.json", "").want(200)
	published, err := auth.ParseJWKS(jwks.body)
	require.NoError(t, err)
	entry, err := auth.VerifyEntry(t.Context(), published, []byte(ticket.Token))
	require.NoError(t, err)
	require.Equal(t, auth.Entry{ID: ticket.ID, Show: "small", Seat: ticket.Seat(), Starts: time.Unix(ticket.StartsAt.Unix(), 0)}, entry)

	door := s.door(auth.BoxOffice)
	const in, look = "/control/v1/shows/small/check-ins", "/control/v1/shows/small/tickets/verify"
	require.Nil(t, decode[booking.HeldTicket](door.do("POST", look, object("token", ticket.Token)).want(200)).CheckedInAt)
	require.NotNil(t, decode[booking.HeldTicket](door.do("POST", in, object("token", ticket.Token)).want(200)).CheckedInAt)
	doc := door.do("POST", in, object("code", strings.ToLower(ticket.Code))).problem(409, "ticket-checked-in")
	require.NotEmpty(t, doc["checked_in_at"])
	require.Equal(t, "door@demo.test", doc["checked_in_by"])
	door.do("POST", look, object("token", ticket.Token)).problem(409, "ticket-checked-in")
	door.do("POST", "/control/v1/shows/open/check-ins", object("code", held[1].Code)).problem(409, "ticket-of-another-show")
	door.do("POST", in, object("code", "2222-2222-2222")).problem(404, "ticket-unknown")
	door.do("POST", in, object("code", "1")).problem(422, "ticket-invalid")
	door.do("POST", in, object("token", ticket.Token+"x")).problem(422, "ticket-invalid")
	door.do("POST", in, object()).problem(422, "ticket-invalid")
	door.do("POST", in, object("token", ticket.Token, "code", ticket.Code)).problem(422, "ticket-invalid")
	forged, err := authtest.Keys(t).SignEntry(entry)
	require.NoError(t, err)
	door.do("POST", in, object("token", forged)).problem(422, "ticket-invalid")
	aTransfer, err := keys.SignTransfer(ticket.ID)
	require.NoError(t, err)
	door.do("POST", in, object("token", aTransfer)).problem(422, "ticket-invalid")
	s.door(auth.Finance).do("POST", in, object("code", held[1].Code)).problem(403, "permission-denied")
	s.browser().do("POST", in, object("code", held[1].Code)).problem(401, "staff-token-missing")

	b.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").problem(409, "ticket-checked-in")
	used := decode[booking.Order](b.do("GET", "/api/v1/orders/"+order.ID, "").want(200))
	require.NotNil(t, used.Tickets[0].CheckedInAt)
	require.Nil(t, used.Tickets[1].CheckedInAt)
	s.allZero()
}

func TestThePageToPrintShowsTheCodeAndRunsNothing(t *testing.T) {
	t.Parallel()
	s, _ := withTicketKeys(t)
	b := s.guest()
	order := b.buy(s.small[0], s.small[1])
	path := "/api/v1/orders/" + order.ID + "/tickets"
	page := b.do("GET", path, "").want(200)
	body := string(page.body)
	require.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	require.Equal(t, 2, strings.Count(body, "<svg"))
	ticket := decode[booking.HeldTicket](b.do("GET", "/api/v1/tickets/"+order.Tickets[0].ID, "").want(200))
	code, err := qrcode.Of(ticket.Token)
	require.NoError(t, err)
	require.Contains(t, body, code.Path, "the code is the ticket's token")
	require.Contains(t, body, order.Tickets[1].Code)
	require.NotContains(t, body, "<script")

	// The browser runs the style that is in the page, and no other.
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(body)
	sum := sha256.Sum256([]byte(style[1]))
	require.Contains(t, page.header.Get("Content-Security-Policy"), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	require.Contains(t, style[1], "@media print")

	require.Contains(t, body, `lang="en"`)
	require.Contains(t, string(b.do("GET", path, "", "Accept-Language", "fr, ko-KR;q=0.9, en;q=0.5").want(200).body), `lang="ko"`)
	require.Contains(t, string(b.do("GET", path+"?lang=ko", "").want(200).body), "입장")
	one := string(b.do("GET", "/api/v1/tickets/"+ticket.ID+"/page", "").want(200).body)
	require.Equal(t, 1, strings.Count(one, "<svg"))
	s.guest().do("GET", path, "").problem(404, "order-unknown")
	s.browser().do("GET", path, "").problem(401, "session-missing")

	b.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").want(200)
	void := string(b.do("GET", "/api/v1/tickets/"+ticket.ID+"/page", "").want(200).body)
	require.NotContains(t, void, "<svg")
	require.NotContains(t, void, ticket.Code)
	require.NotContains(t, string(b.do("GET", path, "").want(200).body), "<svg")
}

func TestATicketIsHandedOnByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	s, keys := withTicketKeys(t)
	ann, ben, eve := s.guest(), s.guest(), s.guest()
	order := ann.buy(s.small[0])
	old := order.Tickets[0]
	transfer := "/api/v1/tickets/" + old.ID + "/transfer"
	ann.do("POST", transfer, object("email", "nobody")).problem(422, "transfer-invalid")
	eve.do("POST", transfer, object("email", "eve@example.org")).problem(404, "ticket-unknown")
	offer := decode[booking.TicketTransfer](ann.do("POST", transfer, object("email", "ben@example.org")).want(200))
	link, err := keys.SignTransfer(offer.ID) // as the mail tells it
	require.NoError(t, err)

	seen := s.browser().do("POST", "/api/v1/transfers/look", object("token", link)).want(200)
	require.Equal(t, "offered", decode[booking.TransferOffer](seen).State)
	require.NotContains(t, string(seen.body), old.Code, "what opens the door is not told before the claim")
	s.browser().do("POST", "/api/v1/transfers/claim", object("token", link)).problem(401, "session-missing")
	ben.do("POST", "/api/v1/transfers/claim", object("token", offer.ID)).problem(404, "transfer-unknown")
	got := decode[booking.HeldTicket](ben.do("POST", "/api/v1/transfers/claim", object("token", link)).want(200))
	require.NotEqual(t, old.Code, got.Code)
	require.NotEmpty(t, got.Token)
	require.Equal(t, got.Code, decode[booking.HeldTicket](ben.do("POST", "/api/v1/transfers/claim", object("token", link)).want(200)).Code)
	require.Equal(t, "claimed", eve.do("POST", "/api/v1/transfers/claim", object("token", link)).problem(410, "transfer-over")["state"])

	door := s.door(auth.Owner)
	door.do("POST", "/control/v1/shows/small/check-ins", object("code", old.Code)).problem(409, "ticket-cancelled")
	hers := decode[booking.Order](ann.do("GET", "/api/v1/orders/"+order.ID, "").want(200))
	require.Len(t, hers.Tickets, 1)
	require.True(t, hers.Tickets[0].Transferred)
	ann.do("POST", "/api/v1/orders/"+order.ID+"/cancel", "").problem(409, "ticket-transferred")
	ann.do("DELETE", transfer, "").want(204)
	ann.do("DELETE", "/api/v1/tickets/"+got.ID+"/transfer", "").problem(404, "ticket-unknown")
	door.do("POST", "/control/v1/shows/small/check-ins", object("token", got.Token)).want(200)
	s.allZero()
}

func TestWithoutKeysThereAreCodesAndNothingThatNeedsASignature(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	order := b.buy(s.small[0])
	b.do("GET", "/api/v1/.well-known/jwks.json", "").problem(503, "ticket-keys-missing")
	b.do("POST", "/api/v1/tickets/"+order.Tickets[0].ID+"/transfer", object("email", "a@b.org")).problem(503, "ticket-keys-missing")
	b.do("POST", "/api/v1/transfers/claim", object("token", "x")).problem(503, "ticket-keys-missing")
	require.Empty(t, decode[booking.HeldTicket](b.do("GET", "/api/v1/tickets/"+order.Tickets[0].ID, "").want(200)).Token)
	require.Contains(t, string(b.do("GET", "/api/v1/orders/"+order.ID+"/tickets", "").want(200).body), "<svg")
	door := s.door(auth.EventManager)
	door.do("POST", "/control/v1/shows/small/check-ins", object("token", "x")).problem(503, "ticket-keys-missing")
	door.do("POST", "/control/v1/shows/small/check-ins", object("code", order.Tickets[0].Code)).want(200)
}

func TestTicketVerifyWithoutANetwork(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys", "booking.json")
	var out, errOut bytes.Buffer
	for range 2 {
		require.NoError(t, keys([]string{"init", "--keys-file", file}, &out, &errOut))
	}
	require.Equal(t, "booking: key file "+file+": made\nbooking: key file "+file+": was there\n", out.String())
	own, err := auth.LoadKeys(file)
	require.NoError(t, err)
	published := filepath.Join(t.TempDir(), "jwks.json")
	require.NoError(t, os.WriteFile(published, own.PublicJWKS(), 0o600))
	token, err := own.SignEntry(auth.Entry{ID: anID, Show: "arena", Seat: "A1 · 2 · 3", Starts: time.Unix(1_900_000_000, 0)})
	require.NoError(t, err)
	verify := func(stdin string, args ...string) (string, error) {
		var out bytes.Buffer
		err := ticket(context.Background(), append([]string{"verify"}, args...), strings.NewReader(stdin), &out, &errOut)
		return out.String(), err
	}
	said, err := verify("", "--jwks", published, "--show", "arena", token)
	require.NoError(t, err)
	require.Equal(t, "issued: "+anID+"  show arena  seat A1 · 2 · 3  starts 2030-03-17T17:46:40Z\n", said)
	said, err = verify(token+"\n"+token[1:]+"\n", "--jwks", serveKeys(t, own))
	require.ErrorIs(t, err, errNotOurs)
	require.Contains(t, said, "issued:")
	require.Contains(t, said, "NOT VALID: this is no ticket of ours")
	said, err = verify("", "--jwks", published, "--show", "theatre", token)
	require.ErrorIs(t, err, errNotOurs)
	require.Contains(t, said, "another show: arena")
	_, err = verify("", "--jwks", serveKeys(t, authtest.Keys(t)), token)
	require.ErrorIs(t, err, errNotOurs)
	_, err = verify("", "--jwks", published)
	require.ErrorIs(t, err, errNotOurs, "nothing is not a ticket")
	_, err = verify("", "--jwks", filepath.Join(t.TempDir(), "none"), token)
	require.Error(t, err)
}
