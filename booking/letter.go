package booking

import (
	"context"
	"time"
)

// Letter is what a mail to a buyer is made of; which parts it has depends on the kind of the message.
type Letter struct {
	To       string         `json:"to"`
	Name     string         `json:"name"` // of whom it is for; may be empty
	Order    *Order         `json:"order"`
	Offer    *TransferOffer `json:"offer"`    // of a ticket
	Transfer string         `json:"transfer"` // its id
	Seats    *SeatOffer     `json:"seats"`    // from the waiting list
}

// SeatOffer is seats that came back and are kept for someone who waited for them.
type SeatOffer struct {
	Hold     Hold      `json:"hold"`
	Title    Text      `json:"title"`
	Venue    Text      `json:"venue"`
	StartsAt time.Time `json:"starts_at"`
	TimeZone string    `json:"time_zone"`
}

// Letters tells what there is to write.
type Letters interface {
	// Letter returns what a mail about this message says, as things are now. It fails with ErrUndeliverable when there is nothing to tell or
	// nobody to tell it to any more, and with "database-unavailable".
	Letter(ctx context.Context, m OutboxMessage) (Letter, error)
}
