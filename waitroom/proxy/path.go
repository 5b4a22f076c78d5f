package proxy

import (
	"bytes"
	"net/url"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

var errPath = fault.New(fault.Malformed, "path-ambiguous", "The path can be read in more than one way; write it plainly.")

// CleanPath is the path that the gateway decides on when a visitor asks for a URL. It fails where the gateway refuses the path.
func CleanPath(u *url.URL) ([]byte, error) {
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetHost(u.Host)
	ctx.Request.SetRequestURI(u.RequestURI())
	path, err := cleanPath(&ctx)
	return bytes.Clone(path), err
}

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
