package redisqueue

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// benchQueue makes a room in which everybody waits, or, with admit, is admitted as fast as a call allows.
func benchQueue(b *testing.B, admit bool) (*Queue, int64) {
	b.Helper()
	env := testenv.Redis(b)
	q := New(connect(b, env.URL), env.Prefix, WithTimeout(20*time.Second))
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.GhostSeconds = waitroom.ModeHold, 3600
	if admit {
		policy.Mode, policy.RatePerMinute, policy.MaxActive = waitroom.ModeQueue, 10_000_000, 1_000_000
	}
	s, err := q.Create(b.Context(), "arena", policy)
	require.NoError(b, err)
	return q, s.Epoch
}

// BenchmarkJoin: joins into a line in which nobody is admitted.
func BenchmarkJoin(b *testing.B) {
	q, _ := benchQueue(b, false)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := q.Join(b.Context(), "arena"); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkStatus: heartbeats of ten thousand who wait.
func BenchmarkStatus(b *testing.B) {
	const waiting = 10_000
	q, epoch := benchQueue(b, false)
	fill(b, q.client, q, time.Now(), waiting)
	var next atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := q.Status(b.Context(), "arena", epoch, next.Add(1)%waiting+1); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkTick: calls when little is due, which is what most of them are.
func BenchmarkTick(b *testing.B) {
	q, _ := benchQueue(b, false)
	fill(b, q.client, q, time.Now(), 10_000)
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := q.Tick(b.Context(), "arena", time.Now()); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkAdmit: admissions, as many as the rate of ten million a minute and the bound of a call allow.
func BenchmarkAdmit(b *testing.B) {
	q, _ := benchQueue(b, true)
	fill(b, q.client, q, time.Now(), int64(b.N))
	b.ResetTimer()
	for admitted := int64(0); admitted < int64(b.N); {
		s, _, err := q.Tick(b.Context(), "arena", time.Now())
		require.NoError(b, err)
		admitted = s.AdmittedTotal
	}
}
