package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// MaxLine bounds a signed line, in bytes; package auth verifies nothing longer.
const MaxLine = 2 << 10

// Line is one checkpoint: what the line of a room was at a moment. Counts are of the epoch. The JSON names are those of the contract.
type Line struct {
	Room  string `json:"room"`
	Epoch int64  `json:"epoch"`
	Seq   int64  `json:"seq"` // 1, 2, 3, … for the room; it goes on through epochs
	At    int64  `json:"at"`  // Unix milliseconds, by the clock of the line

	Issued        int64 `json:"issued"`            // the highest number given
	Serving       int64 `json:"serving"`           // the highest rank admitted
	AdmittedTotal int64 `json:"admitted_total"`    // admissions
	Left          int64 `json:"left,omitempty"`    // who gave the place up; 0 too when that is not told
	Expired       int64 `json:"expired,omitempty"` // who was passed over for good; 0 too when that is not told
	Active        int64 `json:"active"`            // admitted sessions now
	Waiting       int64 `json:"waiting"`           // people waiting now

	Mode          string `json:"mode"`
	Method        string `json:"method"`
	PolicyVersion int64  `json:"policy_version"`
	RatePerMinute int64  `json:"rate_per_minute"`
	MaxActive     int64  `json:"max_active"`

	DrawCommitment string `json:"draw_commitment,omitempty"` // SHA-256 in hex; once given it stands for the epoch
	DrawRoot       string `json:"draw_root,omitempty"`       // the entrants' Merkle root in hex; once given it stands for the epoch

	Prev string `json:"prev"` // Hash of the line before; empty for the first
}

// Passthrough is the method under which limits are not kept but only measured.
const Passthrough = "passthrough"

// Next makes now the line after prev, whose signed text is prevToken: it fills in Seq and Prev. Without a prevToken it is the first.
func Next(prevToken string, prev, now Line) Line {
	if prevToken == "" {
		now.Seq, now.Prev = 1, ""
		return now
	}
	now.Seq, now.Prev = prev.Seq+1, Hash(prevToken)
	return now
}

// Hash is the SHA-256 of a signed line's compact text, in hex: what the next line carries.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Sign makes the signed text of the line. A line that Decode would refuse is refused here, with ErrLine.
func Sign(keys *auth.Keys, l Line) (string, error) {
	if err := l.check(); err != nil {
		return "", err
	}
	return keys.SignCheckpoint(l)
}

// Decode verifies the signature of one line and reads it; what came before it is Verify's to judge. It fails with ErrLine, or
// with "keys-unavailable" when the signature cannot be judged now.
func Decode(ctx context.Context, keys auth.KeySource, token string) (Line, error) {
	var l Line
	if err := auth.VerifyCheckpoint(ctx, keys, []byte(token), &l); err != nil {
		if f := fault.From(err); f.Code == fault.Unavailable {
			return Line{}, f
		}
		return Line{}, because(ErrLine, "signature", "not signed as a checkpoint by any of the keys: %v", err)
	}
	if err := l.check(); err != nil {
		return Line{}, err
	}
	return l, nil
}

var (
	roomName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	word     = regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)
	digest   = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// check judges a line by itself.
func (l *Line) check() error {
	for _, f := range []struct {
		name       string
		value, low int64
	}{
		{"epoch", l.Epoch, 0}, {"seq", l.Seq, 1}, {"at", l.At, 1}, {"issued", l.Issued, 0}, {"serving", l.Serving, 0},
		{"admitted_total", l.AdmittedTotal, 0}, {"left", l.Left, 0}, {"expired", l.Expired, 0}, {"active", l.Active, 0}, {"waiting", l.Waiting, 0},
		{"policy_version", l.PolicyVersion, 0}, {"rate_per_minute", l.RatePerMinute, 0}, {"max_active", l.MaxActive, 0},
	} {
		if f.value < f.low {
			return because(ErrLine, f.name, "must be at least %d, is %d", f.low, f.value)
		}
	}
	for _, f := range []struct {
		name, value string
		form        *regexp.Regexp
		optional    bool
	}{
		{"room", l.Room, roomName, false}, {"mode", l.Mode, word, false}, {"method", l.Method, word, false},
		{"draw_commitment", l.DrawCommitment, digest, true}, {"draw_root", l.DrawRoot, digest, true}, {"prev", l.Prev, digest, l.Seq == 1},
	} {
		if !f.form.MatchString(f.value) && (f.value != "" || !f.optional) {
			return because(ErrLine, f.name, "%q does not have the form %s", f.value, f.form)
		}
	}
	switch {
	case l.Seq == 1 && l.Prev != "":
		return because(ErrLine, "prev", "is %s, but nothing comes before line 1", l.Prev)
	case l.Serving > l.Issued:
		return because(ErrLine, "serving", "is %d, but only %d were issued", l.Serving, l.Issued)
	case l.Waiting > l.Issued:
		return because(ErrLine, "waiting", "is %d, but only %d were issued", l.Waiting, l.Issued)
	case l.DrawRoot != "" && l.DrawCommitment == "":
		return because(ErrLine, "draw_commitment", "is missing, though the entrants are fixed")
	}
	return nil
}
