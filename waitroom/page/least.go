package page

import (
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// leastCookie, with the room's name behind it, keeps the least number of people ahead that the visitor was shown: epoch, number and count. The
// count of who is there can rise, as people come back, and nobody likes to be told so. Script keeps it as well, so it is
// readable; a visitor who forges it deceives nobody else.
const leastCookie = "wl_"

// leastLife is in seconds.
const leastLife = 24 * 60 * 60

// showLeast takes the count of people ahead down to the least that was shown before, and notes it.
func (p *Page) showLeast(ctx *fasthttp.RequestCtx, v *waitroom.Visit) {
	if state := stateOf(v); state != stateWaiting && state != stateDrawn && state != statePaused {
		return
	}
	place := strconv.FormatInt(v.Epoch, 10) + "." + strconv.FormatInt(v.Number, 10) + "."
	name := leastCookie + v.Room
	if text, ok := strings.CutPrefix(string(ctx.Request.Header.Cookie(name)), place); ok {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
			v.Ahead = min(v.Ahead, n)
		}
	}
	p.cookie(ctx, name, place+strconv.FormatInt(v.Ahead, 10), leastLife)
}
