package draw

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/bits"
)

// MaxNumbers is the greatest N of a published draw: its bitmap is 128 MB, which a verifier can still be asked to hold.
const MaxNumbers = int64(1) << 30

// Entrants is who was there when the draw was sealed: a bit for each of the numbers 1..N, and the Merkle tree over them. It
// never changes once made and is safe for concurrent use.
type Entrants struct {
	n      int64
	bitmap []byte // bits 0..n, none set beyond
	tree   tree
}

// NewEntrants takes the bitmap of who is present, bit number%8 of byte number/8 with the most significant first, as in a
// Redis string; a copy is kept. A bitmap that ends early says absent for the rest. n is 0 to MaxNumbers. Bit 0, or a bit
// beyond n, that is set is an ErrDocument that names "entrants"; n out of range names "n".
func NewEntrants(n int64, bitmap []byte) (*Entrants, error) {
	if n < 0 || n > MaxNumbers {
		return nil, invalid("n", "is %d, not 0 to %d", n, MaxNumbers)
	}
	if bit(bitmap, 0) {
		return nil, invalid("entrants", "has bit 0 set, which is nobody's number")
	}
	own := make([]byte, size(n))
	beyond := bitmap[copy(own, bitmap):]
	if own[len(own)-1]&(0x7f>>(n%8)) != 0 || len(bytes.TrimLeft(beyond, "\x00")) > 0 {
		return nil, invalid("entrants", "has a bit set beyond n, which is %d", n)
	}
	return &Entrants{n: n, bitmap: own, tree: plant(own)}, nil
}

// N is the highest number handed out before the sealing.
func (e *Entrants) N() int64 { return e.n }

// Has says whether number was present.
func (e *Entrants) Has(number int64) bool { return number > 0 && bit(e.bitmap, number) }

// Count is how many were present.
func (e *Entrants) Count() int64 {
	count := 0
	for _, b := range e.bitmap {
		count += bits.OnesCount8(b)
	}
	return int64(count)
}

// Bitmap is the bits 0..N by number. It must not be written to.
func (e *Entrants) Bitmap() []byte { return e.bitmap }

// Root is what is published at the sealing: it fixes N and every bit.
func (e *Entrants) Root() Hash { return seal(e.n, e.tree.head()) }

// Gzip is the bitmap in the form that is published.
func (e *Entrants) Gzip() []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	// Writing to memory does not fail.
	_, _ = w.Write(e.bitmap)
	_ = w.Close()
	return out.Bytes()
}

// OpenEntrants reads what Gzip wrote. No more than the bitmap of n numbers is ever unpacked, whatever the input promises;
// anything but exactly that bitmap is an ErrDocument that names "entrants" (or "n").
func OpenEntrants(n int64, packed []byte) (*Entrants, error) {
	if n < 0 || n > MaxNumbers {
		return nil, invalid("n", "is %d, not 0 to %d", n, MaxNumbers)
	}
	source := bytes.NewReader(packed)
	r, err := gzip.NewReader(source)
	if err != nil {
		return nil, invalid("entrants", "is not gzip: %v", err)
	}
	r.Multistream(false) // one bitmap, one stream: what follows would be read by some and not by others
	bitmap, err := io.ReadAll(io.LimitReader(r, size(n)+1))
	switch {
	case err != nil:
		return nil, invalid("entrants", "is not whole: %v", err)
	case int64(len(bitmap)) > size(n):
		return nil, invalid("entrants", "unpacks to more than the %d bytes that %d numbers take", size(n), n)
	case int64(len(bitmap)) < size(n):
		return nil, invalid("entrants", "unpacks to %d bytes, not the %d that %d numbers take", len(bitmap), size(n), n)
	case source.Len() > 0:
		return nil, invalid("entrants", "has %d bytes after its end", source.Len())
	}
	return NewEntrants(n, bitmap)
}
