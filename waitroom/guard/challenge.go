package guard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash"
	"math/bits"
	"net/netip"
	"strings"
	"time"

	"anteroom/waitroom"
)

// A challenge is 27 bytes in base64: how many bits (1), until when (5, Unix seconds), a random name (9), and the first 12 bytes of an HMAC
// over these and over whom it is for: room, epoch, network of the applicant, idempotency key. Nothing is kept of it.
//
// With a dot and up to 18 digits it fills one block of SHA-256, so each attempt costs one.
const (
	rawSize       = 27
	nameAt        = 6
	macAt         = 15
	textSize      = 36
	maxDigits     = 18
	challengeLife = 5 * time.Minute // well within the hour that a line remembers an idempotency key
)

// Why a solution is not taken.
var (
	errMissing      = errors.New("missing")
	errMalformed    = errors.New("malformed")
	errForeign      = errors.New("for another visitor, room or network, or not ours")
	errExpired      = errors.New("expired")
	errCheap        = errors.New("the price has gone up meanwhile")
	errInsufficient = errors.New("does not solve it")
)

var challengeBase64 = base64.RawURLEncoding.Strict()

// audience is whom a challenge is for.
type audience struct {
	room    string
	epoch   int64
	network netip.Prefix
	key     string
}

func audienceOf(v *waitroom.View, a waitroom.Applicant) audience {
	return audience{room: v.Room, epoch: v.Epoch, network: network(a.Addr), key: a.Key}
}

// Challenge implements waitroom.Guard.
func (g *Guard) Challenge(v *waitroom.View, a waitroom.Applicant) (waitroom.Challenge, bool) {
	if v.Policy.Guards.ProofOfWork != waitroom.WatchEnforce {
		return waitroom.Challenge{}, false
	}
	return g.challenge(v, a, v.LineTime(g.clock())), true
}

func (g *Guard) challenge(v *waitroom.View, a waitroom.Applicant, at time.Time) waitroom.Challenge {
	cost := v.Policy.Guards.ProofBits
	until := at.Add(challengeLife).Truncate(time.Second)
	var raw [rawSize]byte
	raw[0] = byte(cost) //nolint:gosec // 8 to 26.
	var seconds [8]byte
	binary.BigEndian.PutUint64(seconds[:], uint64(until.Unix())) //nolint:gosec // After 1970.
	copy(raw[1:nameAt], seconds[3:])
	_, _ = rand.Read(raw[nameAt:macAt]) // never fails (crypto/rand)
	mac := audienceOf(v, a).mac(g.keys.Derive(proofPurpose)[0], raw[:macAt])
	copy(raw[macAt:], mac)
	return waitroom.Challenge{Text: challengeBase64.EncodeToString(raw[:]), Bits: cost, ExpiresAt: until.UTC()}
}

const proofPurpose = "proof of work"

// mac is bound to every field by its length, so that no two audiences are written alike.
func (a audience) mac(key, signed []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(signed)
	writeField(m, a.room)
	writeField(m, a.network.String())
	writeField(m, a.key)
	var epoch [8]byte
	binary.BigEndian.PutUint64(epoch[:], uint64(a.epoch)) //nolint:gosec // Its bits.
	m.Write(epoch[:])
	return m.Sum(nil)[:rawSize-macAt]
}

func writeField(m hash.Hash, text string) {
	var size [4]byte
	binary.BigEndian.PutUint32(size[:], uint32(len(text))) //nolint:gosec // Short.
	m.Write(size[:])
	m.Write([]byte(text))
}

// solution is a solution, taken apart.
type solution struct {
	text   string // the challenge's
	bits   int
	until  time.Time
	signed [rawSize]byte
}

// parseSolution takes a solution apart. There is one way to write each.
func parseSolution(text string) (s solution, err error) {
	if text == "" {
		return s, errMissing
	}
	if len(text) > textSize+1+maxDigits {
		return s, errMalformed
	}
	challenge, number, found := strings.Cut(text, ".")
	if !found || len(challenge) != textSize || !wholeNumber(number) {
		return s, errMalformed
	}
	if n, err := challengeBase64.Decode(s.signed[:], []byte(challenge)); err != nil || n != rawSize {
		return s, errMalformed
	}
	var seconds [8]byte
	copy(seconds[3:], s.signed[1:nameAt])
	s.text, s.bits = challenge, int(s.signed[0])
	s.until = time.Unix(int64(binary.BigEndian.Uint64(seconds[:])), 0) //nolint:gosec // 40 bits.
	return s, nil
}

func wholeNumber(text string) bool {
	if text == "" || len(text) > maxDigits || text[0] == '0' && text != "0" {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// verify says whether the text solves a challenge of ours for this audience, and returns the challenge. The work is looked at last: only
// who was given the challenge can be found not to have done it.
func verify(keys [][]byte, text string, who audience, cost int64, at time.Time) (challenge string, err error) {
	s, err := parseSolution(text)
	if err != nil {
		return "", err
	}
	if !who.signed(keys, s.signed[:]) {
		return "", errForeign
	}
	switch {
	case !at.Before(s.until):
		return "", errExpired
	case int64(s.bits) < cost:
		return "", errCheap
	case leadingZeros(sha256.Sum256([]byte(text))) < s.bits:
		return "", errInsufficient
	}
	return s.text, nil
}

func (a audience) signed(keys [][]byte, raw []byte) bool {
	for _, key := range keys {
		if hmac.Equal(a.mac(key, raw[:macAt]), raw[macAt:]) {
			return true
		}
	}
	return false
}

func leadingZeros(sum [sha256.Size]byte) (n int) {
	for _, b := range sum {
		if b != 0 {
			return n + bits.LeadingZeros8(b)
		}
		n += 8
	}
	return n
}
