package waitroom

import (
	"context"
	"time"
)

// Queue is what visitors do to the line. Its methods are safe for concurrent use, by any number of gateways at once; each
// is one atomic step. Every method fails with "room-unknown" for a room that does not exist and with "line-unavailable" while
// the line cannot be reached; then nothing is known to have happened, and it may be repeated.
type Queue interface {
	// Join gives the next number of the room, or the place that the entrant has already. In phase open it admits in the same step
	// when rate and cap allow it and nobody is ahead. It fails with "room-closed" in the phases draining and closed, with
	// "room-sold-out" after such an end, and with "room-full" when the method is reject and there is no way in at once.
	// Joins that arrive while another call is under way go together, in the order of their arrival.
	Join(ctx context.Context, room string, who Entrant) (Place, error)

	// JoinMany gives count numbers at once, 1 to MaxBlock, to people who are all here and have no pass yet. It fails as Join does, and
	// never admits by itself.
	JoinMany(ctx context.Context, room string, count int64) (Block, error)

	// Look tells where a number stands and is its heartbeat: a silent one who comes back within the return grace takes
	// the place up again. It fails with "ticket-superseded" when the epoch is not the room's, and with "ticket-invalid" when
	// the number was never given.
	Look(ctx context.Context, room string, epoch, number int64) (Place, error)

	// Leave gives a waiting place up. Leaving twice, or after admission, changes nothing; nor does, here, in Release and in Evict,
	// a number or an epoch that the room does not have.
	Leave(ctx context.Context, room string, epoch, number int64) error

	// Release frees the slot of an admitted session and revokes its pass. Releasing twice changes nothing.
	Release(ctx context.Context, room string, epoch, number int64) error

	// Evict ends whatever the number has: its session, with the pass revoked, or its place.
	Evict(ctx context.Context, room string, epoch, number int64) error

	Mover
}

// MaxBlock is the most numbers that one call of JoinMany gives.
const MaxBlock = 100_000

// Pulse is what a gateway does to the line by itself, over and over. Errors are as for Queue.
type Pulse interface {
	// Rooms lists the names of all rooms, sorted.
	Rooms(ctx context.Context) ([]string, error)

	// Tick does what is due: ends silent and overlong sessions, admits as many as phase, rate and cap allow. Its work is bounded. It
	// returns the room afterwards, and the revocations since the time given, which may repeat some that were returned before;
	// zero gives all that still matter. Revocations come in order of time and are bounded; then the snapshot is Behind.
	Tick(ctx context.Context, room string, since time.Time) (Snapshot, []Revocation, error)

	// Hear tells who was heard since the last call. Who has been admitted or has left is left out. It fails with "ticket-superseded" when the
	// turn is not the room's: those heartbeats are of no use any more.
	Hear(ctx context.Context, room string, turn Turn, heard []Chunk) error

	// Touch tells that these admitted sessions were active just now. Sessions that have ended are left ended; one that the
	// line has forgotten in a failover is taken up again.
	Touch(ctx context.Context, room string, epoch int64, sessions []Session) error

	// Crowd reads who is present. It fails with "ticket-superseded" when the turn is not the room's.
	Crowd(ctx context.Context, room string, turn Turn) (*Crowd, error)

	// Moves lists the moves of places in the order in which they came about, some at a time, from an index on, which begins at 0; next is the index
	// to go on from, the same again when there are no more for now, and less than from when the list was begun anew. A number may be listed again, with
	// more moves. A reset and a failover begin the list anew.
	Moves(ctx context.Context, room string, from int64) (moved []Moved, next int64, err error)
}

// Office is what operators do to rooms. Errors are as for Queue; each method returns the room as it now stands.
type Office interface {
	// Rooms lists the names of all rooms, sorted.
	Rooms(ctx context.Context) ([]string, error)

	// Change applies the change to the room's policy. It fails with "room-changed" when the change names another version than
	// the room's, and with "policy-invalid", naming the fields, when the outcome contradicts itself or the room as it is.
	Change(ctx context.Context, room string, change PolicyChange) (Snapshot, error)

	// Create makes the room, or replaces the policy of the one there is; its line is untouched. It fails with "room-name-invalid"
	// and "policy-invalid".
	Create(ctx context.Context, room string, policy Policy) (Snapshot, error)

	// Reset starts the line anew under a later epoch: every ticket and pass from before is worthless.
	Reset(ctx context.Context, room string) (Snapshot, error)

	// End ends the line for a reason that everybody is told, or goes on with it when the reason is empty. Places are kept.
	End(ctx context.Context, room string, reason string) (Snapshot, error)
}

// Reasons to end a line.
const (
	SoldOut = "sold_out"
	Over    = "over"
)

// Notary keeps the ledger of a room: signed lines, each of which names the one before.
type Notary interface {
	// Append adds the line as number seq, counted from 1. It fails with "ledger-moved" when that is not the next one: another
	// gateway was faster.
	Append(ctx context.Context, room string, seq int64, line string) error

	// Ledger returns at most limit lines from number seq on. Lines are never changed.
	Ledger(ctx context.Context, room string, from, limit int64) ([]string, error)

	// LastLine returns the last line and its number, 0 and "" when there is none.
	LastLine(ctx context.Context, room string) (seq int64, line string, err error)
}

// DrawState is how far the draw of a room is.
type DrawState string

// The states of a draw.
const (
	DrawCommitted DrawState = "committed" // the seed is fixed, its digest public
	DrawSealed    DrawState = "sealed"    // the entrants are fixed; the beacon is awaited
	DrawDone      DrawState = "drawn"     // the ranks are fixed and the seed is public
)

// Draw is all that is known of a room's draw. The seed is secret until it is done.
type Draw struct {
	Epoch       int64
	State       DrawState // empty: the room has no draw
	Seed        [32]byte
	BeaconName  string
	BeaconValue string // empty until given
	SealedAt    time.Time
	Entrants    int64 // numbers up to this one are drawn; 0 until sealed
	Root        [32]byte
}

// Drawer keeps a room's draw. Errors are as for Queue; "draw-state" when the draw is not as far as the call needs, or further.
type Drawer interface {
	// Drawing tells how far the draw is.
	Drawing(ctx context.Context, room string) (Draw, error)

	// Seal fixes the entrants: those present now. It fails before the opening.
	Seal(ctx context.Context, room string) (Draw, error)

	// Beacon gives the value of the public beacon, after the sealing and once.
	Beacon(ctx context.Context, room string, value string) (Draw, error)

	// Entrants reads who was present at the sealing: bit n of the string is number n, as in Crowd.
	Entrants(ctx context.Context, room string) ([]byte, error)

	// Finish puts the drawn order in force: present is a bitmap by rank, root that of the entrants. Whoever joined after the sealing
	// follows in order. All gateways compute the same, so it does not matter which of them is first.
	Finish(ctx context.Context, room string, root [32]byte, present []byte) (Draw, error)
}

// Line is all of it.
type Line interface {
	Queue
	Pulse
	Office
	Throttle
	Notary
	Drawer
}
