package routes

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of a pattern.
const (
	maxPattern  = 1024 // bytes
	maxSegments = 32
)

// pattern is a path as the configuration writes it:
//
//	/a/b        this path, with or without a slash at its end
//	/a/**       /a and everything below it
//	/a/*/c      any one segment in the middle
//	/a/{room}   any one segment, which is the name of the room
type pattern struct {
	source   string
	segments []segment
	below    bool // it ends in **
}

type segment struct {
	literal []byte // nil: any one segment
	room    bool
}

// parsePattern reads a pattern. The error says how it should be written.
func parsePattern(text string) (pattern, error) {
	p := pattern{source: text}
	switch {
	case !strings.HasPrefix(text, "/"):
		return p, errors.New("a path begins with /")
	case len(text) > maxPattern:
		return p, fmt.Errorf("is longer than %d bytes", maxPattern)
	case text == "/":
		return p, nil
	case strings.HasSuffix(text, "/"):
		plain := strings.TrimRight(text, "/")
		return p, fmt.Errorf("ends with a slash; write %s for this one path (with or without a slash), or %s/** for everything below it too", plain, plain)
	case !utf8.ValidString(text):
		return p, errors.New("is not UTF-8")
	}
	parts := strings.Split(text[1:], "/")
	if len(parts) > maxSegments {
		return p, fmt.Errorf("has more than %d segments", maxSegments)
	}
	rooms := 0
	for i, part := range parts {
		switch {
		case part == "**" && i == len(parts)-1:
			p.below = true
		case part == "**":
			return p, errors.New("** stands at the end only")
		case part == "*":
			p.segments = append(p.segments, segment{})
		case part == "{room}":
			rooms++
			p.segments = append(p.segments, segment{room: true})
		default:
			if err := checkLiteral(part); err != nil {
				return p, err
			}
			p.segments = append(p.segments, segment{literal: []byte(part)})
		}
	}
	if rooms > 1 {
		return p, errors.New("has {room} twice")
	}
	return p, nil
}

// checkLiteral refuses what no clean path can hold, since it would never match, and what looks like a pattern that there is not.
func checkLiteral(part string) error {
	switch {
	case part == "":
		return errors.New("has an empty segment")
	case part == "." || part == "..":
		return fmt.Errorf("has the segment %q, which no path has once it is cleaned", part)
	case strings.ContainsAny(part, "{}"):
		return fmt.Errorf("has the segment %q; the one name in braces is {room}, and it is a whole segment", part)
	case strings.Contains(part, "*"):
		return fmt.Errorf("has the segment %q; * stands for a whole segment", part)
	}
	for i := range len(part) {
		if c := part[i]; c < 0x20 || c == 0x7f || strings.IndexByte(`%;\?#`, c) >= 0 {
			return fmt.Errorf("has the character %q, which no path has once it is cleaned; write paths decoded, without a query", c)
		}
	}
	return nil
}

// captures reports whether the pattern names the room.
func (p *pattern) captures() bool {
	for i := range p.segments {
		if p.segments[i].room {
			return true
		}
	}
	return false
}

// spelled reports whether a path that the pattern matches has the pattern's own letters, and returns the segment that names the room.
func (p *pattern) spelled(path []byte) (room []byte, ok bool) {
	rest := path[1:]
	for i := range p.segments {
		one, tail, _ := bytes.Cut(rest, slash)
		switch s := &p.segments[i]; {
		case s.room:
			room = one
		case s.literal != nil && !bytes.Equal(s.literal, one):
			return nil, false
		}
		rest = tail
	}
	return room, true
}

// roomOf returns the segment that names the room.
func (p *pattern) roomOf(path []byte) []byte {
	rest := path[1:]
	for i := range p.segments {
		one, tail, _ := bytes.Cut(rest, slash)
		if p.segments[i].room {
			return one
		}
		rest = tail
	}
	return nil
}

// meets reports whether some path matches both patterns, letters' case ignored.
func (p *pattern) meets(q *pattern) bool {
	for i := range max(len(p.segments), len(q.segments)) {
		switch {
		case i >= len(p.segments):
			return p.below
		case i >= len(q.segments):
			return q.below
		}
		a, b := p.segments[i].literal, q.segments[i].literal
		if a != nil && b != nil && !bytes.EqualFold(a, b) {
			return false
		}
	}
	return true
}

var slash = []byte("/")
