package drawing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"
)

// Digest is 32 bytes, published as 64 lower-case hexadecimal digits.
type Digest [32]byte

// String is the published form.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText gives the published form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the published form, and no other.
func (d *Digest) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != len(d) || hex.EncodeToString(raw) != string(text) {
		return errors.New("is not 64 lower-case hexadecimal digits")
	}
	copy(d[:], raw)
	return nil
}

// Commitment is what a seed must have been published as beforehand.
func Commitment(seed [32]byte, room string, epoch int64, beaconName string) Digest {
	return hash([]byte("anteroom draw commitment v1\n"), texts(seed[:], []byte(room), eight(epoch), []byte(beaconName)))
}

// Key is that of the order.
func Key(seed [32]byte, root Digest, beaconName, beaconValue, room string, epoch, n int64) Digest {
	return hash([]byte("anteroom draw key v1\n"),
		texts(seed[:], root[:], []byte(beaconName), []byte(beaconValue), []byte(room), eight(epoch), eight(n)))
}

// pageSize is how many bytes of the entrants one leaf of the tree holds.
const pageSize = 1024

// Root is that of the entrants, whose bits 0 to n are in the bitmap.
func Root(n int64, entrants []byte) Digest {
	pages := (len(entrants) + pageSize - 1) / pageSize
	head := subtree(entrants, 0, max(pages, 1))
	return hash([]byte{2}, eight(n), head[:])
}

// subtree hashes the pages from one to another: the left half is the greatest power of two below their count.
func subtree(entrants []byte, from, to int) Digest {
	if to-from == 1 {
		page := make([]byte, pageSize)
		copy(page, entrants[from*pageSize:])
		return hash([]byte{0}, eight(int64(from)), page)
	}
	half := from + 1<<(bits.Len(uint(to-from-1))-1)
	left, right := subtree(entrants, from, half), subtree(entrants, half, to)
	return hash([]byte{1}, left[:], right[:])
}

func hash(parts ...[]byte) Digest {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return Digest(h.Sum(nil))
}

// texts is each part after its length, so that no two lists of parts are the same bytes.
func texts(parts ...[]byte) (all []byte) {
	for _, part := range parts {
		all = append(append(all, eight(int64(len(part)))...), part...)
	}
	return all
}

func eight(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// has says whether a number's bit is set; what is beyond the bitmap is not.
func has(bitmap []byte, number int64) bool {
	return number >= 0 && number/8 < int64(len(bitmap)) && bitmap[number/8]>>(7-number%8)&1 == 1
}
