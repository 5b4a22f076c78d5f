package api

import (
	"context"
	"regexp"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

var (
	methodForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
	// A path of this site: what begins with two slashes, or a slash and a backslash, is another site to a browser.
	returnForm = regexp.MustCompile(`^/([A-Za-z0-9._~-][A-Za-z0-9/._~?&=%-]{0,199})?$`)
)

// maxTicketsRefunded bounds how many tickets one call gives back.
const maxTicketsRefunded = 100

func (a *API) quoteHold(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	hold := param(ctx, "hold")
	if !booking.ValidID(hold) {
		return booking.ErrHoldUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	quote, err := a.Quotes.Quote(limit, s, show.Slug, hold)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, quote)
	return nil
}

// means reads what an order is paid with, and the parts of it that may be kept for the fingerprint of the request.
func means(ctx *fasthttp.RequestCtx, order string) (booking.Means, []string, error) {
	var body struct {
		CardNumber    string `json:"card_number"`
		PaymentMethod string `json:"payment_method"`
		ReturnTo      string `json:"return_to"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return booking.Means{}, nil, err
	}
	m := booking.Means{Card: body.CardNumber, Method: body.PaymentMethod, ReturnTo: body.ReturnTo}
	switch {
	case m.Method != "" && m.Card != "":
		return m, nil, booking.ErrCardInvalid.WithField("payment_method", "goes without card_number")
	case m.Method != "" && !methodForm.MatchString(m.Method):
		return m, nil, booking.ErrCardInvalid.WithField("payment_method", "must be 1 to 255 letters, digits, _ or -")
	case m.Method == "" && !cardForm.MatchString(m.Card):
		return m, nil, booking.ErrCardInvalid.WithField("card_number", "must be 12 to 19 digits")
	case m.ReturnTo != "" && !returnForm.MatchString(m.ReturnTo):
		return m, nil, booking.ErrCardInvalid.WithField("return_to", "must be a path of this site, at most 200 characters")
	}
	if m.ReturnTo == "" {
		m.ReturnTo = "/bookings/" + order
	}
	if m.Method != "" {
		return m, []string{"method", m.Method}, nil
	}
	// A digest of a whole card number can be guessed back, so only what may be kept of one goes into it.
	return m, []string{m.Card[:6], m.Card[len(m.Card)-4:]}, nil
}

// receiveWebhook has no session: the signature says who sends it.
func (a *API) receiveWebhook(ctx *fasthttp.RequestCtx) error {
	if param(ctx, "provider") != a.Checkout.Provider() {
		return booking.ErrProviderUnknown
	}
	body := append([]byte(nil), ctx.PostBody()...)
	if len(body) == 0 || len(body) > endpoint.MaxBody {
		return booking.ErrWebhookInvalid
	}
	header := func(name string) string { return string(ctx.Request.Header.Peek(name)) }
	if err := a.Checkout.Receive(context.Background(), header, body); err != nil { // bounds its own steps
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

func (a *API) staffRefund(ctx *fasthttp.RequestCtx, staff auth.Staff) error {
	order, err := orderID(ctx)
	if err != nil {
		return err
	}
	var body struct {
		TicketIDs []string `json:"ticket_ids"`
		Reason    string   `json:"reason"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if n := len(body.TicketIDs); n < 1 || n > maxTicketsRefunded {
		return booking.ErrTicketsInvalid.WithField("ticket_ids", "must name 1 to %d tickets", maxTicketsRefunded)
	}
	for _, id := range body.TicketIDs {
		if !booking.ValidID(id) {
			return booking.ErrTicketsInvalid.WithField("ticket_ids", "must be UUIDs")
		}
	}
	if len(body.Reason) > 500 {
		return booking.ErrTicketsInvalid.WithField("reason", "must be at most 500 bytes")
	}
	after, err := a.Checkout.RefundTickets(context.Background(), order, body.TicketIDs) // bounds its own steps
	if err != nil {
		return err
	}
	endpoint.Logger(ctx, a.Log).Info("tickets refunded", "order", order, "tickets", len(body.TicketIDs), "by", staff.Email, "reason", body.Reason)
	endpoint.JSON(ctx, fasthttp.StatusOK, after)
	return nil
}
