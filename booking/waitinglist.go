package booking

import (
	"context"
	"time"
)

// WaitingState is where an entry of a waiting list stands.
type WaitingState string

// The states of an entry that its buyer sees.
const (
	Waiting WaitingState = "waiting"
	Offered WaitingState = "offered" // seats are held for the buyer until the offer runs out
	Taken   WaitingState = "taken"   // the offer was bought
	Lapsed  WaitingState = "lapsed"  // the offer ran out, or was let go of
)

// WaitingPlace is a buyer's place on the waiting list of a show.
type WaitingPlace struct {
	Show     string       `json:"show"`
	Count    int          `json:"count"`             // seats wanted together
	BandID   int64        `json:"band_id,omitempty"` // 0: any
	State    WaitingState `json:"state"`
	JoinedAt time.Time    `json:"joined_at"`
	Ahead    *int         `json:"ahead,omitempty"` // how many wait in front, while waiting
	Offer    *Hold        `json:"offer,omitempty"` // while offered
}

// WaitingList keeps who came too late, in order. Besides what each method names, they fail with "session-missing",
// "database-unavailable" and "seats-busy".
type WaitingList interface {
	// JoinWaitingList waits for count seats together, of a band or of any when it is 0. It fails with "show-unknown", "not-on-sale",
	// "waiting-list-closed", "band-unknown", "waiting-list-joined", "limit-reached" and "seats-available".
	JoinWaitingList(ctx context.Context, s Session, show string, count int, band int64) (WaitingPlace, error)

	// WaitingPlace returns the buyer's place. It fails with "waiting-list-unknown".
	WaitingPlace(ctx context.Context, s Session, show string) (WaitingPlace, error)

	// LeaveWaitingList leaves, and lets go of an offer; of who has left it does nothing. It fails with "waiting-list-unknown" and "hold-ordered".
	LeaveWaitingList(ctx context.Context, s Session, show string) error
}
