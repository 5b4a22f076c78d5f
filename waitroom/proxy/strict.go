package proxy

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

var (
	errFraming = fault.New(fault.Malformed, "request-ambiguous", "The request can be read in more than one way; write it plainly.")
	errHost    = fault.New(fault.Malformed, "host-malformed", "The Host header is missing, or no host, or another than in the request line.")
)

// checkWire refuses a request that somebody else on the way, before us or behind us, could read differently: most of all one of which it
// is not clear where it ends, so that the rest would be taken for another request. fasthttp refuses much of that by itself; this looks at
// the very bytes that came, so as to depend on none of it. What is refused here ends the connection.
func checkWire(ctx *fasthttp.RequestCtx) error {
	h := &ctx.Request.Header
	if p := string(h.Protocol()); p != "HTTP/1.1" && p != "HTTP/1.0" {
		return refuseWire(ctx, errFraming)
	}
	if err := checkLines(h); err != nil {
		return refuseWire(ctx, err)
	}
	host := h.Host()
	if len(host) > 0 && !isHost(host) || len(host) == 0 && h.IsHTTP11() {
		return refuseWire(ctx, errHost)
	}
	if target := h.RequestURI(); len(target) > 0 && target[0] != '/' && string(target) != "*" {
		// The absolute form names a host, too, which wins (RFC 9112, section 3.2.2), though not with everybody.
		if in := ctx.URI().Host(); !isHost(in) || !bytes.EqualFold(in, host) {
			return refuseWire(ctx, errHost)
		}
	}
	return nil
}

func refuseWire(ctx *fasthttp.RequestCtx, err error) error {
	ctx.SetConnectionClose()
	endpoint.Linger(ctx)
	return err
}

// checkLines looks at each line of the headers as it came.
func checkLines(h *fasthttp.RequestHeader) error {
	lengths, codings, hosts := 0, 0, 0
	for rest := h.RawHeaders(); len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i <= 0 || rest[i-1] != '\r' {
			return errFraming // a line that ends otherwise
		}
		line := rest[:i-1]
		rest = rest[i+1:]
		if len(line) == 0 {
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 {
			return errFraming
		}
		name, value := line[:colon], endpoint.TrimSpace(line[colon+1:])
		if !endpoint.IsToken(name) || !endpoint.IsText(value) { // a line that continues the one before begins with a space
			return errFraming
		}
		switch {
		case endpoint.IsLike(name, "content-length"):
			lengths++
			if !isLength(value) || bytes.IndexByte(name, '_') >= 0 {
				return errFraming
			}
		case endpoint.IsLike(name, "transfer-encoding"):
			codings++
			if !endpoint.IsLike(value, "chunked") || bytes.IndexByte(name, '_') >= 0 || !h.IsHTTP11() {
				return errFraming
			}
		case endpoint.IsLike(name, "host"):
			hosts++
		}
	}
	if lengths+codings > 1 {
		return errFraming
	}
	if hosts > 1 {
		return errHost
	}
	return nil
}

// isLength reports whether a value is a plain number that fits.
func isLength(value []byte) bool {
	for _, c := range value {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(value) > 0 && len(value) <= 18
}

// isHost reports whether a value is a host with or without a port: a name, an IPv4 address, or an IPv6 address in brackets.
func isHost(host []byte) bool {
	name, port := host, []byte(nil)
	if host[0] == '[' {
		end := bytes.IndexByte(host, ']')
		if end < 3 {
			return false
		}
		for _, c := range host[1:end] {
			if !isHex(c) && c != ':' && c != '.' {
				return false
			}
		}
		name, port = host[:0], host[end+1:]
	} else if colon := bytes.IndexByte(host, ':'); colon >= 0 {
		if colon == 0 {
			return false
		}
		name, port = host[:colon], host[colon:]
	}
	for _, c := range name {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	if len(port) == 0 {
		return true
	}
	return port[0] == ':' && len(port) <= 6 && (len(port) == 1 || isLength(port[1:]))
}
