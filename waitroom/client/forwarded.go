package client

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// forwarded reads Forwarded (RFC 7239): each proxy adds an element, which says all it knows. Elements are read from the right until one
// names a client that is no trusted proxy; that one's proto and host count. At what is not understood it stops.
func (t *Trust) forwarded(ctx *fasthttp.RequestCtx, s *said) {
	lines := ctx.Request.Header.PeekAll(fasthttp.HeaderForwarded)
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var one []byte
			var ok bool
			if rest, one, more, ok = cutElement(rest); !ok {
				return
			}
			e, ok := parseElement(one)
			if !ok {
				return
			}
			if t.Proto {
				s.proto = protoOf(e.proto)
			}
			if t.Host {
				s.host = e.host
			}
			if !t.For {
				return
			}
			addr, ok := parseAddr(e.client)
			if !ok { // hidden, or unknown
				return
			}
			if s.client = addr; !t.contains(addr) {
				return
			}
		}
	}
}

// cutElement splits a list at its last comma outside quotes. From the right that is safe: what a trusted proxy has added there is well formed,
// whatever its visitor sent before. It fails where the quotes do not match.
func cutElement(list []byte) (rest, last []byte, more, ok bool) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch list[i] {
		case '"':
			quoted = !quoted
		case ',':
			if !quoted {
				return list[:i], bytes.TrimSpace(list[i+1:]), true, true
			}
		}
	}
	return nil, bytes.TrimSpace(list), false, !quoted
}

type element struct{ client, proto, host []byte }

// parseElement reads name=value pairs. A name twice, an escape or a stray quote makes it not understood: nothing that we want needs those.
func parseElement(text []byte) (e element, ok bool) {
	for more := true; more; {
		var pair []byte
		pair, text, more = bytes.Cut(text, []byte(";")) // none of what we want has a semicolon in its quotes
		if len(bytes.TrimSpace(pair)) == 0 {
			continue
		}
		name, value, is := bytes.Cut(bytes.TrimSpace(pair), []byte("="))
		if !is {
			return e, false
		}
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			value = value[1 : n-1]
		}
		if bytes.ContainsAny(value, `"\ `) {
			return e, false
		}
		var to *[]byte
		switch {
		case bytes.EqualFold(name, []byte("for")):
			to = &e.client
		case bytes.EqualFold(name, []byte("proto")):
			to = &e.proto
		case bytes.EqualFold(name, []byte("host")):
			to = &e.host
		default:
			continue
		}
		if len(*to) > 0 {
			return e, false
		}
		*to = value
	}
	return e, true
}
