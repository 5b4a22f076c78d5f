package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// decoder reads the entries of one block into a log.
type decoder struct {
	raw   []byte
	words []string
	last  int64
	err   error
}

var errShort = errors.New("an entry goes on beyond the end of its block")

// next reads one entry.
func (d *decoder) next(l *Log) error {
	kind := d.raw[0]
	d.raw = d.raw[1:]
	if kind == kindRecord {
		r := d.record()
		if d.err == nil {
			l.Records = append(l.Records, r)
		}
		return d.err
	}
	size := d.uvarint()
	if d.err == nil && size > uint64(len(d.raw)) {
		d.err = errShort
	}
	if d.err != nil {
		return d.err
	}
	text := d.raw[:size]
	d.raw = d.raw[size:]
	switch kind {
	case kindSample:
		return appendJSON(text, &l.Samples)
	case kindGenerator:
		return appendJSON(text, &l.Generators)
	case kindFault:
		return appendJSON(text, &l.Faults)
	case kindAudit:
		return setJSON(text, &l.Audit)
	case kindEnd:
		return setJSON(text, &l.End)
	case kindHeader:
		return errors.New("a second header")
	}
	return fmt.Errorf("an entry of the unknown kind %d", kind)
}

func (d *decoder) record() (r Record) {
	fields := d.uvarint()
	if fields&^uint64(allFields) != 0 {
		d.err = errors.Join(d.err, fmt.Errorf("a record with unknown fields (%#x)", fields))
	}
	integer := func(bit uint64, from int64) int64 {
		if fields&bit == 0 || d.err != nil {
			return 0
		}
		return d.varint() + from
	}
	text := func(bit uint64) string {
		if fields&bit == 0 || d.err != nil {
			return ""
		}
		return d.word()
	}
	r.Visitor = int(integer(hasVisitor, 0))
	r.Action = Action(text(hasAction))
	r.Gateway = int(integer(hasGateway, 0))
	r.Answered = integer(hasAnswered, d.last)
	r.Sent = integer(hasSent, r.Answered)
	r.Scheduled = integer(hasScheduled, r.Sent)
	r.Status = int(integer(hasStatus, 0))
	r.Problem = text(hasProblem)
	r.Error = text(hasError)
	r.Epoch = integer(hasEpoch, 0)
	r.Number = integer(hasNumber, 0)
	r.State = text(hasState)
	r.PollAfterMS = integer(hasPollAfter, 0)
	r.AdmittedMS = integer(hasAdmitted, r.Answered/1e6)
	if fields&hasSeats != 0 {
		r.Seats = d.seats()
	}
	r.Order = text(hasOrder)
	r.ExpiresMS = integer(hasExpires, r.Answered/1e6)
	r.Try = text(hasTry)
	r.Drawn = integer(hasDrawn, 0)
	r.Reached = fields&isReached != 0
	d.last = r.Answered
	return r
}

func (d *decoder) seats() []int64 {
	n := d.uvarint()
	if n > uint64(len(d.raw)) && d.err == nil { // each seat needs a byte at least
		d.err = errShort
	}
	if d.err != nil {
		return nil
	}
	seats := make([]int64, n)
	var before int64
	for i := range seats {
		before += d.varint()
		seats[i] = before
	}
	return seats
}

func (d *decoder) word() string {
	order := d.uvarint()
	switch {
	case d.err != nil:
		return ""
	case order > uint64(len(d.words)):
		d.err = fmt.Errorf("word %d of %d", order, len(d.words))
		return ""
	case order > 0:
		return d.words[order-1]
	}
	size := d.uvarint()
	if d.err == nil && size > uint64(len(d.raw)) {
		d.err = errShort
	}
	if d.err != nil {
		return ""
	}
	s := string(d.raw[:size])
	d.raw, d.words = d.raw[size:], append(d.words, s)
	return s
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.raw)
	d.advance(size)
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.raw)
	d.advance(size)
	return n
}

func (d *decoder) advance(size int) {
	switch {
	case size > 0:
		d.raw = d.raw[size:]
	case d.err == nil:
		d.err = errShort
	}
}

// parse reads JSON strictly: a field that is not known would otherwise be lost without a word.
func parse(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%T: %w", into, err)
	}
	return nil
}

func appendJSON[T any](text []byte, to *[]T) error {
	var entry T
	if err := parse(text, &entry); err != nil {
		return err
	}
	*to = append(*to, entry)
	return nil
}

func setJSON[T any](text []byte, to **T) error {
	if *to != nil {
		return fmt.Errorf("a second %T", **to)
	}
	*to = new(T)
	return parse(text, *to)
}
