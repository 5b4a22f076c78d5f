package draw

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Hash is 32 bytes, written as 64 lower-case hexadecimal digits: a SHA-256 digest, or the seed.
type Hash [32]byte

// String is the hexadecimal form.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText gives the hexadecimal form.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads the one accepted form.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*len(h) {
		return fmt.Errorf("has %d characters, not the 64 hexadecimal digits of 32 bytes", len(text))
	}
	var read Hash
	if _, err := hex.Decode(read[:], text); err != nil || read.String() != string(text) {
		return errors.New("is not 64 lower-case hexadecimal digits")
	}
	*h = read
	return nil
}

// The first bytes of what is hashed, so that no digest made for one purpose can pass for another.
const (
	commitmentDomain = "anteroom draw commitment v1\n"
	keyDomain        = "anteroom draw key v1\n"
)

// NewSeed makes the secret of a draw from the system's random source. It must stay secret until the beacon has spoken.
func NewSeed() ([32]byte, error) {
	var seed [32]byte
	_, err := rand.Read(seed[:])
	return seed, err
}

// Commit is what is published before the pre-queue opens: it fixes the seed without giving it away, and with it the room,
// the epoch and the beacon, so that none of them can be chosen later.
func Commit(seed [32]byte, room string, epoch int64, beaconName string) Hash {
	return digest(commitmentDomain, seed[:], []byte(room), number8(epoch), []byte(beaconName))
}

// Inputs is all that a draw's key follows from.
type Inputs struct {
	Seed        [32]byte
	Root        Hash // of the entrants
	BeaconName  string
	BeaconValue string // byte for byte as in the document
	Room        string
	Epoch       int64
	N           int64
}

// Key is the key of the permutation. Each part goes in with its length, so that no two draws hash the same bytes.
func (in Inputs) Key() [32]byte {
	return digest(keyDomain, in.Seed[:], in.Root[:], []byte(in.BeaconName), []byte(in.BeaconValue), []byte(in.Room), number8(in.Epoch), number8(in.N))
}

// digest hashes domain and the parts, each after its length in eight bytes, most significant first.
func digest(domain string, parts ...[]byte) Hash {
	text := []byte(domain)
	for _, part := range parts {
		text = binary.BigEndian.AppendUint64(text, uint64(len(part)))
		text = append(text, part...)
	}
	return sha256.Sum256(text)
}

func number8(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
