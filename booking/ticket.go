package booking

import (
	"context"
	"regexp"
	"strings"
	"time"
)

// HeldTicket is a ticket as its holder sees it, who need not be the buyer of the order.
type HeldTicket struct {
	ID          string          `json:"id"`
	Code        string          `json:"code"`
	Token       string          `json:"token,omitempty"` // what the QR code holds: signed, so that a door without a network can verify it
	State       string          `json:"state"`           // valid or cancelled
	Order       string          `json:"order"`           // reference
	Show        string          `json:"show"`
	Title       Text            `json:"title"`
	Venue       Text            `json:"venue"`
	StartsAt    time.Time       `json:"starts_at"`
	TimeZone    string          `json:"time_zone"`
	SeatID      int64           `json:"seat_id"`
	Section     string          `json:"section"`
	Row         string          `json:"row"`
	Number      string          `json:"number"`
	CheckedInAt *time.Time      `json:"checked_in_at,omitempty"`
	Transfer    *TicketTransfer `json:"transfer,omitempty"` // the offer that is open
}

// Seat is section, row and number as people say them.
func (t HeldTicket) Seat() string { return t.Section + " · " + t.Row + " · " + t.Number }

// TicketTransfer is an offer of a ticket to whoever reads the mails of an address.
type TicketTransfer struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	ExpiresAt time.Time `json:"expires_at"`
}

// TransferOffer is an offer as the one sees it who was sent the link.
type TransferOffer struct {
	State     string       `json:"state"` // offered, claimed, withdrawn or over
	Email     string       `json:"email"`
	From      string       `json:"from"`
	ExpiresAt time.Time    `json:"expires_at"`
	Ticket    OfferedPlace `json:"ticket"`
}

// OfferedPlace is what a ticket is for, without what opens the door.
type OfferedPlace struct {
	Show     string    `json:"show"`
	Title    Text      `json:"title"`
	Venue    Text      `json:"venue"`
	StartsAt time.Time `json:"starts_at"`
	TimeZone string    `json:"time_zone"`
	Section  string    `json:"section"`
	Row      string    `json:"row"`
	Number   string    `json:"number"`
}

// TicketRef names a ticket at the door: by the id that a signed QR code states, or by the printed code. One of them is empty.
type TicketRef struct {
	ID   string
	Code string
}

// ticketCode is the form of a printed code: see ticket_code in the database. The look-alikes 0, 1, I and O are not in its alphabet.
var ticketCode = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$`)

// ParseTicketCode reads a code as somebody types it: small letters, blanks, and hyphens forgotten. It fails with "ticket-invalid".
func ParseTicketCode(typed string) (string, error) {
	if len(typed) > 64 {
		return "", ErrTicketInvalid.WithField("code", "must be twelve letters and digits")
	}
	code := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(code) == 12 {
		code = code[:4] + "-" + code[4:8] + "-" + code[8:]
	}
	if !ticketCode.MatchString(code) {
		return "", ErrTicketInvalid.WithField("code", "must be twelve letters and digits")
	}
	return code, nil
}

// Tickets is what becomes of tickets after the sale. Besides what each method names, they fail with "database-unavailable" and "seats-busy"; those with a
// Session also with "session-missing".
type Tickets interface {
	// Tickets lists what the buyer holds, of own orders or handed on to them, those of the newest order first.
	Tickets(ctx context.Context, s Session) ([]HeldTicket, error)

	// Ticket returns one ticket that the buyer holds. It fails with "ticket-unknown".
	Ticket(ctx context.Context, s Session, ticket string) (HeldTicket, error)

	// OrderTickets lists the tickets of one of the buyer's own orders that the buyer still holds. It fails with "order-unknown".
	OrderTickets(ctx context.Context, s Session, order string) ([]HeldTicket, error)

	// CheckIn lets the bearer of a ticket in, once; or only looks at it, when admit is false. It fails with "ticket-unknown",
	// "ticket-of-another-show" (with show), "ticket-cancelled" (with cancelled_at), "ticket-checked-in" (with checked_in_at and checked_in_by).
	CheckIn(ctx context.Context, show string, ticket TicketRef, by string, admit bool) (HeldTicket, error)

	// OfferTicket offers a ticket to an address, which is sent a link. Doing it again with the same address answers the same. It fails with "ticket-unknown",
	// "ticket-cancelled", "ticket-checked-in", "show-started", "transfers-exhausted".
	OfferTicket(ctx context.Context, s Session, ticket, email string) (TicketTransfer, error)

	// WithdrawTicket takes the offer back, if there is one. It fails with "ticket-unknown".
	WithdrawTicket(ctx context.Context, s Session, ticket string) error

	// TransferOffer tells what a link is about. It fails with "transfer-unknown".
	TransferOffer(ctx context.Context, transfer string) (TransferOffer, error)

	// ClaimTicket makes the offered ticket the buyer's, with a new code; the old one is void. It fails with "transfer-unknown",
	// "transfer-over" (with state), "ticket-cancelled", "ticket-checked-in".
	ClaimTicket(ctx context.Context, s Session, transfer string) (HeldTicket, error)
}

// Privacy is what a buyer may do with the data about them. The methods fail with "session-missing" and "database-unavailable".
type Privacy interface {
	// ExportBuyer returns everything that is kept about the buyer, as one JSON document.
	ExportBuyer(ctx context.Context, s Session) ([]byte, error)

	// DeleteBuyer takes name, addresses and password of the buyer away and ends all sessions; what has to be kept of orders and payments
	// stays, without a person. It fails with "buyer-in-use", and with "buyer-has-tickets" unless these are given up.
	DeleteBuyer(ctx context.Context, s Session, giveUpTickets bool) error
}
