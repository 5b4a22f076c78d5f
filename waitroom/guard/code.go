package guard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"anteroom/waitroom"
)

// A presale code is a label and twenty characters: a random name of 50 bits and 50 bits of an HMAC over room, label and name, in the letters
// of D. Crockford's base 32, which has none that are mistaken for another. So a code proves itself and nothing has to be stored; which of
// them has a place is what the line's index of accounts knows, for all gateways at once.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	nameLetters = 10
	codeDigits  = 2 * nameLetters
	groupSize   = 5
	maxLabel    = 16
	maxCode     = 64 // bytes, with all the hyphens and spaces that people put in
	nameBits    = 5 * nameLetters
)

// MaxCodes is the most codes that are made at once.
const MaxCodes = 1_000_000

const codePurpose = "presale codes"

// ValidLabel reports whether codes can carry the label: up to 16 small letters and digits, or none.
func ValidLabel(label string) bool {
	for i := range len(label) {
		if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(label) <= maxLabel
}

// MakeCodes makes that many different codes for a room, 1 to MaxCodes, and calls f with each. They are good for as long as the key that signs
// now is kept. It fails for a label that is not valid and with the first error of f.
func MakeCodes(keys Keys, room, label string, count int, f func(code string) error) error {
	switch {
	case !waitroom.ValidRoom(room):
		return waitroom.ErrRoomName
	case !ValidLabel(label):
		return fmt.Errorf("the label %q is not up to %d small letters and digits", label, maxLabel)
	case count < 1 || count > MaxCodes:
		return fmt.Errorf("1 to %d codes are made at once, not %d", MaxCodes, count)
	}
	key := keys.Derive(codePurpose)[0]
	made := make(map[uint64]struct{}, count)
	for len(made) < count {
		name := randomName()
		if _, again := made[name]; again {
			continue
		}
		made[name] = struct{}{}
		if err := f(writeCode(label, name, codeMAC(key, room, label, name))); err != nil {
			return err
		}
	}
	return nil
}

func randomName() uint64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
	return binary.BigEndian.Uint64(raw[:]) >> (64 - nameBits)
}

func codeMAC(key []byte, room, label string, name uint64) uint64 {
	m := hmac.New(sha256.New, key)
	writeField(m, room)
	writeField(m, label)
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], name)
	m.Write(raw[:])
	return binary.BigEndian.Uint64(m.Sum(nil)) >> (64 - nameBits)
}

// writeCode writes VIP-ABCDE-FGHJK-MNPQR-STVWX.
func writeCode(label string, name, mac uint64) string {
	var b strings.Builder
	if label != "" {
		b.WriteString(strings.ToUpper(label))
		b.WriteByte('-')
	}
	for i := range codeDigits {
		if i > 0 && i%groupSize == 0 {
			b.WriteByte('-')
		}
		half, at := name, i
		if i >= nameLetters {
			half, at = mac, i-nameLetters
		}
		b.WriteByte(codeLetters[half>>(5*(nameLetters-1-at))&31])
	}
	return b.String()
}

// code is a presale code, taken apart.
type code struct {
	label     string
	name, mac uint64
}

// parseCode reads a code as people write it: letters of either case, O for 0 and I or L for 1, hyphens and spaces anywhere among the
// twenty. What stands before them is the label.
func parseCode(text string) (c code, ok bool) {
	if len(text) > maxCode {
		return c, false
	}
	var letters [maxCode]byte
	n := 0
	for i := range len(text) {
		switch b := text[i]; {
		case b == '-' || b == ' ' || b == '\t':
			continue
		case b >= 'a' && b <= 'z':
			letters[n] = b - 'a' + 'A'
		default:
			letters[n] = b
		}
		n++
	}
	if n < codeDigits || n > codeDigits+maxLabel {
		return c, false
	}
	c.label = strings.ToLower(string(letters[:n-codeDigits]))
	if !ValidLabel(c.label) {
		return c, false
	}
	for i, b := range letters[n-codeDigits : n] {
		value, known := codeValue(b)
		if !known {
			return c, false
		}
		if i < nameLetters {
			c.name = c.name<<5 | value
		} else {
			c.mac = c.mac<<5 | value
		}
	}
	return c, true
}

func codeValue(b byte) (uint64, bool) {
	switch b {
	case 'O':
		b = '0'
	case 'I', 'L':
		b = '1'
	}
	i := strings.IndexByte(codeLetters, b)
	return uint64(i), i >= 0 //nolint:gosec // Used only when it is not negative.
}

// good reports whether the code was made for the room with one of the keys.
func (c code) good(keys [][]byte, room string) bool {
	for _, key := range keys {
		if codeMAC(key, room, c.label, c.name) == c.mac {
			return true
		}
	}
	return false
}

// account is the name by which the line gives one place to one code.
func (c code) account() string {
	return "code:" + c.label + ":" + strconv.FormatUint(c.name, 36)
}
