package journal

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// block is entries on their way to a frame. It stands alone: its first record is not written as a difference to one of another block, and
// its words are its own, so that a frame can be read whatever became of those before it.
type block struct {
	raw   []byte
	body  []byte            // of the record being written, kept for its memory
	words map[string]uint64 // texts that were in this block before, by their order from 1
	last  int64             // when the record before this one was answered
	count int
}

// record appends a record. Times are written as differences, which are short where the times themselves are long.
func (b *block) record(r *Record) {
	b.count++
	body := b.body[:0]
	var fields uint64
	integer := func(bit uint64, value, from int64) {
		if value != 0 {
			fields |= bit
			body = binary.AppendVarint(body, value-from)
		}
	}
	text := func(bit uint64, s string) {
		if s != "" {
			fields |= bit
			body = b.word(body, s)
		}
	}
	integer(hasVisitor, int64(r.Visitor), 0)
	text(hasAction, string(r.Action))
	integer(hasGateway, int64(r.Gateway), 0)
	integer(hasAnswered, r.Answered, b.last)
	integer(hasSent, r.Sent, r.Answered)
	integer(hasScheduled, r.Scheduled, r.Sent)
	integer(hasStatus, int64(r.Status), 0)
	text(hasProblem, r.Problem)
	text(hasError, r.Error)
	integer(hasEpoch, r.Epoch, 0)
	integer(hasNumber, r.Number, 0)
	text(hasState, r.State)
	integer(hasPollAfter, r.PollAfterMS, 0)
	integer(hasAdmitted, r.AdmittedMS, r.Answered/1e6)
	if len(r.Seats) > 0 {
		fields |= hasSeats
		body = binary.AppendUvarint(body, uint64(len(r.Seats)))
		var before int64
		for _, seat := range r.Seats {
			body = binary.AppendVarint(body, seat-before)
			before = seat
		}
	}
	text(hasOrder, r.Order)
	integer(hasExpires, r.ExpiresMS, r.Answered/1e6)
	text(hasTry, r.Try)
	integer(hasDrawn, r.Drawn, 0)
	if r.Reached {
		fields |= isReached
	}
	b.last = r.Answered
	b.raw = binary.AppendUvarint(append(b.raw, kindRecord), fields)
	b.raw, b.body = append(b.raw, body...), body
}

// word appends a text: 0, its length and its bytes the first time; later only its order.
func (b *block) word(raw []byte, s string) []byte {
	if order, known := b.words[s]; known {
		return binary.AppendUvarint(raw, order)
	}
	if b.words == nil {
		b.words = map[string]uint64{}
	}
	b.words[s] = uint64(len(b.words) + 1)
	raw = binary.AppendUvarint(append(raw, 0), uint64(len(s)))
	return append(raw, s...)
}

// other appends an entry that is rare enough to be JSON.
func (b *block) other(kind byte, entry any) error {
	text, err := json.Marshal(entry)
	if err != nil {
		return fmt.Errorf("%T: %w", entry, err)
	}
	b.count++
	b.raw = binary.AppendUvarint(append(b.raw, kind), uint64(len(text)))
	b.raw = append(b.raw, text...)
	return nil
}
