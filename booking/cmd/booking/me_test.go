package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/auth"
)

func TestABuyerTakesAlongAllThatIsKept(t *testing.T) {
	t.Parallel()
	s, keys := withTicketKeys(t)
	ann, ben := s.guest(), s.guest()
	ann.do("POST", "/api/v1/accounts", `{"email":"ann@example.org","password":"correct horse","name":"Ann"}`).want(201)
	order := ann.buy(s.small[0], s.small[1])
	offer := decode[booking.TicketTransfer](ann.do("POST", "/api/v1/tickets/"+order.Tickets[0].ID+"/transfer", object("email", "ben@example.org")).want(200))
	link, err := keys.SignTransfer(offer.ID)
	require.NoError(t, err)
	ben.do("POST", "/api/v1/transfers/claim", object("token", link)).want(200)

	type export struct {
		Buyer     booking.Buyer
		Sessions  []map[string]any
		Holds     []map[string]any
		Orders    []booking.Order
		Payments  []map[string]any
		Tickets   []booking.HeldTicket
		Transfers []map[string]any
		Mails     []map[string]any
	}
	file := ann.do("GET", "/api/v1/me/export", "").want(200)
	require.Contains(t, file.header.Get("Content-Disposition"), "attachment")
	hers := decode[export](file)
	require.Equal(t, booking.Buyer{Kind: "account", Email: "ann@example.org", Name: "Ann"}, hers.Buyer)
	require.Len(t, hers.Orders, 1)
	require.Equal(t, order.ID, hers.Orders[0].ID)
	require.Len(t, hers.Payments, 1)
	require.Len(t, hers.Tickets, 2)
	require.Len(t, hers.Holds, 1)
	require.Equal(t, "given", hers.Transfers[0]["direction"])
	require.Equal(t, "order-paid", hers.Mails[0]["kind"])
	require.NotEmpty(t, hers.Sessions)
	his := decode[export](ben.do("GET", "/api/v1/me/export", "").want(200))
	require.Empty(t, his.Orders, "nothing of anybody else")
	require.Len(t, his.Tickets, 1)
	require.Equal(t, "received", his.Transfers[0]["direction"])
	s.browser().do("GET", "/api/v1/me/export", "").problem(401, "session-missing")
}

func TestADeletedBuyerLeavesTheBooksInOrderAndNoTrace(t *testing.T) {
	t.Parallel()
	s, _ := withTicketKeys(t)
	ann := s.guest()
	ann.do("POST", "/api/v1/accounts", `{"email":"ann@example.org","password":"correct horse","name":"Ann Example"}`).want(201)
	order := ann.buy(s.small[0])
	ann.do("POST", "/api/v1/tickets/"+order.Tickets[0].ID+"/transfer", object("email", "friend@example.org")).want(200)
	phone := s.browser()
	phone.do("POST", "/api/v1/session", `{"email":"ann@example.org","password":"correct horse"}`).want(200)

	ann.do("DELETE", "/api/v1/me", "").problem(409, "buyer-has-tickets")
	require.NotEqual(t, 204, ann.do("DELETE", "/api/v1/me?give_up_tickets=perhaps", "").status)
	ann.do("GET", "/api/v1/session", "").want(200)
	gone := ann.do("DELETE", "/api/v1/me?give_up_tickets=true", "").want(204)
	require.Contains(t, gone.header.Get("Set-Cookie"), "an_buyer=")
	for _, b := range []*browser{ann, phone} {
		b.do("GET", "/api/v1/orders", "").problem(401, "session-missing")
	}
	phone.do("POST", "/api/v1/session", `{"email":"ann@example.org","password":"correct horse"}`).problem(401, "credentials-wrong")
	for table, columns := range map[string]string{
		"buyers": "email || name || coalesce(password_hash, '')", "ticket_transfers": "email", "orders": "idempotency_key", "idempotency_records": "coalesce(response::text, '')",
		"outbox": "payload::text || key",
	} {
		require.Zero(t, query[int](s, `SELECT count(*) FROM `+table+` WHERE `+columns+` ~* 'ann@|ann example|friend@|argon2'`), table)
	}
	require.Equal(t, "paid", query[string](s, `SELECT state FROM orders`))
	require.EqualValues(t, order.Total.Amount, query[int64](s, `SELECT amount FROM payments WHERE state = 'captured'`))
	s.allZero()

	// The address is free again, and the ticket still opens the door for whoever has it.
	s.browser().do("POST", "/api/v1/accounts", `{"email":"ann@example.org","password":"another horse","name":"Ann"}`).want(201)
	s.door(auth.BoxOffice).do("POST", "/control/v1/shows/small/check-ins", object("code", order.Tickets[0].Code)).want(200)
}

func TestNobodyIsDeletedWhileMoneyIsUnderWay(t *testing.T) {
	t.Parallel()
	// A provider without the simulator's webhooks, one of which could settle the payment before it is looked for.
	s := newSystem(t, change{provider: func(p booking.Provider) booking.Provider { return struct{ booking.Provider }{p} }})
	b := s.guest()
	order := b.place(b.hold(s.small[0]))
	b.pay(order, payment.CardAnswerLost, "k").want(202)
	b.do("DELETE", "/api/v1/me?give_up_tickets=true", "").problem(409, "buyer-in-use")
	b.do("GET", "/api/v1/session", "").want(200)
}
