package forward

import (
	"bytes"

	"anteroom/internal/endpoint"
)

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
		case endpoint.BeginsLike(name, "content-length"): // written anew; with an underscore it would be a second one to some
			return drop
		}
	case 'e':
		if equal(name, "expect") { // the gateway has answered it
			return drop
		}
	case 'f':
		if endpoint.BeginsLike(name, "forwarded") {
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
		if equal(name, "te") || equal(name, "trailer") || endpoint.BeginsLike(name, "transfer-encoding") {
			return drop
		}
	case 'u':
		if equal(name, "upgrade") {
			return upgrade
		}
	case 'w':
		if endpoint.BeginsLike(name, "waitroom-") {
			return drop
		}
	case 'x':
		if endpoint.BeginsLike(name, "x-forwarded-") || endpoint.BeginsLike(name, "x-request-id") || endpoint.BeginsLike(name, "x-real-ip") || endpoint.BeginsLike(name, "x-original-") || endpoint.BeginsLike(name, "x-rewrite-") {
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
		case endpoint.BeginsLike(name, "waitroom-"):
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
		case !endpoint.IsToken(name) || len(named) == maxNamed:
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
