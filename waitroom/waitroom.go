// Package waitroom is the domain of the gateway: rooms and their policies, places in a line, and the queue that gives
// places and admits people. It knows neither Redis nor HTTP.
package waitroom

import (
	"context"
	"regexp"
	"time"
)

// State is where a visitor stands.
type State string

// The states of a place.
const (
	Prequeue State = "prequeue" // gathered before the opening
	Waiting  State = "waiting"
	Admitted State = "admitted"
	Passed   State = "passed"  // the turn was used and given back, or ran out
	Expired  State = "expired" // silent for longer than the return grace, or left
	Closed   State = "closed"  // the room lets no one in
)

// Place is one visitor's place in the line of a room, as the line itself tells it.
type Place struct {
	Room       string
	Epoch      int64 // never used twice by rooms of one name, not even after Redis lost its data
	Number     int64 // dense within room and epoch, from 1
	State      State
	Ahead      int64     // people still waiting in front; 0 unless Waiting
	JoinedAt   time.Time // set by Join only
	AdmittedAt time.Time // when Admitted; by the clock of the line
	ExpiresAt  time.Time // when Admitted; the pass must run out then, for the slot is not kept for longer
}

// Snapshot is a room as one call of Tick saw it. It is never changed after it was made, so it can be shared.
type Snapshot struct {
	Room               string
	Version            int64 // of the policy
	Policy             Policy
	Epoch              int64
	Issued             int64 // the highest number given
	Serving            int64 // the highest number admitted
	Waiting            int64 // people waiting now
	Active             int64 // admitted sessions now
	AdmittedTotal      int64
	AdmittedLastMinute int64
	AsOf               time.Time // by the clock of the line
}

// Revocation ends the pass of one number before it runs out.
type Revocation struct {
	Epoch  int64
	Number int64
}

// Queue gives places and admits people, first in, first out. Its methods are safe for concurrent use, by any number of
// gateways at once; each is one atomic step. Every method fails with "room-unknown" for a room that does not exist
// and with "line-unavailable" while the line cannot be reached; then nothing is known to have happened.
type Queue interface {
	// Join gives the next number of the room and, where mode, rate and cap allow it and nobody is ahead, admits it in
	// the same step. It fails with "room-closed" in the modes draining and closed.
	Join(ctx context.Context, room string) (Place, error)

	// Status tells where a number stands and is its heartbeat: a silent one who comes back within the return grace takes
	// the place up again. It fails with "ticket-superseded" when the epoch is not the room's, and with "ticket-invalid" when
	// the number was never given.
	Status(ctx context.Context, room string, epoch, number int64) (Place, error)

	// Leave gives a waiting place up. Leaving twice, or after admission, changes nothing; nor does, here and in Release and
	// Touch, a number or an epoch that the room does not have.
	Leave(ctx context.Context, room string, epoch, number int64) error

	// Release frees the slot of an admitted session and revokes its pass. Releasing twice changes nothing.
	Release(ctx context.Context, room string, epoch, number int64) error

	// Touch tells that these admitted sessions were active just now. Sessions that have ended are left ended.
	Touch(ctx context.Context, room string, epoch int64, numbers []int64) error

	// Tick does what is due: ends silent and overlong sessions, drops silent visitors from the line, admits as many as mode, rate
	// and cap allow. Its work is bounded. It returns the room afterwards, and the revocations since the
	// time given, which may repeat some that were returned before; zero gives all that still matter.
	Tick(ctx context.Context, room string, since time.Time) (Snapshot, []Revocation, error)

	// Rooms lists the names of all rooms.
	Rooms(ctx context.Context) ([]string, error)

	// Change applies the change to the room's policy and returns the room as it now stands. It fails with "room-changed" when the change names
	// another version than the room's, and with "policy-invalid", naming the fields, when the outcome contradicts itself.
	Change(ctx context.Context, room string, change PolicyChange) (Snapshot, error)

	// Create makes the room, or replaces the policy of the one there is; its line is untouched. It fails with "room-name-invalid"
	// and "policy-invalid".
	Create(ctx context.Context, room string, policy Policy) (Snapshot, error)
}

// Names of rooms are those of shows: lower-case letters, digits and hyphens, at most 63.
var roomName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// ValidRoom reports whether name can be a room's.
func ValidRoom(name string) bool { return roomName.MatchString(name) }
