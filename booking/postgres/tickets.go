package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"anteroom/booking"
	"anteroom/internal/fault"
)

var (
	_ booking.Tickets = (*Store)(nil)
	_ booking.Privacy = (*Store)(nil)
)

// ticketAnswer is what the functions about tickets return.
type ticketAnswer struct {
	Outcome     string                 `json:"outcome"`
	Ticket      booking.HeldTicket     `json:"ticket"`
	Tickets     []booking.HeldTicket   `json:"tickets"`
	Transfer    booking.TicketTransfer `json:"transfer"`
	Offer       booking.TransferOffer  `json:"offer"`
	Export      json.RawMessage        `json:"export"`
	Show        string                 `json:"show"`
	State       string                 `json:"state"`
	CancelledAt string                 `json:"cancelled_at"`
	CheckedInAt string                 `json:"checked_in_at"`
	CheckedInBy string                 `json:"checked_in_by"`
}

var ticketRefusals = byType(
	booking.ErrSessionMissing, booking.ErrOrderUnknown, booking.ErrShowStarted,
	booking.ErrTicketUnknown, booking.ErrTicketElsewhere, booking.ErrTicketCheckedIn, booking.ErrTicketCancelled,
	booking.ErrTransferUnknown, booking.ErrTransferOver, booking.ErrTransfersTooMany,
	booking.ErrBuyerInUse, booking.ErrBuyerHasTickets,
)

// callTicket runs a function of the database; an outcome that is a refusal is returned as the domain's error with what belongs to it.
func (s *Store) callTicket(ctx context.Context, sql string, args ...any) (ticketAnswer, error) {
	var body []byte
	if err := s.pool.QueryRow(ctx, sql, args...).Scan(&body); err != nil {
		return ticketAnswer{}, failure(err)
	}
	var a ticketAnswer
	if err := json.Unmarshal(body, &a); err != nil {
		return ticketAnswer{}, fmt.Errorf("decode answer of the database: %w", err)
	}
	if a.Outcome == "done" {
		return a, nil
	}
	e, ok := ticketRefusals[a.Outcome]
	if !ok {
		return a, fmt.Errorf("the database answered %q", a.Outcome)
	}
	return a, withMembers(e, map[string]string{
		"show": a.Show, "state": a.State, "cancelled_at": a.CancelledAt, "checked_in_at": a.CheckedInAt, "checked_in_by": a.CheckedInBy,
	})
}

// withMembers adds the members that are not empty.
func withMembers(e *fault.Error, members map[string]string) *fault.Error {
	for name, value := range members {
		if value != "" {
			e = e.With(name, value)
		}
	}
	return e
}

// maxOwnTickets bounds the list of a buyer's tickets.
const maxOwnTickets = 500

// Tickets implements booking.Tickets.
func (s *Store) Tickets(ctx context.Context, session booking.Session) ([]booking.HeldTicket, error) {
	a, err := s.callTicket(ctx, `SELECT held_tickets($1, NULL, $2)`, []byte(session), maxOwnTickets)
	return a.Tickets, err
}

// OrderTickets implements booking.Tickets.
func (s *Store) OrderTickets(ctx context.Context, session booking.Session, order string) ([]booking.HeldTicket, error) {
	a, err := s.callTicket(ctx, `SELECT held_tickets($1, $2, $3)`, []byte(session), order, maxOwnTickets)
	return a.Tickets, err
}

// Ticket implements booking.Tickets.
func (s *Store) Ticket(ctx context.Context, session booking.Session, ticket string) (booking.HeldTicket, error) {
	a, err := s.callTicket(ctx, `
		SELECT CASE WHEN b.id IS NULL THEN outcome('session-missing')
		            WHEN seat_of_own_ticket(b.id, $2) IS NULL THEN outcome('ticket-unknown')
		            ELSE outcome('done', jsonb_build_object('ticket', ticket_document($2))) END
		  FROM buyer_of($1) b (id)`, []byte(session), ticket)
	return a.Ticket, err
}

// CheckIn implements booking.Tickets.
func (s *Store) CheckIn(ctx context.Context, show string, ticket booking.TicketRef, by string, admit bool) (booking.HeldTicket, error) {
	var id *string
	if ticket.ID != "" {
		id = &ticket.ID
	}
	a, err := s.callTicket(ctx, `SELECT check_in($1, $2, $3, $4, $5)`, show, id, ticket.Code, by, admit)
	return a.Ticket, err
}

// OfferTicket implements booking.Tickets.
func (s *Store) OfferTicket(ctx context.Context, session booking.Session, ticket, email string) (booking.TicketTransfer, error) {
	a, err := s.callTicket(ctx, `SELECT offer_ticket($1, $2, $3)`, []byte(session), ticket, email)
	return a.Transfer, err
}

// WithdrawTicket implements booking.Tickets.
func (s *Store) WithdrawTicket(ctx context.Context, session booking.Session, ticket string) error {
	_, err := s.callTicket(ctx, `SELECT withdraw_ticket($1, $2)`, []byte(session), ticket)
	return err
}

// TransferOffer implements booking.Tickets.
func (s *Store) TransferOffer(ctx context.Context, transfer string) (booking.TransferOffer, error) {
	a, err := s.callTicket(ctx, `SELECT transfer_offer($1)`, transfer)
	return a.Offer, err
}

// ClaimTicket implements booking.Tickets.
func (s *Store) ClaimTicket(ctx context.Context, session booking.Session, transfer string) (booking.HeldTicket, error) {
	a, err := s.callTicket(ctx, `SELECT claim_ticket($1, $2)`, []byte(session), transfer)
	return a.Ticket, err
}

// ExportBuyer implements booking.Privacy.
func (s *Store) ExportBuyer(ctx context.Context, session booking.Session) ([]byte, error) {
	a, err := s.callTicket(ctx, `SELECT export_buyer($1)`, []byte(session))
	return a.Export, err
}

// DeleteBuyer implements booking.Privacy.
func (s *Store) DeleteBuyer(ctx context.Context, session booking.Session, giveUpTickets bool) error {
	_, err := s.callTicket(ctx, `SELECT delete_buyer($1, $2)`, []byte(session), giveUpTickets)
	return err
}
