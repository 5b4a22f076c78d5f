package ledger_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/waitroom/ledger"
)

// shop is an honest line in small: it gives numbers, admits within rate and cap, and writes checkpoints.
type shop struct {
	now      int64
	line     ledger.Line
	admitted []int64 // when, in this epoch
	lines    []ledger.Line
	places   []auth.Ticket
}

func (s *shop) admit(many int64) {
	for range many {
		recent := int64(0)
		for _, at := range s.admitted {
			if at > s.now-60_000 {
				recent++
			}
		}
		l := &s.line
		if l.Serving == l.Issued || l.Method != ledger.Passthrough && (recent >= l.RatePerMinute || l.Active >= l.MaxActive) {
			return
		}
		s.admitted = append(s.admitted, s.now)
		l.Serving, l.AdmittedTotal, l.Active = l.Serving+1, l.AdmittedTotal+1, l.Active+1
	}
}

func (s *shop) join() {
	s.line.Issued++
	s.places = append(s.places, place(s.line.Epoch, s.line.Issued, s.now))
}

func (s *shop) check() {
	l := s.line
	l.At, l.Waiting = s.now, l.Issued-l.Serving
	s.lines = append(s.lines, l)
}

// drawShop lets a shop work for a while.
func drawShop(t *rapid.T) *shop {
	s := &shop{now: begin, line: ledger.Line{Room: "arena", Epoch: 1, Mode: "queue", Method: "fifo", PolicyVersion: 1, RatePerMinute: 5, MaxActive: 8}}
	s.check()
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		many := rapid.Int64Range(0, 9).Draw(t, "many")
		s.now += rapid.SampledFrom([]int64{0, 0, 1, 900, 7_000, 59_000, 200_000}).Draw(t, "ms")
		switch rapid.SampledFrom([]string{"join", "join", "admit", "admit", "admit", "release", "policy", "jump", "reset", "draw", "check"}).Draw(t, "step") {
		case "join":
			for range many {
				s.join()
			}
		case "admit":
			s.admit(many)
		case "release":
			s.line.Active = max(0, s.line.Active-many)
		case "policy":
			s.line.PolicyVersion, s.line.RatePerMinute, s.line.MaxActive = s.line.PolicyVersion+1, many*3, 2+many
			s.line.Method = rapid.SampledFrom([]string{"fifo", "fifo", "fifo", ledger.Passthrough}).Draw(t, "method")
		case "jump":
			s.line.Issued += 100 * many
		case "reset":
			old := s.line
			s.line = ledger.Line{
				Room: "arena", Epoch: old.Epoch + 1 + many, Mode: "hold", Method: old.Method, PolicyVersion: old.PolicyVersion, RatePerMinute: old.RatePerMinute, MaxActive: old.MaxActive,
			}
			s.admitted = nil
		case "draw":
			s.line.DrawCommitment, s.line.DrawRoot = ledger.Hash("c"), ledger.Hash("r")
		default:
		}
		if rapid.IntRange(0, 3).Draw(t, "checkpoint") > 0 {
			s.check()
		}
	}
	s.now++
	s.check()
	return s
}

func TestWhatAnHonestLineWritesHolds(t *testing.T) {
	keys := authtest.Keys(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawShop(rt)
		tokens := signed(t, keys, s.lines)
		r, err := ledger.Verify(t.Context(), keys, tokens)
		if err != nil {
			rt.Fatalf("%v\n%+v", err, s.lines)
		}
		if err := r.CheckReceipts(s.places); err != nil && !errors.Is(err, ledger.ErrNotCovered) {
			rt.Fatalf("%v\n%+v\n%+v", err, s.lines, s.places)
		}

		// Whatever is done to the order of its lines is seen, at the first one that is not where it was.
		bent := slices.Clone(tokens)
		i := rapid.IntRange(0, len(bent)-1).Draw(rt, "i")
		j := rapid.IntRange(0, len(bent)-1).Draw(rt, "j")
		switch rapid.SampledFrom([]string{"out", "again", "swap", "sign"}).Draw(rt, "bend") {
		case "out":
			bent = slices.Delete(bent, i, i+1)
		case "again":
			bent = slices.Insert(bent, j, bent[i])
		case "swap":
			bent[i], bent[j] = bent[j], bent[i]
		default: // signed anew by the operator, with one admission hidden; later lines are as they were
			l, err := ledger.Decode(t.Context(), keys, bent[i])
			if err != nil || l.AdmittedTotal == 0 {
				return
			}
			l.AdmittedTotal--
			if bent[i], err = ledger.Sign(keys, l); err != nil {
				rt.Fatal(err)
			}
			if i == len(bent)-1 {
				return // the last line has nothing after it that holds it to its word
			}
		}
		_, err = ledger.Verify(t.Context(), keys, bent)
		same := len(bent) <= len(tokens) && slices.Equal(bent, tokens[:len(bent)])
		if same != (err == nil) || err != nil && !errors.Is(err, ledger.ErrBroken) && len(bent) > 0 {
			rt.Fatalf("the same: %v, yet %v", same, err)
		}
	})
}

func TestAPlaceSlippedInIsSeen(t *testing.T) {
	keys := authtest.Keys(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawShop(rt)
		if len(s.places) == 0 {
			return
		}
		r, err := ledger.Verify(t.Context(), keys, signed(t, keys, s.lines))
		if err != nil {
			rt.Fatal(err)
		}
		// Somebody's number gets another holder, who is said to have joined earlier or later, with a line of that epoch or more between.
		p := rapid.SampledFrom(s.places).Draw(rt, "place")
		other := p
		other.JoinedAt = rapid.SampledFrom(s.places).Draw(rt, "time").JoinedAt
		if other.JoinedAt.Equal(p.JoinedAt) {
			return
		}
		low, high := min(p.JoinedAt.UnixMilli(), other.JoinedAt.UnixMilli()), max(p.JoinedAt.UnixMilli(), other.JoinedAt.UnixMilli())
		between := slices.ContainsFunc(s.lines, func(l ledger.Line) bool { return l.At > low && l.At < high })
		if err := r.CheckReceipt(other); between && err == nil {
			rt.Fatalf("%+v was slipped in for %+v unseen\n%+v", other, p, s.lines)
		}
		if err := r.CheckReceipts([]auth.Ticket{p, other}); err == nil {
			rt.Fatal("two holders of one number passed")
		}
	})
}
