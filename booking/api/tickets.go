package api

import (
	"context"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

// enterTickets adds the calls of who holds tickets.
func (a *API) enterTickets(get, post, del func(path, name string, h endpoint.Handler)) {
	get("/api/v1/.well-known/jwks.json", "getTicketKeys", a.getTicketKeys)
	get("/api/v1/tickets", "listTickets", a.signedIn(a.listTickets))
	get("/api/v1/tickets/{ticket}", "getTicket", a.signedIn(a.getTicket))
	get("/api/v1/tickets/{ticket}/page", "printTicket", a.signedIn(a.printTicket))
	get("/api/v1/orders/{order}/tickets", "printTickets", a.signedIn(a.printTickets))
	post("/api/v1/tickets/{ticket}/transfer", "offerTicket", a.signedIn(a.offerTicket))
	del("/api/v1/tickets/{ticket}/transfer", "withdrawTicket", a.signedIn(a.withdrawTicket))
	post("/api/v1/transfers/look", "getTransferOffer", a.getTransferOffer)
	post("/api/v1/transfers/claim", "claimTicket", a.signedIn(a.claimTicket))
}

// getTicketKeys publishes the keys that tickets are signed with. A door fetches them ahead and verifies without a network.
func (a *API) getTicketKeys(ctx *fasthttp.RequestCtx) error {
	if a.Keys == nil {
		return booking.ErrTicketsUnsigned
	}
	ctx.Response.Header.SetContentType("application/jwk-set+json")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "public, max-age=60")
	ctx.SetBody(a.Keys.PublicJWKS())
	return nil
}

func (a *API) listTickets(ctx *fasthttp.RequestCtx, s booking.Session) error {
	limit, cancel := deadline()
	defer cancel()
	tickets, err := a.Tickets.Tickets(limit, s)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"tickets": tickets})
	return nil
}

func (a *API) getTicket(ctx *fasthttp.RequestCtx, s booking.Session) error {
	ticket, err := a.ownTicket(ctx, s)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, ticket)
	return nil
}

// ownTicket is the ticket of the path, signed while it is valid and there are keys.
func (a *API) ownTicket(ctx *fasthttp.RequestCtx, s booking.Session) (booking.HeldTicket, error) {
	id, err := ticketID(ctx)
	if err != nil {
		return booking.HeldTicket{}, err
	}
	limit, cancel := deadline()
	defer cancel()
	ticket, err := a.Tickets.Ticket(limit, s, id)
	if err != nil {
		return booking.HeldTicket{}, err
	}
	return a.signed(ticket)
}

// signed adds what the QR code holds.
func (a *API) signed(t booking.HeldTicket) (booking.HeldTicket, error) {
	if a.Keys == nil || t.State != "valid" {
		return t, nil
	}
	token, err := a.Keys.SignEntry(auth.Entry{ID: t.ID, Show: t.Show, Seat: t.Seat(), Starts: t.StartsAt})
	t.Token = token
	return t, err
}

func (a *API) offerTicket(ctx *fasthttp.RequestCtx, s booking.Session) error {
	if a.Keys == nil { // nobody could claim it
		return booking.ErrTicketsUnsigned
	}
	id, err := ticketID(ctx)
	if err != nil {
		return err
	}
	var body struct {
		Email string `json:"email"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if !booking.ValidEmail(body.Email) {
		return booking.ErrTransferInvalid.WithField("email", "must be an e-mail address of at most 254 characters")
	}
	limit, cancel := deadline()
	defer cancel()
	offer, err := a.Tickets.OfferTicket(limit, s, id, body.Email)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, offer)
	return nil
}

func (a *API) withdrawTicket(ctx *fasthttp.RequestCtx, s booking.Session) error {
	id, err := ticketID(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Tickets.WithdrawTicket(limit, s, id); err != nil {
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

// getTransferOffer is a POST because the token is a secret: it does not belong into a path, which logs keep.
func (a *API) getTransferOffer(ctx *fasthttp.RequestCtx) error {
	id, err := a.transferID(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	offer, err := a.Tickets.TransferOffer(limit, id)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, offer)
	return nil
}

func (a *API) claimTicket(ctx *fasthttp.RequestCtx, s booking.Session) error {
	id, err := a.transferID(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	ticket, err := a.Tickets.ClaimTicket(limit, s, id)
	if err != nil {
		return err
	}
	if ticket, err = a.signed(ticket); err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, ticket)
	return nil
}

// transferID reads the secret of a claim link from the body.
func (a *API) transferID(ctx *fasthttp.RequestCtx) (string, error) {
	if a.Keys == nil {
		return "", booking.ErrTicketsUnsigned
	}
	var body struct {
		Token string `json:"token"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return "", err
	}
	return auth.VerifyTransfer(context.Background(), a.Keys, []byte(body.Token)) // our own keys: nothing is asked of anyone
}

// ticketID is the ticket of the path. What has not the form of an id is no ticket of anyone's.
func ticketID(ctx *fasthttp.RequestCtx) (string, error) {
	id := param(ctx, "ticket")
	if !booking.ValidID(id) {
		return "", booking.ErrTicketUnknown
	}
	return id, nil
}
