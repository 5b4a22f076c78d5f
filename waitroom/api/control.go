package api

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// Audience is whom a staff token must be made for to be taken by the control API.
const Audience = "waitroom"

// controlTimeout bounds one call of the back office. The request's own context ends only when the server does, and then a call
// under way shall finish, so it is not used.
const controlTimeout = 2 * time.Second

// looksAtOnce bounds how many rooms are asked about at once for a list of all of them.
const looksAtOnce = 16

// Control answers the back office. It asks the line itself, not the gateway's view of it, so that who has changed a room sees
// the change in the next answer.
type Control struct {
	Line  waitroom.Line
	Live  waitroom.Rooms      // the gateway's view of the same line, for how many wait
	Staff *auth.StaffVerifier // of tokens made for Audience
	Log   *slog.Logger
}

// Handler serves /control/v1/….
func (c *Control) Handler() fasthttp.RequestHandler { return c.routes().Handler }

func (c *Control) routes() *router.Router {
	r := newRouter()
	handle := func(method, path string, p auth.Permission, h endpoint.Handler) {
		guarded := auth.RequireStaff(c.Staff, p, func(ctx *fasthttp.RequestCtx, _ auth.Staff) error { return h(ctx) })
		r.Handle(method, path, endpoint.Handle(c.Log, guarded))
	}
	handle(fasthttp.MethodGet, "/control/v1/rooms", auth.RoomRead, c.list)
	handle(fasthttp.MethodGet, "/control/v1/rooms/{room}", auth.RoomRead, inRoom(c.get))
	handle(fasthttp.MethodPut, "/control/v1/rooms/{room}", auth.RoomWrite, inRoom(c.put))
	handle(fasthttp.MethodPatch, "/control/v1/rooms/{room}", auth.RoomWrite, inRoom(c.patch))
	handle(fasthttp.MethodPost, "/control/v1/rooms/{room}/reset", auth.LineWrite, inRoom(c.reset))
	handle(fasthttp.MethodPost, "/control/v1/rooms/{room}/end", auth.LineWrite, inRoom(c.end))
	handle(fasthttp.MethodDelete, "/control/v1/rooms/{room}/end", auth.LineWrite, inRoom(c.resume))
	handle(fasthttp.MethodPost, "/control/v1/rooms/{room}/draw/beacon", auth.LineWrite, inRoom(c.beacon))
	handle(fasthttp.MethodDelete, "/control/v1/rooms/{room}/visitors/{number}", auth.VisitorWrite, inRoom(c.evict))
	return r
}

func (c *Control) list(ctx *fasthttp.RequestCtx) error {
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	names, err := c.Line.Rooms(limit)
	if err != nil {
		return err
	}
	slices.Sort(names)
	rooms := make([]roomDoc, len(names))
	looks, limit := errgroup.WithContext(limit)
	looks.SetLimit(looksAtOnce)
	for i, name := range names {
		looks.Go(func() error {
			snapshot, err := c.look(limit, name)
			if err == nil {
				rooms[i] = c.roomOf(snapshot)
			}
			return err
		})
	}
	if err := looks.Wait(); err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"rooms": rooms})
	return nil
}

func (c *Control) get(ctx *fasthttp.RequestCtx, room string) error {
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) { return c.look(limit, room) })
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
	return c.answer(ctx, func() (waitroom.Snapshot, error) {
		if change.Version != nil {
			return c.Line.Change(limit, room, waitroom.Whole(policy, change.Version))
		}
		return c.Line.Create(limit, room, policy)
	})
}

func (c *Control) patch(ctx *fasthttp.RequestCtx, room string) error {
	var change waitroom.PolicyChange
	if err := endpoint.Decode(ctx, &change); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) { return c.Line.Change(limit, room, change) })
}

// look reads a room by a tick, which is the line's own way to say how it stands. The revocations are the gate's business;
// they are asked for from now on, which is none.
func (c *Control) look(ctx context.Context, room string) (waitroom.Snapshot, error) {
	snapshot, _, err := c.Line.Tick(ctx, room, time.Now().Add(time.Hour))
	return snapshot, err
}

func (c *Control) answer(ctx *fasthttp.RequestCtx, ask func() (waitroom.Snapshot, error)) error {
	snapshot, err := ask()
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, c.roomOf(snapshot))
	return nil
}
