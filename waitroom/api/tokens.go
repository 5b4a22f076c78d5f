package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// tickets are the tokens sent as tickets for the room: the bearer token, then the cookies of the room's name.
// They lie in the request, so they are good as long as its handler runs: whoever keeps one copies it.
func (v *Visitor) tickets(ctx *fasthttp.RequestCtx, room string) [][]byte {
	return tokens(ctx, auth.BearerToken(ctx), endpoint.CookieName(v.Secure, waitroom.TicketCookie+room))
}

// passes are the tokens sent as passes for the room, likewise.
func (v *Visitor) passes(ctx *fasthttp.RequestCtx, room string) [][]byte {
	return tokens(ctx, ctx.Request.Header.Peek("Waitroom-Pass"), endpoint.CookieName(v.Secure, waitroom.PassCookie+room))
}

func tokens(ctx *fasthttp.RequestCtx, header []byte, cookie string) (all [][]byte) {
	if len(header) > 0 {
		all = append(all, header)
	}
	for name, value := range endpoint.Cookies(ctx) {
		if len(all) < waitroom.MaxTokens && string(name) == cookie && len(value) > 0 {
			all = append(all, value)
		}
	}
	return all
}

func (v *Visitor) passCookie(ctx *fasthttp.RequestCtx, visit waitroom.Visit) {
	if visit.Pass == "" {
		return
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.PassCookie+visit.Room, visit.Pass, visit.PassLeft())
	if visit.EdgePass != "" {
		endpoint.Cookie(ctx, v.Secure, waitroom.EdgeCookie+visit.Room, visit.EdgePass, visit.PassLeft())
	}
}
