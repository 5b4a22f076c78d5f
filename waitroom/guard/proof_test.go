package guard

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
)

var puzzles = waitroom.Guards{ProofOfWork: waitroom.WatchEnforce, ProofBits: 8}

func TestASolutionIsGoodForOnePlace(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	one, other := newFixture(t, keys, puzzles), newFixture(t, keys, puzzles)
	who := from("192.0.2.7")
	problem := one.refused(who, waitroom.ErrProofRequired)
	assert.Equal(t, "missing", problem.Extra["solution"])
	c := waitroom.Challenge{Text: problem.Extra["challenge"].(string), Bits: problem.Extra["bits"].(int64)}
	who.Solution, _ = solve(c)
	first, err := one.judge(who)
	require.NoError(t, err)
	require.NotEmpty(t, first.Entrant.Key)

	// Another number that solves it too, at another gateway, is the same entrant: the line gives the same place.
	for n := 10_000; ; n++ {
		again := who
		if again.Solution = c.Text + "." + itoa(n); n > 1_000_000 {
			t.Fatal("no second solution")
		}
		ruling, err := other.judge(again)
		if err != nil {
			continue
		}
		require.Equal(t, first.Entrant, ruling.Entrant)
		break
	}
	next := one.challengeFor(who)
	require.NotEqual(t, c.Text, next.Text)
	who.Solution, _ = solve(next)
	second, err := one.judge(who)
	require.NoError(t, err)
	require.NotEqual(t, first.Entrant, second.Entrant)

	// With an idempotency key of the visitor's own, it is that key alone.
	keyed := from("192.0.2.7")
	keyed.Key = "0123456789abcdef"
	keyed.Solution, _ = solve(one.challengeFor(keyed))
	ruling, err := one.judge(keyed)
	require.NoError(t, err)
	require.Equal(t, waitroom.Entrant{Key: "0123456789abcdef"}, ruling.Entrant)
	for _, key := range []string{"", "fedcba9876543210"} {
		keyed.Key = key
		assert.Equal(t, errForeign.Error(), one.refused(keyed, waitroom.ErrProofRequired).Extra["solution"])
	}
}

func itoa(n int) string {
	text := ""
	for ; n > 0; n /= 10 {
		text = string(rune('0'+n%10)) + text
	}
	return text
}

func TestSolutionsThatAreNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, authtest.Keys(t), puzzles)
	who := from("2001:db8:1:2::3")
	c := f.challengeFor(who)
	good, _ := solve(c)
	dot := strings.IndexByte(good, '.')

	refused := func(name, want string, change func(*waitroom.Applicant)) {
		t.Helper()
		a := who
		a.Solution = good
		change(&a)
		problem := f.refused(a, waitroom.ErrProofRequired)
		assert.Equal(t, want, problem.Extra["solution"], name)
		assert.Len(t, problem.Extra["challenge"], textSize, "the answer carries the next challenge")
	}
	text := func(s string) func(*waitroom.Applicant) { return func(a *waitroom.Applicant) { a.Solution = s } }
	for name, s := range map[string]string{
		"no dot": c.Text, "no number": c.Text + ".", "a leading zero": c.Text + ".0" + good[dot+1:], "a sign": c.Text + ".+1",
		"hexadecimal": c.Text + ".1f", "too long a number": c.Text + "." + strings.Repeat("9", 19), "blanks": " " + good,
		"short": good[1:], "other base64": strings.Replace(good, good[:1], "+", 1), "long": strings.Repeat("A", 5000),
	} {
		refused(name, errMalformed.Error(), text(s))
	}
	// Whatever is changed in the challenge, the MAC notices: cheaper, for longer, another name, another MAC.
	for at := range textSize {
		changed := []byte(good)
		if changed[at] == 'A' {
			changed[at] = 'B'
		} else {
			changed[at] = 'A'
		}
		refused("changed", errForeign.Error(), text(string(changed)))
	}
	refused("another network", errForeign.Error(), func(a *waitroom.Applicant) { a.Addr = from("2001:db8:2:2::3").Addr })
	near := who
	near.Solution, near.Addr = good, from("2001:db8:1:ffff::1").Addr
	_, err := f.judge(near)
	require.NoError(t, err, "the same /48")

	for name, change := range map[string]func(){
		"another room":  func() { f.view.Room = "theatre" },
		"another epoch": func() { f.view.Epoch++ },
	} {
		kept := *f.view
		change()
		refused(name, errForeign.Error(), func(*waitroom.Applicant) {})
		f.view = &kept
	}
	stranger := newFixture(t, authtest.Keys(t), puzzles)
	a := who
	a.Solution = good
	assert.Equal(t, errForeign.Error(), stranger.refused(a, waitroom.ErrProofRequired).Extra["solution"], "other keys")

	f.view.Policy.Guards.ProofBits = 9
	refused("the price has gone up", errCheap.Error(), func(*waitroom.Applicant) {})
	f.view.Policy.Guards.ProofBits = 8
	refused("not solved", errInsufficient.Error(), text(unsolved(c)))

	f.now = f.now.Add(c.ExpiresAt.Sub(f.view.LineTime(f.now)) - time.Millisecond)
	a.Solution = good
	_, err = f.judge(a)
	require.NoError(t, err, "the last moment")
	f.now = f.now.Add(time.Millisecond)
	refused("too late", errExpired.Error(), func(*waitroom.Applicant) {})
}

