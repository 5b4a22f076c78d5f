package forward

import (
	"bytes"

	"anteroom/internal/endpoint"
)

// token are the bytes that names of headers and methods are made of (RFC 9110, section 5.6.2).
var token = func() (t [256]bool) {
	for c := range 256 {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			t[c] = true
		}
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		t[c] = true
	}
	return t
}()

func isToken(name []byte) bool {
	for _, c := range name {
		if !token[c] {
			return false
		}
	}
	return len(name) > 0
}

// isText reports whether a value holds no control characters but tabs (RFC 9110, section 5.5).
func isText(value []byte) bool {
	for _, c := range value {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// equal compares a name with one of ours, which is in small letters. An underscore is no hyphen here.
func equal(name []byte, own string) bool {
	if len(name) != len(own) {
		return false
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != own[i] {
			return false
		}
	}
	return true
}

// begins reports whether a name begins like one of ours, which is in small letters. An underscore counts as a hyphen, as it does to some
// upstreams.
func begins(name []byte, own string) bool {
	if len(name) < len(own) {
		return false
	}
	for i := range len(own) {
		c := name[i]
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

// fate is what becomes of a header.
type fate uint8

const (
	pass       fate = iota
	drop            // it concerns one connection, or only the gateway may say it
	connection      // as drop, and it names others that concern this connection
	upgrade
	length // of the body
	coding // of the body
	command
	eventType // the type of an answer's body
)

// ofRequest is the fate of a header of a request. Those that frame the message are written anew, and so is Host.
func ofRequest(name []byte) fate {
	switch name[0] | 0x20 {
	case 'c':
		switch {
		case equal(name, "connection"):
			return connection
		case begins(name, "content-length"): // written anew; with an underscore it would be a second one to some
			return drop
		}
	case 'e':
		if equal(name, "expect") { // the gateway has answered it
			return drop
		}
	case 'f':
		if begins(name, "forwarded") {
			return drop
		}
	case 'h':
		if equal(name, "host") || equal(name, "http2-settings") {
			return drop
		}
	case 'k':
		if equal(name, "keep-alive") {
			return drop
		}
	case 'p':
		if equal(name, "proxy-connection") || equal(name, "proxy-authenticate") || equal(name, "proxy-authorization") {
			return drop
		}
	case 't':
		if equal(name, "te") || equal(name, "trailer") || begins(name, "transfer-encoding") {
			return drop
		}
	case 'u':
		if equal(name, "upgrade") {
			return upgrade
		}
	case 'w':
		if begins(name, "waitroom-") {
			return drop
		}
	case 'x':
		if begins(name, "x-forwarded-") || begins(name, "x-request-id") || begins(name, "x-real-ip") || begins(name, "x-original-") || begins(name, "x-rewrite-") {
			return drop
		}
	}
	return pass
}

// ofAnswer is the fate of a header of an answer. Nothing that an upstream says may look like the gateway's own word.
func ofAnswer(name []byte) fate {
	switch name[0] | 0x20 {
	case 'c':
		switch {
		case equal(name, "content-length"):
			return length
		case equal(name, "connection"):
			return connection
		case equal(name, "content-type"):
			return eventType
		}
	case 'k':
		if equal(name, "keep-alive") {
			return drop
		}
	case 'p':
		if equal(name, "proxy-connection") || equal(name, "proxy-authenticate") || equal(name, "proxy-authorization") {
			return drop
		}
	case 't':
		switch {
		case equal(name, "transfer-encoding"):
			return coding
		case equal(name, "te"), equal(name, "trailer"):
			return drop
		}
	case 'u':
		if equal(name, "upgrade") {
			return upgrade
		}
	case 'w':
		switch {
		case equal(name, "waitroom-command"):
			return command
		case begins(name, "waitroom-"):
			return drop
		}
	}
	return pass
}

// maxNamed bounds what one message's Connection headers may name.
const maxNamed = 16

// readConnection reads a Connection header: it gathers what the header names beyond what is understood here. It reports false when that is too much.
func readConnection(value []byte, named [][]byte) (rest [][]byte, closes, keeps, upgrades, ok bool) {
	for len(value) > 0 {
		name := value
		if comma := bytes.IndexByte(value, ','); comma >= 0 {
			name, value = value[:comma], value[comma+1:]
		} else {
			value = nil
		}
		switch name = endpoint.TrimSpace(name); {
		case len(name) == 0:
		case equal(name, "close"):
			closes = true
		case equal(name, "keep-alive"):
			keeps = true
		case equal(name, "upgrade"):
			upgrades = true
		case !isToken(name) || len(named) == maxNamed:
			return named, closes, keeps, upgrades, false
		default:
			named = append(named, name)
		}
	}
	return named, closes, keeps, upgrades, true
}

// among reports whether a name is one of those, in whatever case.
func among(name []byte, named [][]byte) bool {
	for _, one := range named {
		if bytes.EqualFold(name, one) {
			return true
		}
	}
	return false
}
