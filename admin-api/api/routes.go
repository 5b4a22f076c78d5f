package api

import (
	"context"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
)

// Route is one call of the contract and who may make it.
type Route struct {
	Method     string
	Path       string
	Public     bool            // no session wanted
	Permission auth.Permission // empty: every session will do
	Action     string          // what a change is called in the audit; empty for what changes nothing or records itself

	call func(a *api, limit context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error
}

// Routes is the one table of the calls and their permissions.
func Routes() []Route {
	return []Route{
		{Method: "GET", Path: "/admin/api/v1/session", call: (*api).getSession},
		{Method: "POST", Path: "/admin/api/v1/session", Public: true, call: (*api).signIn},
		{Method: "DELETE", Path: "/admin/api/v1/session", Public: true, call: (*api).signOut},
		{Method: "GET", Path: "/admin/api/v1/rooms", Permission: auth.RoomRead, call: (*api).listRooms},
		{Method: "GET", Path: "/admin/api/v1/rooms/{room}", Permission: auth.RoomRead, call: (*api).getRoom},
		{Method: "PATCH", Path: "/admin/api/v1/rooms/{room}", Permission: auth.RoomWrite, Action: adminapi.ActionRoomChange, call: (*api).changeRoom},
		{Method: "POST", Path: "/admin/api/v1/rooms/{room}/reset", Permission: auth.LineWrite, Action: adminapi.ActionRoomReset, call: (*api).resetRoom},
		{Method: "POST", Path: "/admin/api/v1/rooms/{room}/end", Permission: auth.LineWrite, Action: adminapi.ActionRoomEnd, call: (*api).endLine},
		{Method: "DELETE", Path: "/admin/api/v1/rooms/{room}/end", Permission: auth.LineWrite, Action: adminapi.ActionRoomResume, call: (*api).resumeLine},
		{Method: "POST", Path: "/admin/api/v1/rooms/{room}/draw/beacon", Permission: auth.LineWrite, Action: adminapi.ActionDrawBeacon, call: (*api).giveBeacon},
		{Method: "DELETE", Path: "/admin/api/v1/rooms/{room}/visitors/{number}", Permission: auth.VisitorWrite, Action: adminapi.ActionEvict, call: (*api).evict},
		{Method: "GET", Path: "/admin/api/v1/rooms/{room}/events", Permission: auth.RoomRead, call: (*api).roomEvents},
		{Method: "GET", Path: "/admin/api/v1/orders", Permission: auth.OrderRead, call: (*api).listOrders},
		{Method: "GET", Path: "/admin/api/v1/audit", Permission: auth.AuditRead, call: (*api).listAudit},
		{Method: "GET", Path: "/admin/api/.well-known/jwks.json", Public: true, call: (*api).publishKeys},
	}
}
