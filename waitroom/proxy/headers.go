package proxy

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"math/rand/v2"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

// HeaderPass carries the pass: from a visitor that is no browser, and always from the gateway to the upstream.
const HeaderPass = "Waitroom-Pass"

// HeaderCommand is how an upstream asks the gateway for something; "release" gives the visitor's slot back.
const HeaderCommand = "Waitroom-Command"

// HeaderState marks every answer of the gate's own, so that no client takes a place in the line for what it asked for.
const HeaderState = "Waitroom-State"

// hopByHop are the headers that concern one connection (RFC 9110 §7.6.1), besides those that Connection names.
var hopByHop = []string{
	"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Upgrade", // fasthttp frames the bodies itself, so Transfer-Encoding is its own
}

// ours are the beginnings of the names that only the gateway may set. An underscore counts as a hyphen, as it does to some upstreams.
var ours = [][]byte{[]byte("waitroom-"), []byte("x-forwarded-"), []byte("forwarded"), []byte("x-request-id"), []byte("x-real-ip"), []byte("x-original-"), []byte("x-rewrite-")}

func isOurs(name []byte) bool {
	for _, own := range ours {
		if len(name) >= len(own) && equalFoldHyphen(name[:len(own)], own) {
			return true
		}
	}
	return false
}

func equalFoldHyphen(name, own []byte) bool {
	for i, c := range name {
		switch {
		case c == '_':
			c = '-'
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		if c != own[i] {
			return false
		}
	}
	return true
}

// maxDrops bounds the rounds of dropOurs, at eight names each.
const maxDrops = 16

var errHeaders = fault.New(fault.Malformed, "headers-reserved", "The request carries too many headers that only the gateway may set.")

// dropOurs removes what a visitor sent in the gateway's own headers.
func dropOurs(h *fasthttp.RequestHeader) error {
	var found [8]string
	for range maxDrops {
		names := found[:0]
		for name := range h.All() {
			if isOurs(name) && len(names) < cap(names) {
				names = append(names, string(name))
			}
		}
		if len(names) == 0 {
			return nil
		}
		for _, name := range names {
			h.Del(name)
		}
	}
	return errHeaders
}

// dropHopByHop removes what concerned the visitor's connection only.
func dropHopByHop(h *fasthttp.RequestHeader) {
	for _, name := range named(h.All()) {
		h.Del(name)
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
	h.Del(fasthttp.HeaderExpect) // answered by the gateway already
	h.ResetConnectionClose()
}

// dropHopByHopOf removes what concerned the upstream's connection only, and what was meant for the gateway.
func dropHopByHopOf(h *fasthttp.ResponseHeader) {
	for _, name := range named(h.All()) {
		h.Del(name)
	}
	for _, name := range hopByHop {
		h.Del(name)
	}
	h.Del(HeaderCommand)
	h.ResetConnectionClose()
}

// named lists the headers that the Connection headers name. Those that frame the message are not anybody's to name.
// It goes through all headers because Peek shows nothing but "close" of a Connection header that says close.
func named(all iter.Seq2[[]byte, []byte]) (names []string) {
	for key, value := range all {
		if string(key) != fasthttp.HeaderConnection {
			continue
		}
		for name := range bytes.SplitSeq(value, []byte(",")) {
			name = bytes.TrimSpace(name)
			if len(name) > 0 && !bytes.EqualFold(name, []byte("Host")) && !bytes.EqualFold(name, []byte("Content-Length")) {
				names = append(names, string(name))
			}
		}
	}
	return names
}

// requestID names a request in the logs of all services. It is no secret.
func requestID() string {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64()) //nolint:gosec // No secret.
	return hex.EncodeToString(raw[:])
}
