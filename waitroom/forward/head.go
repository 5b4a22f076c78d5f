package forward

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// Bounds of the head of an answer.
const (
	maxHead   = 16 << 10 // bytes, interim answers before it included
	maxFields = 256
)

// field is one header. Its bytes are those of the buffer it was read into.
type field struct{ name, value []byte }

// head is the head of an answer as it is read, line by line. The zero value is ready; reset makes it so again and keeps its memory.
type head struct {
	at       int // bytes read
	status   int
	reason   []byte
	old      bool // HTTP/1.0
	fields   []field
	named    [][]byte // by Connection
	length   int64    // -1: not said
	chunked  bool
	closes   bool
	keeps    bool
	upgrade  []byte // the protocol
	upgrades bool
	events   bool
	command  []byte
	done     bool
}

func (h *head) reset() {
	*h = head{fields: h.fields[:0], named: h.named[:0], length: -1}
}

// read goes on reading a head at the beginning of b, where it left off; what it has read of b must not have changed since. It reports
// whether the head is complete; then at is its length. It is strict: what could be read in two ways is an error.
func (h *head) read(b []byte) (complete bool, err error) {
	for {
		i := bytes.IndexByte(b[h.at:], '\n')
		if i < 0 {
			return false, nil
		}
		line := b[h.at : h.at+i]
		h.at += i + 1
		if i == 0 || line[i-1] != '\r' {
			return false, badAnswer("a line of its head ends without a carriage return")
		}
		line = line[:i-1]
		switch {
		case h.status == 0:
			err = h.statusLine(line)
		case len(line) == 0:
			return true, h.finish()
		default:
			err = h.field(line)
		}
		if err != nil {
			return false, err
		}
	}
}

// statusLine reads "HTTP/1.1 200 OK". The last space may be missing together with the reason, as some leave it out.
func (h *head) statusLine(line []byte) error {
	if len(line) < len("HTTP/1.1 200") || string(line[:7]) != "HTTP/1." || line[8] != ' ' || (line[7] != '0' && line[7] != '1') {
		return badAnswer("it does not begin with a status line of HTTP/1.1")
	}
	h.old = line[7] == '0'
	for _, c := range line[9:12] {
		if c < '0' || c > '9' {
			return badAnswer("its status is no number")
		}
		h.status = h.status*10 + int(c-'0')
	}
	if h.status < 100 || len(line) > 12 && line[12] != ' ' {
		return badAnswer("its status is not of three digits from 100")
	}
	if len(line) > 13 {
		h.reason = line[13:]
	}
	if !endpoint.IsText(h.reason) {
		return badAnswer("its reason has control characters")
	}
	return nil
}

func (h *head) field(line []byte) error {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 || !endpoint.IsToken(line[:colon]) { // a folded line begins with a space, which is in no name
		return badAnswer("a header is not written as a name, a colon and a value")
	}
	name, value := line[:colon], endpoint.TrimSpace(line[colon+1:])
	if !endpoint.IsText(value) {
		return badAnswer("a header has control characters")
	}
	switch ofAnswer(name) {
	case drop:
		return nil
	case length:
		return h.setLength(value)
	case coding:
		if h.chunked || !equal(value, "chunked") {
			return badAnswer("it is encoded in a way that is not understood")
		}
		h.chunked = true
		return nil
	case connection:
		var closes, keeps, upgrades, ok bool
		if h.named, closes, keeps, upgrades, ok = readConnection(value, h.named); !ok {
			return badAnswer("its Connection header is not understood")
		}
		h.closes, h.keeps, h.upgrades = h.closes || closes, h.keeps || keeps, h.upgrades || upgrades
		return nil
	case upgrade:
		h.upgrade = value
		return nil
	case command:
		h.command = value
		return nil
	case eventType:
		h.events = isEvents(value)
	}
	if len(h.fields) == maxFields {
		return badAnswer("it has more than %d headers", maxFields)
	}
	h.fields = append(h.fields, field{name, value})
	return nil
}

// setLength takes a length once: of two, even of equal ones, another reader may believe the other.
func (h *head) setLength(value []byte) error {
	if h.length >= 0 || len(value) == 0 || len(value) > 18 {
		return badAnswer("its length is said twice, or is none")
	}
	var n int64
	for _, c := range value {
		if c < '0' || c > '9' {
			return badAnswer("its length is no number")
		}
		n = n*10 + int64(c-'0')
	}
	h.length = n
	return nil
}

// finish checks what only the whole head tells.
func (h *head) finish() error {
	switch {
	case h.chunked && h.length >= 0:
		return badAnswer("it is framed in two ways")
	case h.chunked && h.old:
		return badAnswer("it is chunked, which HTTP/1.0 does not know")
	case h.interim() && (h.chunked || h.length > 0):
		return badAnswer("an interim answer has a body")
	}
	h.done = true
	return nil
}

// interim reports whether another head follows.
func (h *head) interim() bool {
	return h.status < 200 && h.status != fasthttp.StatusSwitchingProtocols
}

// bodyless reports whether the status allows no body.
func (h *head) bodyless() bool {
	return h.status < 200 || h.status == fasthttp.StatusNoContent || h.status == fasthttp.StatusNotModified
}

// lasts reports whether the connection may be used again once the body has been read.
func (h *head) lasts() bool { return !h.closes && (!h.old || h.keeps) }

// isEvents reports whether a media type is that of Server-Sent Events.
func isEvents(mediaType []byte) bool {
	if semicolon := bytes.IndexByte(mediaType, ';'); semicolon >= 0 {
		mediaType = endpoint.TrimSpace(mediaType[:semicolon])
	}
	return equal(mediaType, "text/event-stream")
}

// apply writes the head into the answer to the visitor.
func (h *head) apply(to *fasthttp.ResponseHeader) {
	to.SetStatusCode(h.status)
	if len(h.reason) > 0 && string(h.reason) != fasthttp.StatusMessage(h.status) {
		to.SetStatusMessage(h.reason)
	}
	for _, f := range h.fields {
		if len(h.named) == 0 || !among(f.name, h.named) {
			to.AddBytesKV(f.name, f.value)
		}
	}
}
