package api

import (
	"context"
	"math"
	"strconv"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

func (a *api) listRooms(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	rooms, err := a.Rooms.Rooms(limit, who)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"rooms": rooms})
	return nil
}

func (a *api) getRoom(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	name, err := room(ctx)
	if err != nil {
		return err
	}
	r, err := a.Rooms.Room(limit, who, name)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, r)
	return nil
}

func (a *api) changeRoom(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	var change adminapi.PolicyChange
	return a.roomAct(limit, ctx, who, adminapi.ActionRoomChange, &change, func(name string) (adminapi.Room, error) {
		return a.Rooms.Change(limit, who, name, change)
	})
}

func (a *api) resetRoom(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	var asked struct {
		Version *int64 `json:"version"`
	}
	return a.roomAct(limit, ctx, who, adminapi.ActionRoomReset, &asked, func(name string) (adminapi.Room, error) {
		return a.Rooms.Reset(limit, who, name, asked.Version)
	})
}

func (a *api) endLine(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	var asked struct {
		Reason string `json:"reason"`
	}
	return a.roomAct(limit, ctx, who, adminapi.ActionRoomEnd, &asked, func(name string) (adminapi.Room, error) {
		return a.Rooms.End(limit, who, name, asked.Reason)
	})
}

func (a *api) resumeLine(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	return a.roomAct(limit, ctx, who, adminapi.ActionRoomResume, nil, func(name string) (adminapi.Room, error) {
		return a.Rooms.Resume(limit, who, name)
	})
}

func (a *api) giveBeacon(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	var asked struct {
		Value string `json:"value"`
	}
	return a.roomAct(limit, ctx, who, adminapi.ActionDrawBeacon, &asked, func(name string) (adminapi.Room, error) {
		return a.Rooms.GiveBeacon(limit, who, name, asked.Value)
	})
}

func (a *api) evict(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	text, _ := ctx.UserValue("number").(string)
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 {
		return a.refused(limit, ctx, Route{Action: adminapi.ActionEvict}, who, fault.New(fault.NotFound, "number-unknown", "There is no such number."))
	}
	asked, err := endpoint.QueryInt(ctx, "epoch", 0, 1, math.MaxInt64)
	if err != nil {
		return a.refused(limit, ctx, Route{Action: adminapi.ActionEvict}, who, err)
	}
	var epoch *int64
	if asked > 0 {
		epoch = &asked
	}
	return a.roomAct(limit, ctx, who, adminapi.ActionEvict, nil, func(name string) (adminapi.Room, error) {
		return a.Rooms.Evict(limit, who, name, number, epoch)
	})
}

// roomAct reads the body into asked, where one is expected, does the act and answers with the room. What is refused before
// the domain sees it goes into the audit here.
func (a *api) roomAct(limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff, action string, asked any, do func(name string) (adminapi.Room, error)) error {
	name, err := room(ctx)
	if err == nil && asked != nil {
		err = endpoint.Decode(ctx, asked)
	}
	if err != nil {
		roomChanges(err).Inc()
		return a.refused(limit, ctx, Route{Action: action}, who, err)
	}
	r, err := do(name)
	roomChanges(err).Inc()
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, r)
	return nil
}
