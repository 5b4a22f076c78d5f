package api

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// What pages of other sites may do with the visitor's calls, where their origin is declared (the CORS protocol of the Fetch standard).
const (
	corsMethods = "GET, POST, DELETE"
	corsHeaders = "Authorization, Content-Type, Idempotency-Key, Waitroom-Pass, " + waitroom.HeaderProof + ", " + waitroom.HeaderCode
	corsExposed = "Retry-After, Waitroom-State, Waitroom-Pass"
	corsMaxAge  = "600" // seconds; browsers keep it no longer than some hours anyway
)

// Origins are the origins of other sites whose pages may make the visitor's calls, with the visitor's cookies. The zero value is none.
type Origins map[string]bool

// ParseOrigins reads origins separated by commas, such as "https://shop.example, https://app.example:8443". There is no wildcard: with cookies
// it would mean everybody.
func ParseOrigins(list string) (Origins, error) {
	origins := Origins{}
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		u, err := url.Parse(one)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || one != u.Scheme+"://"+strings.ToLower(u.Host) {
			return nil, fmt.Errorf("%q is no origin; it is written as https://host or https://host:port, in lower-case letters", one)
		}
		origins[one] = true
	}
	return origins, nil
}

// declared returns the origin of the request when it is one of the declared.
func (o Origins) declared(ctx *fasthttp.RequestCtx) []byte {
	if len(o) == 0 {
		return nil
	}
	if origin := ctx.Request.Header.Peek(fasthttp.HeaderOrigin); o[string(origin)] {
		return origin
	}
	return nil
}

// sameOrigin is endpoint.SameOrigin, but for the declared origins.
func (o Origins) sameOrigin(next endpoint.Handler) endpoint.Handler {
	guarded := endpoint.SameOrigin(next)
	return func(ctx *fasthttp.RequestCtx) error {
		if o.declared(ctx) != nil {
			return next(ctx)
		}
		return guarded(ctx)
	}
}

// allow answers the question of a browser whether a page may make a call, and lets such a page read the answers.
func (o Origins) allow(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	if len(o) == 0 {
		return next
	}
	return func(ctx *fasthttp.RequestCtx) {
		origin := bytes.Clone(o.declared(ctx))
		asks := ctx.IsOptions() && len(ctx.Request.Header.Peek(fasthttp.HeaderAccessControlRequestMethod)) > 0
		if origin != nil && asks {
			ctx.SetStatusCode(fasthttp.StatusNoContent)
		} else {
			next(ctx)
		}
		h := &ctx.Response.Header
		h.Add(fasthttp.HeaderVary, fasthttp.HeaderOrigin) // for every origin, also for none: a cache keeps them apart by it
		if origin == nil {
			return
		}
		h.SetBytesV(fasthttp.HeaderAccessControlAllowOrigin, origin)
		h.Set(fasthttp.HeaderAccessControlAllowCredentials, "true")
		if asks {
			h.Set(fasthttp.HeaderAccessControlAllowMethods, corsMethods)
			h.Set(fasthttp.HeaderAccessControlAllowHeaders, corsHeaders)
			h.Set(fasthttp.HeaderAccessControlMaxAge, corsMaxAge)
			return
		}
		h.Set(fasthttp.HeaderAccessControlExposeHeaders, corsExposed)
	}
}