// TestTheWorkIsWhatWasAskedFor: a bit more takes twice the tries.
func TestTheWorkIsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, bits := range []int64{8, 10} {
		f := newFixture(t, authtest.Keys(t), waitroom.Guards{ProofOfWork: waitroom.WatchEnforce, ProofBits: bits})
		const puzzles = 300
		total := 0
		for range puzzles {
			c := f.challengeFor(from("192.0.2.1"))
			require.Equal(t, bits, c.Bits)
			solution, tries := solve(c)
			total += tries
			who := from("192.0.2.1")
			who.Solution = solution
			_, err := f.judge(who)
			require.NoError(t, err)
		}
		// The mean of 300 geometric numbers is within 40 % with a probability of all but 10⁻¹¹.
		assert.InEpsilon(t, float64(int(1)<<bits), float64(total)/puzzles, 0.4)
	}
}

func TestNoPuzzleWhereNoneIsWanted(t *testing.T) {
	t.Parallel()
	for _, stage := range []waitroom.Watch{waitroom.WatchOff, waitroom.WatchOnly} {
		f := newFixture(t, authtest.Keys(t), waitroom.Guards{ProofOfWork: stage, ProofBits: 8})
		_, wanted := f.Challenge(f.view, from("192.0.2.1"))
		assert.False(t, wanted)
	}
}

func FuzzSolution(f *testing.F) {
	f.Add("")
	f.Add(strings.Repeat("A", textSize) + ".0")
	f.Add(strings.Repeat("_", textSize) + ".123456789012345678")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSolution(text)
		if err != nil {
			return
		}
		number := strings.TrimPrefix(text, s.text+".")
		require.Equal(t, text, challengeBase64.EncodeToString(s.signed[:])+"."+number, "there is one way to write a solution")
		require.NotContains(t, number, ".")
		_, err = verify([][]byte{{1}}, text, audience{room: "arena"}, 8, time.Unix(0, 0))
		require.Error(t, err)
	})
}

func BenchmarkVerify(b *testing.B) {
	keys := authtest.Keys(b)
	who := audience{room: "arena", epoch: 7}
	g := New(keys, nil)
	v := &waitroom.View{Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 7, AsOf: time.Now()}, Received: time.Now()}
	v.Policy.Guards = puzzles
	c, _ := g.Challenge(v, waitroom.Applicant{})
	solution, _ := solve(c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := verify(keys.Derive(proofPurpose), solution, who, 8, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
