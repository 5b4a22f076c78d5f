package proxy

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

var errPath = fault.New(fault.Malformed, "path-ambiguous", "The path can be read in more than one way; write it plainly.")

// cleanPath returns the path that is decided on and, quoted again, forwarded: decoded once, without empty and dot
// segments. It refuses whatever another reader of the same path could take for something else.
func cleanPath(ctx *fasthttp.RequestCtx) ([]byte, error) {
	uri := ctx.URI()
	raw := uri.PathOriginal()
	if len(raw) == 0 || raw[0] != '/' || len(uri.Username()) > 0 || len(uri.Password()) > 0 || len(uri.Hash()) > 0 {
		return nil, errPath
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' {
			if i+2 >= len(raw) || !isHex(raw[i+1]) || !isHex(raw[i+2]) {
				return nil, errPath
			}
			if c = unHex(raw[i+1])<<4 | unHex(raw[i+2]); c == '/' {
				return nil, errPath // a separator to some, a character to others
			}
			i += 2
		}
		switch {
		case c < 0x20 || c == 0x7f: // control characters
			return nil, errPath
		case c == '\\': // a separator to some
			return nil, errPath
		case c == '%': // encoded twice
			return nil, errPath
		case c == ';': // path parameters to some
			return nil, errPath
		}
	}
	return ctx.Path(), nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unHex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// target says which part of the system a path belongs to.
type target uint8

const (
	toApps       target = iota // static files
	toVisitorAPI               // /waitroom/v1/… and /.well-known/jwks.json
	toAdmin                    // /admin/api/…
	toBooking                  // /api/…
	toNowhere                  // none of ours
)

// route is where a path leads, and the room it is gated by, empty when it is open. Room is valid as long as the path is.
type route struct {
	target target
	room   []byte
}

var (
	prefixVisitor = []byte("/waitroom/")
	pathJWKS      = []byte("/.well-known/jwks.json")
	prefixAdmin   = []byte("/admin/api/")
	prefixAPI     = []byte("/api/")
	prefixGated   = []byte("/api/v1/shows/")
	prefixControl = []byte("/control/") // on the private port only
	prefixShows   = []byte("/shows/")
	seatsPage     = []byte("seats")
)

// match finds the route of a clean path. Letters' case is ignored to find what is gated, and then insisted on: a path that is
// gated in one spelling only would be a hole.
func match(path []byte) route {
	switch {
	case hasPrefixFold(path, prefixGated):
		room, rest, below := bytes.Cut(path[len(prefixGated):], []byte("/"))
		if !below {
			return route{target: toBooking} // the show itself, which is open
		}
		return gated(path, prefixGated, toBooking, room, rest)
	case hasPrefixFold(path, prefixShows):
		room, rest, _ := bytes.Cut(path[len(prefixShows):], []byte("/"))
		page, _, _ := bytes.Cut(rest, []byte("/"))
		if !bytes.EqualFold(page, seatsPage) {
			return route{target: toApps}
		}
		return gated(path, prefixShows, toApps, room, page)
	case bytes.HasPrefix(path, prefixVisitor), bytes.Equal(path, pathJWKS):
		return route{target: toVisitorAPI}
	case bytes.HasPrefix(path, prefixAdmin):
		return route{target: toAdmin}
	case bytes.HasPrefix(path, prefixAPI):
		return route{target: toBooking}
	case hasPrefixFold(path, prefixAdmin), hasPrefixFold(path, prefixAPI), hasPrefixFold(path, prefixVisitor), hasPrefixFold(path, prefixControl):
		return route{target: toNowhere}
	default:
		return route{target: toApps}
	}
}

func gated(path, prefix []byte, t target, room, page []byte) route {
	if !bytes.HasPrefix(path, prefix) || !waitroom.ValidRoom(string(room)) || (t == toApps && !bytes.Equal(page, seatsPage)) {
		return route{target: toNowhere}
	}
	return route{target: t, room: room}
}

func hasPrefixFold(s, prefix []byte) bool {
	return len(s) >= len(prefix) && bytes.EqualFold(s[:len(prefix)], prefix)
}
