package proxy

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
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

// isHopByHop reports whether a header concerns one connection (RFC 9110 §7.6.1); so do those that Connection names. Bodies are
// framed by fasthttp itself, so Transfer-Encoding is not in the list; Expect has been answered by the gateway.
func isHopByHop(name []byte) bool {
	switch string(name) {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Upgrade", "Expect":
		return true
	default:
		return false
	}
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

// maxDrops bounds the rounds of a cleaning; the second finds nothing, unless a name comes in a spelling that cannot be deleted.
const maxDrops = 4

var errHeaders = fault.New(fault.Malformed, "headers-reserved", "The request carries headers that only the gateway may set, in a spelling that is not understood.")

// cleanRequest removes what a visitor sent in the gateway's own headers, and what concerned the visitor's connection only. Most requests
// carry none, and cost one look. It goes through all headers because fasthttp's Peek shows nothing but "close" of a Connection
// header that says close.
func cleanRequest(h *fasthttp.RequestHeader) error {
	h.ResetConnectionClose()
	var found [8]string
	for range maxDrops {
		names := found[:0]
		for name, value := range h.All() {
			if isHopByHop(name) || isOurs(name) {
				names = appendUnwanted(names, name, value)
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

// cleanResponse removes what concerned the upstream's connection only, and what was meant for the gateway.
func cleanResponse(h *fasthttp.ResponseHeader) {
	h.ResetConnectionClose()
	var found [8]string
	names := found[:0]
	for name, value := range h.All() {
		if isHopByHop(name) || string(name) == HeaderCommand {
			names = appendUnwanted(names, name, value)
		}
	}
	for _, name := range names {
		h.Del(name)
	}
}

func appendUnwanted(names []string, name, value []byte) []string {
	names = append(names, string(name))
	if string(name) == fasthttp.HeaderConnection {
		names = appendNamed(names, value)
	}
	return names
}

// appendNamed lists the headers that a Connection header names. Those that frame the message are not anybody's to name.
func appendNamed(names []string, connection []byte) []string {
	for name := range bytes.SplitSeq(connection, []byte(",")) {
		name = bytes.TrimSpace(name)
		if len(name) > 0 && !bytes.EqualFold(name, []byte("Host")) && !bytes.EqualFold(name, []byte("Content-Length")) {
			names = append(names, string(name))
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
