package guard

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
)

// TestWatchingChangesNothing: watched guards let everybody through as they came and count whom they would have refused. The control is the
// same with the guards enforced.
func TestWatchingChangesNothing(t *testing.T) {
	t.Parallel()
	run := func(stage waitroom.Watch) (in int, f *fixture) {
		f = newFixture(t, authtest.Keys(t), waitroom.Guards{
			ProofOfWork: stage, ProofBits: 8, Presale: stage, JoinLimit: stage, JoinsPerAddress: 10, Shadow: stage,
		})
		for range 100 {
			a := from("192.0.2.1")
			a.Key, a.Account = "0123456789abcdef", "account"
			ruling, err := f.judge(a)
			if err == nil && !ruling.Shadow {
				require.Equal(t, a.Entrant, ruling.Entrant)
				in++
			}
		}
		return in, f
	}
	in, f := run(waitroom.WatchOnly)
	assert.Equal(t, 100, in)
	assert.Equal(t, map[string]int{
		"arena proof_of_work would_refuse": 100, "arena presale would_refuse": 100, "arena join_limit passed": 5, "arena join_limit would_refuse": 95,
		"arena shadow would_shadow": 95,
	}, f.seen)
	in, f = run(waitroom.WatchOff)
	assert.Equal(t, 100, in)
	assert.Empty(t, f.seen)
	in, f = run(waitroom.WatchEnforce)
	assert.Zero(t, in, "the control")
	assert.Equal(t, map[string]int{"arena presale refused": 100}, f.seen)
}

// TestWhoTripsAGuard is put in the shadow line, where that is wanted; who merely does not know what to do yet is told it.
func TestWhoTripsAGuard(t *testing.T) {
	t.Parallel()
	f := newFixture(t, authtest.Keys(t), waitroom.Guards{ProofOfWork: waitroom.WatchEnforce, ProofBits: 8, Shadow: waitroom.WatchEnforce})
	who := from("192.0.2.1")
	f.refused(who, waitroom.ErrProofRequired)
	who.Solution = unsolved(f.challengeFor(who))
	ruling, err := f.judge(who)
	require.NoError(t, err)
	assert.Equal(t, waitroom.Ruling{Shadow: true}, ruling)
	assert.Equal(t, 1, f.seen["arena shadow shadowed"])

	f = newFixture(t, authtest.Keys(t), waitroom.Guards{JoinLimit: waitroom.WatchEnforce, JoinsPerAddress: 1, JoinsPerPrefix: 4, Shadow: waitroom.WatchEnforce})
	_, err = f.judge(from("192.0.2.1"))
	require.NoError(t, err)
	ruling, err = f.judge(from("192.0.2.1"))
	require.NoError(t, err)
	assert.True(t, ruling.Shadow)
	_, err = f.judge(from("192.0.2.2"))
	require.NoError(t, err)
	f.refused(from("192.0.2.3"), waitroom.ErrJoinLimit) // a neighbour of those is no suspect

	// Without the shadow line, or while it is only watched, they are refused.
	for _, stage := range []waitroom.Watch{waitroom.WatchOff, waitroom.WatchOnly} {
		f.view.Policy.Guards.Shadow = stage
		f.refused(from("192.0.2.1"), waitroom.ErrJoinLimit)
	}
	assert.Equal(t, 1, f.seen["arena shadow would_shadow"])
}

// TestGuardsThatAreOffCostNothing: the join of a room without guards allocates nothing for them.
func TestGuardsThatAreOffCostNothing(t *testing.T) {
	f := newFixture(t, authtest.Keys(t), waitroom.Guards{})
	who := from("192.0.2.1")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := f.judge(who); err != nil {
			t.Error(err)
		}
	}))
}

// BenchmarkJudge is what each guard adds to a join.
func BenchmarkJudge(b *testing.B) {
	keys := authtest.Keys(b)
	code := madeCodes(b, keys, "arena", "", 1)[0]
	for name, guards := range map[string]waitroom.Guards{
		"off": {}, "limit": {JoinLimit: waitroom.WatchEnforce, JoinsPerAddress: 1_000_000, JoinsPerPrefix: 1_000_000},
		"code": {Presale: waitroom.WatchEnforce}, "proof": {ProofOfWork: waitroom.WatchEnforce, ProofBits: 8},
	} {
		b.Run(name, func(b *testing.B) {
			g := New(keys, nobody{})
			v := &waitroom.View{Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 7, AsOf: time.Now()}, Received: time.Now()}
			v.Policy.Guards = guards
			who := with(code)
			if c, wanted := g.Challenge(v, who); wanted {
				who.Solution, _ = solve(c)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Judge(v, who); err != nil && name != "limit" {
					b.Fatal(err)
				}
			}
		})
	}
}

type nobody struct{}

func (nobody) Guarded(string, string, Outcome) {}
