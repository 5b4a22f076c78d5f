package guard

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// fixture is a guard with a view of one room, on clocks that the test sets.
type fixture struct {
	*Guard
	t    *testing.T
	mu   sync.Mutex
	now  time.Time
	view *waitroom.View
	seen map[string]int
}

func (f *fixture) Guarded(room, guard string, outcome Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[fmt.Sprintf("%s %s %s", room, guard, outcome)]++
}

func newFixture(t *testing.T, keys Keys, guards waitroom.Guards) *fixture {
	f := &fixture{t: t, now: time.Unix(1_795_365_189, 0), seen: map[string]int{}}
	f.Guard = New(keys, f, WithClock(func() time.Time { return f.now }))
	policy := waitroom.DefaultPolicy()
	policy.Guards = guards
	f.view = &waitroom.View{
		Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 7, Policy: policy, AsOf: f.now.Add(time.Minute)}, // the line's clock is another
		Received: f.now,
	}
	return f
}

func (f *fixture) judge(a waitroom.Applicant) (waitroom.Ruling, error) { return f.Judge(f.view, a) }

// problem is what the refused are told beside the type.
type problem struct {
	Extra      map[string]any
	RetryAfter time.Duration
}

// refused judges someone who must be refused, and returns the problem.
func (f *fixture) refused(a waitroom.Applicant, want *fault.Error) problem {
	f.t.Helper()
	_, err := f.judge(a)
	require.ErrorIs(f.t, err, want)
	told := fault.From(err)
	return problem{told.Extra, told.RetryAfter}
}

func from(addr string) waitroom.Applicant {
	return waitroom.Applicant{Addr: netip.MustParseAddr(addr)}
}

// solve tries numbers until one solves the challenge, and says how many it took.
func solve(c waitroom.Challenge) (solution string, tries int) {
	for n := 0; ; n++ {
		text := c.Text + "." + strconv.Itoa(n)
		if leadingZeros(sha256.Sum256([]byte(text))) >= int(c.Bits) {
			return text, n + 1
		}
	}
}

// unsolved is a number that does not solve it.
func unsolved(c waitroom.Challenge) string {
	for n := 0; ; n++ {
		text := c.Text + "." + strconv.Itoa(n)
		if leadingZeros(sha256.Sum256([]byte(text))) < int(c.Bits) {
			return text
		}
	}
}

func (f *fixture) challengeFor(a waitroom.Applicant) waitroom.Challenge {
	f.t.Helper()
	c, wanted := f.Challenge(f.view, a)
	require.True(f.t, wanted)
	return c
}
