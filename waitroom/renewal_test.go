package waitroom

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
)

func TestPassLife(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000_000_000)
	in := func(s int64) time.Time { return now.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct{ life, idle, ends, want int64 }{
		{300, 120, 900, 300},
		{300, 120, 200, 200}, // the session ends sooner
		{0, 120, 900, 900},   // short passes are off
		{60, 120, 900, 240},  // who is silent for as long as one may be still holds a good one
		{300, 600, 900, 900},
	} {
		p := Policy{PassLifeSeconds: c.life, SessionIdleSeconds: c.idle}
		assert.Equal(t, in(c.want), p.PassEnd(now, in(c.ends)), "%+v", c)
	}
	p := Policy{PassLifeSeconds: 300, SessionIdleSeconds: 120}
	for _, c := range []struct {
		number, expires, ends int64
		want                  bool
	}{
		{9, 151, 900, false}, {9, 149, 900, true}, {9, 10, 900, true},
		{9, 100, 100, false}, // at the end of the session already
		{0, 10, 900, false},  // by no place
	} {
		assert.Equal(t, c.want, p.RenewalDue(&auth.Pass{Number: c.number, ExpiresAt: in(c.expires), EndsAt: in(c.ends)}, now), "%+v", c)
	}
}

func TestRenewalsSignOnceForManyAtOnce(t *testing.T) {
	t.Parallel()
	made := func(due func(time.Time) bool) (n int64) {
		var r renewals
		var all sync.WaitGroup
		for range 64 {
			all.Go(func() {
				one, err := r.get(SessionID{Number: 7}, due, func() (renewed, error) {
					atomic.AddInt64(&n, 1)
					return renewed{token: "x"}, nil
				})
				assert.NoError(t, err)
				assert.Equal(t, "x", one.token)
			})
		}
		all.Wait()
		return n
	}
	assert.EqualValues(t, 1, made(func(time.Time) bool { return false }))
	assert.EqualValues(t, 64, made(func(time.Time) bool { return true }), "the control: without the memory each signs")
}

func TestRenewalsStayBounded(t *testing.T) {
	t.Parallel()
	var r renewals
	for n := range int64(renewalShards * renewalsKept * 4) {
		_, err := r.get(SessionID{Number: n}, func(time.Time) bool { return false }, func() (renewed, error) { return renewed{}, nil })
		require.NoError(t, err)
	}
	total := 0
	for i := range r.shards {
		total += len(r.shards[i].young) + len(r.shards[i].old)
	}
	assert.LessOrEqual(t, total, 2*renewalShards*renewalsKept)
}
