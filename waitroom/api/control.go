package api

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// Audience is whom a staff token must be made for to be taken by the control API.
const Audience = "waitroom"

// controlTimeout bounds one call of the back office. The request's own context ends only when the server does, and then a call
// under way shall finish, so it is not used.
const controlTimeout = 2 * time.Second

// Control answers the back office. It asks the line itself, not the gateway's view of it, so that who has changed a room sees
// the change in the next answer.
type Control struct {
	Queue waitroom.Queue
	Staff *auth.StaffVerifier // of tokens made for Audience
	Log   *slog.Logger
}

// Handler serves /control/v1/….
func (c *Control) Handler() fasthttp.RequestHandler {
	r := newRouter()
	handle := func(method, path string, p auth.Permission, h endpoint.Handler) {
		guarded := auth.RequireStaff(c.Staff, p, func(ctx *fasthttp.RequestCtx, _ auth.Staff) error { return h(ctx) })
		r.Handle(method, path, endpoint.Handle(c.Log, guarded))
	}
	handle(fasthttp.MethodGet, "/control/v1/rooms", auth.RoomRead, c.list)
	handle(fasthttp.MethodGet, "/control/v1/rooms/{room}", auth.RoomRead, inRoom(c.get))
	handle(fasthttp.MethodPut, "/control/v1/rooms/{room}", auth.RoomWrite, inRoom(c.put))
	handle(fasthttp.MethodPatch, "/control/v1/rooms/{room}", auth.RoomWrite, inRoom(c.patch))
	return r.Handler
}

func (c *Control) list(ctx *fasthttp.RequestCtx) error {
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	names, err := c.Queue.Rooms(limit)
	if err != nil {
		return err
	}
	slices.Sort(names)
	rooms := make([]roomDoc, 0, len(names))
	for _, name := range names {
		snapshot, err := c.look(limit, name)
		if err != nil {
			return err
		}
		rooms = append(rooms, roomOf(snapshot))
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"rooms": rooms})
	return nil
}

func (c *Control) get(ctx *fasthttp.RequestCtx, room string) error {
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return answer(ctx, func() (waitroom.Snapshot, error) { return c.look(limit, room) })
}

// put makes the room or replaces its policy. With a version it only ever replaces: that version is of a room that exists.
func (c *Control) put(ctx *fasthttp.RequestCtx, room string) error {
	var change waitroom.PolicyChange
	if err := endpoint.Decode(ctx, &change); err != nil {
		return err
	}
	policy := change.Apply(waitroom.DefaultPolicy())
	if err := policy.Validate(); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return answer(ctx, func() (waitroom.Snapshot, error) {
		if change.Version != nil {
			return c.Queue.Change(limit, room, whole(policy, change.Version))
		}
		return c.Queue.Create(limit, room, policy)
	})
}

func (c *Control) patch(ctx *fasthttp.RequestCtx, room string) error {
	var change waitroom.PolicyChange
	if err := endpoint.Decode(ctx, &change); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return answer(ctx, func() (waitroom.Snapshot, error) { return c.Queue.Change(limit, room, change) })
}

// look reads a room by a tick, which is the line's own way to say how it stands. The revocations are the gate's business;
// they are asked for from now on, which is none.
func (c *Control) look(ctx context.Context, room string) (waitroom.Snapshot, error) {
	snapshot, _, err := c.Queue.Tick(ctx, room, time.Now().Add(time.Hour))
	return snapshot, err
}

func answer(ctx *fasthttp.RequestCtx, ask func() (waitroom.Snapshot, error)) error {
	snapshot, err := ask()
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, roomOf(snapshot))
	return nil
}

// whole is the change that sets every field of the policy.
func whole(p waitroom.Policy, version *int64) waitroom.PolicyChange {
	return waitroom.PolicyChange{
		Version: version, Mode: &p.Mode, RatePerMinute: &p.RatePerMinute, MaxActive: &p.MaxActive,
		SessionIdleSeconds: &p.SessionIdleSeconds, SessionLimitSeconds: &p.SessionLimitSeconds,
		GhostSeconds: &p.GhostSeconds, ReturnGraceSeconds: &p.ReturnGraceSeconds,
		PollMinMS: &p.PollMinMS, PollMaxMS: &p.PollMaxMS, GateStatus: &p.GateStatus, Message: &p.Message,
	}
}
