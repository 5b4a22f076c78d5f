package api

import (
	"context"
	"strings"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

// enterDoor adds the calls of who stands at the door. They are not in the chained record of what staff do, whose writers go one by one: who let whom
// in stands with the check-in itself.
func (a *API) enterDoor(r *router.Router) {
	door := func(path, name string, admit bool) {
		r.POST(path, a.measured(name, auth.RequireStaff(a.Staff, auth.TicketCheck, func(ctx *fasthttp.RequestCtx, s auth.Staff) error {
			return a.atTheDoor(ctx, s, admit)
		})))
	}
	door("/control/v1/shows/{show}/check-ins", "staffCheckIn", true)
	door("/control/v1/shows/{show}/tickets/verify", "staffVerifyTicket", false)
}

func (a *API) atTheDoor(ctx *fasthttp.RequestCtx, s auth.Staff, admit bool) error {
	show := param(ctx, "show")
	if !booking.ValidSlug(show) {
		return booking.ErrShowUnknown
	}
	var body struct {
		Code  string `json:"code"`
		Token string `json:"token"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	ref, err := a.ticketRef(body.Code, body.Token)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	ticket, err := a.Tickets.CheckIn(limit, show, ref, s.Email, admit)
	if err != nil {
		return err
	}
	ticket.Transfer = nil // whom it is offered to is not the door's business
	endpoint.JSON(ctx, fasthttp.StatusOK, ticket)
	return nil
}

// ticketRef reads what was scanned or typed: one of the two.
func (a *API) ticketRef(code, token string) (booking.TicketRef, error) {
	switch {
	case (code == "") == (token == ""):
		return booking.TicketRef{}, booking.ErrTicketInvalid.WithField("code", "either code or token must be given")
	case token == "":
		parsed, err := booking.ParseTicketCode(code)
		return booking.TicketRef{Code: parsed}, err
	case a.Keys == nil:
		return booking.TicketRef{}, booking.ErrTicketsUnsigned
	}
	entry, err := auth.VerifyEntry(context.Background(), a.Keys, []byte(strings.TrimSpace(token))) // our own keys: nothing is asked of anyone
	if err != nil {
		return booking.TicketRef{}, err
	}
	return booking.TicketRef{ID: entry.ID}, nil
}
