package waitroom

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math"
)

// secretBytes of a code cannot be guessed: 128 bits.
const secretBytes = 16

// maxMoveCode bounds the text of a code, in bytes: a secret and two numbers of at most ten bytes each, in base64.
const maxMoveCode = 48

// MoveCode opens an offer once. It names the place, which is no secret, so that the line need not look for it.
type MoveCode struct {
	Epoch, Number int64
	text          string
}

// NewMoveCode makes a code that nobody can guess.
func NewMoveCode(epoch, number int64) (MoveCode, error) {
	raw := make([]byte, secretBytes, maxMoveCode)
	if _, err := rand.Read(raw); err != nil {
		return MoveCode{}, err
	}
	raw = binary.AppendUvarint(raw, uint64(epoch))  //nolint:gosec // Never negative.
	raw = binary.AppendUvarint(raw, uint64(number)) //nolint:gosec // Never negative.
	return MoveCode{Epoch: epoch, Number: number, text: base64.RawURLEncoding.EncodeToString(raw)}, nil
}

// ParseMoveCode reads a code as it stands in a link. It fails with "move-spent", for no such code was ever given.
func ParseMoveCode(text string) (MoveCode, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(text) > maxMoveCode || len(raw) < secretBytes {
		return MoveCode{}, ErrMoveSpent
	}
	rest := raw[secretBytes:]
	epoch, n := binary.Uvarint(rest)
	if n <= 0 || epoch > math.MaxInt64 {
		return MoveCode{}, ErrMoveSpent
	}
	number, m := binary.Uvarint(rest[n:])
	if m <= 0 || n+m != len(rest) || number == 0 || number > math.MaxInt64 {
		return MoveCode{}, ErrMoveSpent
	}
	return MoveCode{Epoch: int64(epoch), Number: int64(number), text: text}, nil
}

// String is the code as it stands in a link.
func (c MoveCode) String() string { return c.text }

// Digest is what the line keeps of a code: who reads the line's data cannot claim with it.
func (c MoveCode) Digest() string { return digest("move:" + c.text) }

// MoveKey is what the line keeps of the key that a claim can be repeated with; empty for none.
func MoveKey(key string) string {
	if key == "" {
		return ""
	}
	return digest("claim:" + key)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
