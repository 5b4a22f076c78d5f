package adminapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// What is done to a room's line, and is no change of its settings. Each is recorded as Change is and fails as it does; who must have
// been allowed to already.

// ErrVersionMissing is the error of Reset without a version.
var ErrVersionMissing = fault.New(fault.Invalid, "version-missing", "A reset names the version of the room, so that it is made once.").
	WithField("version", "must be given")

// Reset starts the line anew: every ticket and pass from before is worthless. The room must still have the version, else "room-changed".
func (r *Rooms) Reset(ctx context.Context, who auth.Staff, name string, version *int64) (Room, error) {
	return r.act(ctx, who, name, act{ActionRoomReset, "", map[string]any{"version": version}}, func() (Room, error) {
		if version == nil {
			return Room{}, ErrVersionMissing
		}
		return r.Gateway.Reset(ctx, who, name, *version)
	})
}

// End ends the line for a reason that everybody is told.
func (r *Rooms) End(ctx context.Context, who auth.Staff, name, reason string) (Room, error) {
	return r.act(ctx, who, name, act{ActionRoomEnd, "", map[string]any{"reason": reason}}, func() (Room, error) {
		return r.Gateway.End(ctx, who, name, reason)
	})
}

// Resume goes on with a line that was ended.
func (r *Rooms) Resume(ctx context.Context, who auth.Staff, name string) (Room, error) {
	return r.act(ctx, who, name, act{ActionRoomResume, "", map[string]any{}}, func() (Room, error) {
		return r.Gateway.Resume(ctx, who, name)
	})
}

// GiveBeacon gives the draw the value of its beacon, once; then it fails with "draw-state".
func (r *Rooms) GiveBeacon(ctx context.Context, who auth.Staff, name, value string) (Room, error) {
	return r.act(ctx, who, name, act{ActionDrawBeacon, "", map[string]any{"value": value}}, func() (Room, error) {
		return r.Gateway.GiveBeacon(ctx, who, name, value)
	})
}

// Evict ends what one visitor has, the session or the place. Without an epoch the number is one of the line as it is now.
func (r *Rooms) Evict(ctx context.Context, who auth.Staff, name string, number int64, epoch *int64) (Room, error) {
	asked := map[string]any{}
	if epoch != nil {
		asked["epoch"] = *epoch
	}
	return r.act(ctx, who, name, act{ActionEvict, "/visitor/" + strconv.FormatInt(number, 10), asked}, func() (Room, error) {
		return r.Gateway.Evict(ctx, who, name, number, epoch)
	})
}

// act is what the audit says of something done to a line.
type act struct {
	action string
	whom   string // goes on from the room in the entry's target
	asked  map[string]any
}

// act does it and records what was asked, and how the line stood before and after it.
func (r *Rooms) act(ctx context.Context, who auth.Staff, name string, what act, do func() (Room, error)) (Room, error) {
	entry := Entry{Actor: who.Email, Role: who.Role, Action: what.action, Target: "room/" + name + what.whom}
	var err error
	if entry.After, err = json.Marshal(what.asked); err != nil {
		return Room{}, fmt.Errorf("encode what is asked: %w", err)
	}
	return r.record(ctx, entry, func(entry *Entry) (Room, error) {
		before, err := r.Room(ctx, who, name)
		if err != nil {
			return Room{}, err
		}
		after, err := do()
		if err != nil {
			return Room{}, err
		}
		if entry.Before, err = line(before, nil); err == nil {
			entry.After, err = line(after, what.asked)
		}
		return after, err
	})
}

// line is what the audit keeps of a room's line, with what was asked for.
func line(room Room, asked map[string]any) (json.RawMessage, error) {
	var live struct {
		Epoch *int64  `json:"epoch,omitempty"`
		Phase *string `json:"phase,omitempty"`
		Ended *string `json:"ended,omitempty"`
		Draw  *string `json:"draw,omitempty"`
	}
	if err := json.Unmarshal(room.Live, &live); err != nil {
		return nil, fmt.Errorf("read the line: %w", err)
	}
	doc := map[string]any{"line": live}
	maps.Copy(doc, asked)
	kept, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("encode the line: %w", err)
	}
	return kept, nil
}
