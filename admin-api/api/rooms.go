package api

import (
	"context"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
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
	name, err := room(ctx)
	var change adminapi.PolicyChange
	if err == nil {
		err = endpoint.Decode(ctx, &change)
	}
	if err != nil {
		roomChanges(err).Inc()
		return a.refused(limit, ctx, Route{Action: adminapi.ActionRoomChange}, who, err)
	}
	r, err := a.Rooms.Change(limit, who, name, change)
	roomChanges(err).Inc()
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, r)
	return nil
}
