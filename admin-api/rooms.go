package adminapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// Errors of rooms. ErrRoomChanged is the gateway's own answer, known here by its type.
var (
	ErrRoomUnknown = fault.New(fault.NotFound, "room-unknown", "There is no such room.")
	ErrRoomChanged = fault.New(fault.Conflict, "room-changed", "The room has been changed meanwhile.")
	ErrChangeEmpty = fault.New(fault.Invalid, "change-empty", "The change names no setting.")
)

// Room is a room as the gateway tells it. What a policy holds is the gateway's business; it passes through
// unread, so a setting that the gateway learns shows here without a change.
type Room struct {
	Name    string          `json:"room"`
	Version int64           `json:"version"` // rises by one with every change
	Policy  json.RawMessage `json:"policy"`
	Live    json.RawMessage `json:"live"`
}

// PolicyChange changes the settings that are given and leaves the others. Types are checked here, values by the gateway.
type PolicyChange struct {
	Mode                *string `json:"mode,omitempty"`
	Method              *string `json:"method,omitempty"`
	RatePerMinute       *int64  `json:"rate_per_minute,omitempty"`
	MaxActive           *int64  `json:"max_active,omitempty"`
	BurstSeconds        *int64  `json:"burst_seconds,omitempty"`
	SessionIdleSeconds  *int64  `json:"session_idle_seconds,omitempty"`
	SessionLimitSeconds *int64  `json:"session_limit_seconds,omitempty"`
	GhostSeconds        *int64  `json:"ghost_seconds,omitempty"`
	ReturnGraceSeconds  *int64  `json:"return_grace_seconds,omitempty"`
	PollMinMS           *int64  `json:"poll_min_ms,omitempty"`
	PollMaxMS           *int64  `json:"poll_max_ms,omitempty"`
	GateStatus          *int64  `json:"gate_status,omitempty"`
	OnOutage            *string `json:"on_outage,omitempty"`
	EndWhenSoldOut      *bool   `json:"end_when_sold_out,omitempty"`
	PrequeueAt          *string `json:"prequeue_at,omitempty"`
	OpenAt              *string `json:"open_at,omitempty"`
	CloseAt             *string `json:"close_at,omitempty"`
	TimeZone            *string `json:"time_zone,omitempty"`
	Beacon              *string `json:"beacon,omitempty"`
	Message             *string `json:"message,omitempty"`

	PassLifeSeconds   *int64           `json:"pass_life_seconds,omitempty"`
	PassRatePerSecond *int64           `json:"pass_rate_per_second,omitempty"`
	PassConcurrency   *int64           `json:"pass_concurrency,omitempty"`
	Brand             *json.RawMessage `json:"brand,omitempty"` // what these three hold is the gateway's business
	Guards            *json.RawMessage `json:"guards,omitempty"`
	Adaptive          *json.RawMessage `json:"adaptive,omitempty"`

	Version *int64 `json:"version,omitempty"` // when given, refused unless the room still has it
}

func (c PolicyChange) empty() bool {
	c.Version = nil
	return c == PolicyChange{}
}

// asked gives what the audit keeps of a change that was not made, in the form it keeps rooms in.
func (c PolicyChange) asked() (json.RawMessage, error) {
	doc := struct {
		Version *int64       `json:"version,omitempty"`
		Policy  PolicyChange `json:"policy"`
	}{c.Version, c}
	doc.Policy.Version = nil
	asked, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode change: %w", err)
	}
	return asked, nil
}

// Gateway is the waiting room's control interface. Safe for concurrent use. Every method asks in the name of who, passes the
// gateway's own problems on as they are, and fails with "gateway-unavailable" when it gets no answer that makes sense;
// then a change may or may not have been made.
type Gateway interface {
	Rooms(ctx context.Context, who auth.Staff) ([]Room, error)
	Room(ctx context.Context, who auth.Staff, name string) (Room, error) // "room-unknown"
	Change(ctx context.Context, who auth.Staff, name string, change PolicyChange) (Room, error)

	Reset(ctx context.Context, who auth.Staff, name string, version int64) (Room, error) // "room-changed"
	End(ctx context.Context, who auth.Staff, name, reason string) (Room, error)
	Resume(ctx context.Context, who auth.Staff, name string) (Room, error)
	GiveBeacon(ctx context.Context, who auth.Staff, name, value string) (Room, error)                 // "draw-state"
	Evict(ctx context.Context, who auth.Staff, name string, number int64, epoch *int64) (Room, error) // epoch nil: the room's own
}

