package waitroom

import (
	"context"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// StaleAfter is how old a view may be while the line still counts as up; views are renewed ten times a second.
const StaleAfter = 1500 * time.Millisecond

// FailoverGap is by how much the numbers jump when another primary takes the line over. It must be more than a failover can lose: 100
// seconds of a million joins each.
const FailoverGap = 100_000_000

// ErrRoomLost is the answer for a room that was there and is not any more, or has gone back in time: the line's
// data have been lost, and nobody is let in on a guess.
var ErrRoomLost = fault.New(fault.Unavailable, "room-lost", "The waiting room has lost its line; nobody is let in until an operator has restored it.").After(10 * time.Second)

// View is what a gateway knows of a room without asking the line. It is never changed after it was made.
type View struct {
	Snapshot
	Crowd     *Crowd    // who was present when they were read last, about once a second; of the snapshot's turn
	CrowdAsOf time.Time // by the clock of the line, not later than the reading
	Pace      Pace      // how the line has moved lately
	Schedule  Schedule  // the policy's, resolved
	Brand     string    // Version of the policy's
	Received  time.Time // by this machine's monotonic clock
}

// Age is how long ago the view was received.
func (v *View) Age(now time.Time) time.Duration { return now.Sub(v.Received) }

// Stale reports whether the line must be taken for unreachable.
func (v *View) Stale(now time.Time) bool { return v.Age(now) > StaleAfter }

// LineTime is the time by the clock of the line. While the line is down it goes on with this machine's.
func (v *View) LineTime(now time.Time) time.Time { return v.AsOf.Add(v.Age(now)) }

// Waiting is how many people are present and not admitted.
func (v *View) Waiting() int64 { return v.Ahead(max(v.Issued, v.Crowd.Upto) + 1) }

// Ahead counts the people in front of a rank. Who joined after the crowd was read is taken for present; no one was for the numbers that a
// failover has left out, which may have happened since.
func (v *View) Ahead(rank int64) int64 {
	if rank <= v.Crowd.Upto {
		return v.Crowd.Ahead(rank)
	}
	newer := max(rank-1-max(v.Crowd.Upto, v.Serving), 0)
	return v.Crowd.Count() + newer%FailoverGap
}

// Locate tells the rank of a number of the room's epoch, and how many people are ahead. It reports false when only the line can tell:
// the number has had its turn, was passed over, or was not heard of for long. Nothing is allocated and nobody is asked.
func (v *View) Locate(number int64) (rank, ahead int64, waiting bool) {
	if number < 1 || v.Crowd == nil {
		return 0, 0, false
	}
	rank = v.Rank(number)
	if rank <= v.Serving || !v.Crowd.Present(rank) {
		return rank, 0, false
	}
	if v.Phase == PhasePrequeue {
		return rank, 0, true
	}
	return rank, v.Ahead(rank), true
}

// TakesIn reports whether the room, as it was when the view was received, would still let new visitors in at this time.
func (v *View) TakesIn(now time.Time) bool {
	closes := v.Schedule.CloseAt
	return (v.Phase == PhaseOpen || v.Phase == PhaseQueue) && (closes.IsZero() || v.LineTime(now).Before(closes))
}

// Standing is the state of whoever Locate finds waiting.
func (v *View) Standing() State {
	switch v.Phase {
	case PhasePrequeue:
		return Prequeue
	case PhaseClosed:
		return Closed
	default:
		return Waiting
	}
}

// Room is the live view of one room. Its methods are safe for concurrent use and never wait for the line.
type Room interface {
	// View is the newest view; never nil.
	View() *View
	// Revoked reports whether the pass of this number has been ended before its time.
	Revoked(epoch, number int64) bool
	// Revoke ends the pass of this number on this gateway at once; the others learn of it from the line.
	Revoke(epoch, number int64)
	// Moved is how often this number has been moved to another device, as far as this gateway has learnt, which takes about a second.
	Moved(epoch, number int64) int64
	// Touch notes that an admitted session was active; the line is told within about a second.
	Touch(epoch, number int64, admittedAt time.Time)
	// Hear notes that someone who waits was heard; the line is told within about a second.
	Hear(turn Turn, rank int64)
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
	Join(ctx context.Context, room string, tickets [][]byte, who Applicant) (Visit, error)
	// Renew gives the holder of a good pass what should be held instead.
	Renew(v *View, p auth.Pass, now time.Time) (Visit, error)
	// Release gives the slot of a pass back.
	Release(ctx context.Context, room string, passes [][]byte) error
	// Detour lets someone in by no place at all, for a room that stays open while its line is down.
	Detour(room Room) (Visit, error)
}
