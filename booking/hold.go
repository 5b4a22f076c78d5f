package booking

import (
	"context"
	"time"
)

// Hold is seats kept for one buyer until it runs out.
type Hold struct {
	ID           string    `json:"id"`
	Show         string    `json:"show"`
	Seats        []Line    `json:"seats"`
	Total        Money     `json:"total"`
	ExpiresAt    time.Time `json:"expires_at"`
	Exclusive    bool      `json:"exclusive"`     // false: others may select the seats as well, and who pays first has them
	Others       int       `json:"others"`        // other buyers who have selected one of the seats; 0 when exclusive
	RenewalsLeft int       `json:"renewals_left"` // how often its time can still begin anew
}

// MaxSeatsPerHold bounds how many seats one hold takes.
const MaxSeatsPerHold = 10

// BestAsk asks for the best seats that can be had, side by side and in a row. They leave no single seat behind where
// that can be avoided, and are near the middle of the stage.
type BestAsk struct {
	Count      int    // 1 to MaxSeatsPerHold
	Band       int64  // 0: any
	Section    string // name; empty: any
	Accessible bool   // at least one is a place for a wheelchair; without it none is, nor one for a companion
	AllowSplit bool   // when so many are not side by side, take them in as large pieces as there are
}

// Holds keeps seats for buyers. Besides what each method names, they fail with "session-missing",
// "database-unavailable", and "seats-busy" when a lock could not be had in time. Each is one round trip.
type Holds interface {
	// HoldSeats takes all the seats or none. The seats must be distinct and 1 to MaxSeatsPerHold. It fails with "show-unknown", "not-on-sale", "seat-unknown",
	// "seat-of-another-show", "seat-taken" (each with seat_ids) and "limit-reached".
	HoldSeats(ctx context.Context, s Session, show string, seats []int64) (Hold, error)

	// HoldBest takes the best seats. It fails with "show-unknown", "not-on-sale", "band-unknown", "section-unknown", "limit-reached",
	// "seats-not-together" (with how many are) and "seats-insufficient".
	HoldBest(ctx context.Context, s Session, show string, ask BestAsk) (Hold, error)

	// HoldGeneral takes any places of a general or standing section, 1 to MaxSeatsPerHold. It fails with "show-unknown", "not-on-sale",
	// "section-unknown", "limit-reached" and "seats-insufficient" (with how many are available).
	HoldGeneral(ctx context.Context, s Session, show, section string, count int) (Hold, error)

	// RenewHold begins the time of a hold anew. It fails with "hold-unknown", "hold-expired", "hold-ordered" and "hold-not-renewable".
	RenewHold(ctx context.Context, s Session, show, hold string) (Hold, error)

	// ChangeHold puts a hold of other seats in the place of one, with the same deadline: all of them or nothing changes. The
	// hold it returns has an id of its own. It fails with "hold-unknown", "hold-expired", "hold-ordered", and as HoldSeats does.
	ChangeHold(ctx context.Context, s Session, show, hold string, seats []int64) (Hold, error)

	// OwnHolds lists the buyer's holds that are neither over nor ordered, oldest first. It fails with "show-unknown".
	OwnHolds(ctx context.Context, s Session, show string) ([]Hold, error)

	// OwnHold returns one of those. It fails with "show-unknown" and "hold-unknown".
	OwnHold(ctx context.Context, s Session, show, hold string) (Hold, error)

	// ReleaseHold gives seats back; of a hold that is over it does nothing. It fails with "hold-unknown" and "hold-ordered".
	ReleaseHold(ctx context.Context, s Session, show, hold string) error
}
