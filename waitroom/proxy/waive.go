package proxy

import (
	"bytes"
	"errors"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// Waive decides for another proxy, which asks about a visitor's request to a room, whether that goes past the gate: by the rules of the route that
// leads to its target, and by a staff token where the route takes them. It returns the pass to show to the site, which is empty where there is none. The
// route also says what the gate does in an outage. Whether the proxy is believed is the caller's to know.
//
// Bypass links are not looked at: the site would see them, and a proxy need not hand their cookie on.
func (f *Front) Waive(ctx *fasthttp.RequestCtx, room []byte, method, target string) (pass string, ok bool) {
	path, err := pathOfTarget(target)
	if err != nil {
		return "", false
	}
	p := passage{Setup: f.setup.Load()}
	ask := waitroom.Ask{Path: path, Method: []byte(method), Client: f.whoAsks(ctx, &p)}
	ask.Host = p.host
	if p.Route, err = p.Routes.Match(ask); err != nil || !bytes.Equal(p.Room, room) {
		return "", false
	}
	declareOutage(ctx, p.OnOutage)
	by := byRule
	if !p.Bypass {
		if !p.Staff || !f.isStaff(ctx, &p) {
			return "", false
		}
		by = byStaff
	}
	if _, err := f.Gate.Rooms.Find(room); errors.Is(err, waitroom.ErrRoomUnknown) {
		return "", false
	}
	f.Seen.Bypassed(by)
	return f.Gate.escort(ctx, room), true
}

// pathOfTarget is the path that would be decided on if a request for the target came here.
func pathOfTarget(target string) ([]byte, error) {
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI(target)
	return cleanPath(&ctx)
}
