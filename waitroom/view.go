package waitroom

import (
	"context"
	"time"

	"anteroom/internal/fault"
)

// StaleAfter is how old a view may be while the line still counts as up; views are renewed ten times a second.
const StaleAfter = 1500 * time.Millisecond

// ErrRoomLost is the answer for a room that was there and is not any more, or has gone back in time: the line's
// data have been lost, and nobody is let in on a guess.
var ErrRoomLost = fault.New(fault.Unavailable, "room-lost", "The waiting room has lost its line; nobody is let in until an operator has restored it.").After(10 * time.Second)

// View is what a gateway knows of a room without asking the line. It is never changed after it was made.
type View struct {
	Snapshot
	Received time.Time // by this machine's monotonic clock
}

// Age is how long ago the view was received.
func (v *View) Age(now time.Time) time.Duration { return now.Sub(v.Received) }

// Stale reports whether the line must be taken for unreachable.
func (v *View) Stale(now time.Time) bool { return v.Age(now) > StaleAfter }

// LineTime is the time by the clock of the line. While the line is down it goes on with this machine's.
func (v *View) LineTime(now time.Time) time.Time { return v.AsOf.Add(v.Age(now)) }

// Room is the live view of one room. Its methods are safe for concurrent use and never wait for the line.
type Room interface {
	// View is the newest view; never nil.
	View() *View
	// Revoked reports whether the pass of this number has been ended before its time.
	Revoked(epoch, number int64) bool
	// Revoke ends the pass of this number on this gateway at once; the others learn of it from the line.
	Revoke(epoch, number int64)
	// Touch notes that an admitted session was active; the line is told within about a second.
	Touch(epoch, number int64)
}

// Rooms finds live rooms. Safe for concurrent use; it never waits for the line.
type Rooms interface {
	// Find fails with "room-unknown" for a room that does not exist, with "line-unavailable" before the rooms have
	// been read for the first time, and with "room-lost". The name may be changed after the call.
	Find(name []byte) (Room, error)
}

// Gatekeeper is what the gate needs of the line for those who have no pass: see Desk, the one there is. Of the tokens that a
// visitor sent, the first good one counts.
type Gatekeeper interface {
	// Join returns the place that a ticket holds, or takes a new one.
	Join(ctx context.Context, room string, tickets [][]byte) (Visit, error)
	// Release gives the slot of a pass back.
	Release(ctx context.Context, room string, passes [][]byte) error
}
