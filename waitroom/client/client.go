// Package client finds out who a request comes from where something stands in front of the gateway: a load balancer, a CDN. What such
// a proxy says in Forwarded or X-Forwarded-… is believed only from the networks that are named as its own, and is read from the right,
// where the nearest proxy has written: what stands further left may be the visitor's own invention.
package client

import (
	"bytes"
	"net/netip"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// Trust says whom to believe what. The zero value believes nobody. Not to be changed while it is used; then safe for concurrent use.
type Trust struct {
	Networks  []netip.Prefix // of the proxies
	Forwarded bool           // they write Forwarded (RFC 7239), else X-Forwarded-…: a proxy that writes one passes the visitor's other on
	For       bool           // believe who the client is
	Proto     bool           // believe http or https
	Host      bool           // believe what host the visitor asked for
	Request   bool           // believe what request is meant, of those that only ask about one; see Tells
}

// said is what is believed about a request.
type said struct {
	client netip.Addr
	proto  string
	host   []byte
}

// Trusts reports whether the other end of the request's connection is a trusted proxy.
func (t *Trust) Trusts(ctx *fasthttp.RequestCtx) bool {
	return len(t.Networks) > 0 && t.contains(endpoint.ConnAddr(ctx))
}

// Tells reports whether it is, and believed about requests that it does not forward itself and only asks about.
func (t *Trust) Tells(ctx *fasthttp.RequestCtx) bool { return t.Request && t.Trusts(ctx) }

func (t *Trust) contains(addr netip.Addr) bool {
	for _, n := range t.Networks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}

// Read finds out what is believed about a request: the client's address, which is not valid where the connection has none; http or https, and
// what host the visitor asked for, both empty where nobody is believed. It allocates nothing where nobody in front is trusted.
func (t *Trust) Read(ctx *fasthttp.RequestCtx) (client netip.Addr, proto string, host []byte) {
	s := said{client: endpoint.ConnAddr(ctx)}
	if len(t.Networks) == 0 || !t.contains(s.client) {
		return s.client, "", nil
	}
	if t.Forwarded {
		t.forwarded(ctx, &s)
	} else {
		t.xForwarded(ctx, &s)
	}
	return s.client, s.proto, bytes.Clone(s.host) // the header will be changed before the host is used for the last time
}

// xForwarded reads the three headers that everybody writes and nobody has specified. Where they are lists, each proxy has added
// one; as many are skipped in each as there are trusted proxies in X-Forwarded-For.
func (t *Trust) xForwarded(ctx *fasthttp.RequestCtx, s *said) {
	hops := 1
	if t.For {
		hops = t.walk(ctx.Request.Header.PeekAll(fasthttp.HeaderXForwardedFor), s)
	}
	if t.Proto {
		s.proto = protoOf(fromRight(ctx.Request.Header.PeekAll(fasthttp.HeaderXForwardedProto), hops))
	}
	if t.Host {
		s.host = fromRight(ctx.Request.Header.PeekAll(fasthttp.HeaderXForwardedHost), hops)
	}
}

// walk goes through the addresses from the right until it meets one that is no trusted proxy: the client. At what is no address it
// stops, and the last that it understood counts. It returns how many it went through, at least 1.
func (t *Trust) walk(lines [][]byte, s *said) (hops int) {
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var one []byte
			rest, one, more = cutLast(rest)
			addr, ok := parseAddr(one)
			if !ok {
				return max(hops, 1)
			}
			hops++
			s.client = addr
			if !t.contains(addr) {
				return hops
			}
		}
	}
	return max(hops, 1)
}

// cutLast splits a list at its last comma.
func cutLast(list []byte) (rest, last []byte, more bool) {
	comma := bytes.LastIndexByte(list, ',')
	if comma < 0 {
		return nil, bytes.TrimSpace(list), false
	}
	return list[:comma], bytes.TrimSpace(list[comma+1:]), true
}

// fromRight returns the element of a list that stands at this place from the right, from 1; the leftmost where there are not so many.
func fromRight(lines [][]byte, place int) (found []byte) {
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; place-- {
			rest, found, more = cutLast(rest)
			if place <= 1 {
				return found
			}
		}
	}
	return found
}

func protoOf(word []byte) string {
	switch {
	case bytes.EqualFold(word, []byte("https")):
		return "https"
	case bytes.EqualFold(word, []byte("http")):
		return "http"
	}
	return ""
}

// parseAddr reads an address as proxies write it: alone or with a port, IPv6 in brackets or, without a port, not.
func parseAddr(text []byte) (netip.Addr, bool) {
	if len(text) > 64 {
		return netip.Addr{}, false
	}
	s := string(text)
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if with, err := netip.ParseAddrPort(s); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	if n := len(s); n > 2 && s[0] == '[' && s[n-1] == ']' {
		if addr, err := netip.ParseAddr(s[1 : n-1]); err == nil {
			return addr.Unmap().WithZone(""), true
		}
	}
	return netip.Addr{}, false
}
