package drawing

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"time"
)

// Draw is one that was made, with its entrants. It never changes once opened and is safe for concurrent use.
type Draw struct {
	document *Document
	entrants []byte // the bits 0 to N
	order    *Order
}

// Open takes a document that is drawn, and the entrants as its address gave them when they are not in the document. An error says why there
// is nothing to be recomputed; what does not hold is for Wrong to say.
func Open(document *Document, entrants []byte) (*Draw, error) {
	if document.State != Drawn {
		return nil, fmt.Errorf("the draw was not made: it is %s", document.State)
	}
	if len(document.Entrants) > 0 {
		entrants = document.Entrants
	}
	bitmap, err := unpack(entrants, document.N/8+1)
	if err != nil {
		return nil, fmt.Errorf("the draw's entrants: %w", err)
	}
	d := &Draw{document: document, entrants: bitmap}
	// By the key that follows, not by the one that is published: if these differ, Wrong says so.
	d.order = NewOrder(d.key(), document.N)
	return d, nil
}

// unpack reads a gzip file that holds so many bytes, and never more than that.
func unpack(packed []byte, size int64) ([]byte, error) {
	if len(packed) == 0 {
		return nil, errors.New("they are not there")
	}
	unzip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	bitmap, err := io.ReadAll(io.LimitReader(unzip, size+1))
	if err == nil && int64(len(bitmap)) != size {
		err = fmt.Errorf("they are %d bytes or more, not the %d that n takes", len(bitmap), size)
	}
	return bitmap, err
}

func (d *Draw) key() Digest {
	p := d.document
	return Key(p.Seed, p.EntrantsRoot, p.BeaconName, p.BeaconValue, p.Room, p.Epoch, p.N)
}

// Wrong recomputes everything and says what does not follow from the rest; empty when all does. It takes a second for some million numbers.
func (d *Draw) Wrong() (wrong []string) {
	p := d.document
	if made := Commitment(p.Seed, p.Room, p.Epoch, p.BeaconName); made != p.Commitment {
		wrong = append(wrong, fmt.Sprintf("seed, room, epoch and beacon_name make the commitment %s, published is %s", made, p.Commitment))
	}
	if root := Root(p.N, d.entrants); root != p.EntrantsRoot {
		wrong = append(wrong, fmt.Sprintf("the root of these entrants is %s, published is %s", root, p.EntrantsRoot))
	}
	if key := d.key(); key != p.Key {
		wrong = append(wrong, fmt.Sprintf("seed, root, beacon, room, epoch and n make the key %s, published is %s", key, p.Key))
	}
	for number := p.N + 1; number < int64(len(d.entrants))*8; number++ {
		if has(d.entrants, number) {
			wrong = append(wrong, fmt.Sprintf("number %d is an entrant, of %d numbers", number, p.N))
		}
	}
	if has(d.entrants, 0) {
		wrong = append(wrong, "number 0 is an entrant")
	}
	if rank := d.order.twice(); rank > 0 {
		wrong = append(wrong, fmt.Sprintf("two numbers draw %d", rank))
	}
	return wrong
}

// Epoch is that of the line whose places were drawn.
func (d *Draw) Epoch() int64 { return d.document.Epoch }

// N is how many numbers were drawn, those of people who were gone by then among them.
func (d *Draw) N() int64 { return d.document.N }

// SealedAt is when the entrants were fixed, by the clock of the line.
func (d *Draw) SealedAt() time.Time { return d.document.SealedAt }

// Present says whether a number was among the entrants.
func (d *Draw) Present(number int64) bool {
	return number >= 1 && number <= d.N() && has(d.entrants, number)
}

// Rank is the number that was drawn for a number; one that came later keeps its own.
func (d *Draw) Rank(number int64) int64 { return d.order.Rank(number) }