var roomName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// ValidRoom reports whether name can be a room's.
func ValidRoom(name string) bool { return roomName.MatchString(name) }

// Rooms shows rooms and changes them, on the record. Safe for concurrent use.
type Rooms struct {
	Gateway
	audit Audit
}

// NewRooms makes a Rooms.
func NewRooms(gateway Gateway, audit Audit) *Rooms { return &Rooms{Gateway: gateway, audit: audit} }

const (
	settleTimeout = 5 * time.Second // to record the end of a change, apart from the caller's own deadline
	staleTries    = 5               // the gateway's figures may lag behind its settings by a tick of the line
	stalePause    = 150 * time.Millisecond
)

// Change changes a room and records it, whatever comes of it; who must have been allowed to already. It fails with
// "room-unknown", "room-changed", "policy-invalid", "gateway-unavailable" or "database-unavailable", and then has changed nothing, save that
// with "gateway-unavailable" it is not known. With "audit-incomplete" (internal) the change is in force, but its entry could
// not be completed; Audit.Recover writes one that says the end is not known.
func (r *Rooms) Change(ctx context.Context, who auth.Staff, name string, change PolicyChange) (Room, error) {
	asked, err := change.asked()
	if err != nil {
		return Room{}, err
	}
	entry := Entry{Actor: who.Email, Role: who.Role, Action: ActionRoomChange, Target: "room/" + name, After: asked}
	return r.record(ctx, entry, func(entry *Entry) (Room, error) {
		before, after, err := r.change(ctx, who, name, change)
		if err == nil {
			entry.Before, entry.After, err = settings(before, after)
		}
		return after, err
	})
}

// record does something between the intent and its entry, and returns what came of it. Of what was done, do puts Before and
// After into the entry.
func (r *Rooms) record(ctx context.Context, entry Entry, do func(entry *Entry) (Room, error)) (Room, error) {
	intent, err := r.audit.Intend(ctx, entry)
	if err != nil {
		return Room{}, err
	}
	room, doErr := do(&entry)
	entry.Outcome, entry.Reason = Judge(doErr)
	settleCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := r.audit.Settle(settleCtx, intent, entry); err != nil {
		if doErr != nil {
			return Room{}, doErr // nothing has changed, and the intent stays for Recover
		}
		return Room{}, fault.Wrap(err, fault.Internal, "audit-incomplete", "The change is in force, but its audit record could not be completed.")
	}
	return room, doErr
}

// change makes the change and returns the room before and after it. Every change names the version it was made against, so that
// before is exactly what after replaced. Where the caller has named none, a change that came between is no conflict: it tries again.
func (r *Rooms) change(ctx context.Context, who auth.Staff, name string, change PolicyChange) (before, after Room, err error) {
	if change.empty() {
		return before, after, ErrChangeEmpty
	}
	wanted := change.Version
	for try := 1; ; try++ {
		if before, err = r.Room(ctx, who, name); err != nil {
			return before, after, err
		}
		stale := wanted != nil && before.Version < *wanted
		if !stale || try == staleTries {
			change.Version = &before.Version
			if wanted != nil {
				change.Version = wanted
			}
			after, err = r.Gateway.Change(ctx, who, name, change)
			if wanted != nil || try == staleTries || !errors.Is(err, ErrRoomChanged) {
				return before, after, err
			}
		}
		select {
		case <-ctx.Done():
			return before, after, fault.Wrap(ctx.Err(), fault.Unavailable, "gateway-unavailable", "The gateway took too long.")
		case <-time.After(stalePause):
		}
	}
}

// settings gives what the audit keeps of a room before and after: version and policy, without the live figures.
func settings(before, after Room) (b, a json.RawMessage, err error) {
	type kept struct {
		Version int64           `json:"version"`
		Policy  json.RawMessage `json:"policy"`
	}
	if b, err = json.Marshal(kept{before.Version, before.Policy}); err != nil {
		return nil, nil, fmt.Errorf("encode room before: %w", err)
	}
	if a, err = json.Marshal(kept{after.Version, after.Policy}); err != nil {
		return nil, nil, fmt.Errorf("encode room after: %w", err)
	}
	return b, a, nil
}
