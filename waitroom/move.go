package waitroom

import (
	"context"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// The bounds of moving places to other devices.
const (
	MoveLife  = 5 * time.Minute // how long a link can be used
	MaxMoves  = 3               // of one place
	MaxOffers = 10_000          // links that are open at once in one room
)

// Errors of moving a place.
var (
	ErrTicketMoved = fault.New(fault.Gone, "ticket-moved", "The place is on another device now.")
	ErrPlaceServed = fault.New(fault.Conflict, "place-served", "The place has had its turn, or was given up; only a place that waits can be moved.")
	ErrMoveLimit   = fault.New(fault.Conflict, "move-limit", "A place is moved %d times at most.", MaxMoves)
	ErrMoveSpent   = fault.New(fault.Gone, "move-spent", "The link was used, has run out, or another one was made since; make a new one on the device that has the place.")
	ErrMovesBusy   = fault.New(fault.Unavailable, "moves-busy", "Too many places are being moved just now; try again.").After(10 * time.Second)
)

// Mover moves places from one device to another. A place has one ticket in force, the one that says the most moves: each move makes a
// new one, and those before are worthless. Only a place that waits is moved, and moving and admitting are steps of one line; so once a
// place is admitted its moves are final, and no two tickets ever lead to a pass. Errors are as for Queue.
type Mover interface {
	// Offer opens the move of a place for MoveLife, by the line's clock, and voids the one that was open before. It fails with
	// "ticket-superseded", "ticket-moved" when the ticket is not the one in force, "place-served", "move-limit" and "moves-busy".
	Offer(ctx context.Context, room string, offer Offer) (expires time.Time, err error)

	// Claim takes the move up, once, and returns the offer with the ticket that is in force from now on. Whoever repeats the claim with
	// the same key, because the answer was lost, gets the same; the key is a digest, empty for none. It fails
	// with "ticket-superseded", "move-spent" and "place-served".
	Claim(ctx context.Context, room string, code MoveCode, key string) (Offer, error)

	// Moved returns how often a place has been moved. A caller who knows of more, by a ticket of ours, is believed: a failover has lost
	// the rest. It fails with "ticket-superseded".
	Moved(ctx context.Context, room string, epoch, number, known int64) (moves int64, err error)
}

// Offer is a place on its way to another device.
type Offer struct {
	Ticket   auth.Ticket // in force when the offer was made; when it was claimed, from then on
	Digest   string      // of the code, see MoveCode
	ReturnTo string      // the path where the other device goes on; empty for none
}

// Moved is how often a number has been moved.
type Moved struct{ Number, Moves int64 }

// MoveLink is what a visitor is told of an offer. The JSON names are those of the contract.
type MoveLink struct {
	URL       string    `json:"url"` // a path on this host
	Number    int64     `json:"number"`
	ExpiresAt time.Time `json:"expires_at"`
}

// MoveView is what people see of a move: the link to open on the other device, the question there, or why it does not work.
type MoveView struct {
	Room     string
	Brand    Brand        // the host's
	Number   int64        // 0 when it is not known
	Link     string       // with host, to be opened on the other device; empty at the question
	ReturnTo string       // where this device goes on
	Key      string       // at the question: what repeats the claim when its answer is lost
	Fault    *fault.Error // why it does not work; nil when it does
}
