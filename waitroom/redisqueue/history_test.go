package redisqueue_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/redisqueue"
)

// TestHistoryIsFirstInFirstOut lets very many join through four gateways, by the real clock and group commit, while all four admit. The
// clients' journal must be that of a line which is first in, first out in real time; see CheckFIFO. ANTEROOM_NIGHTLY=1 makes it a million.
func TestHistoryIsFirstInFirstOut(t *testing.T) {
	t.Parallel()
	joins := 50_000
	if os.Getenv("ANTEROOM_NIGHTLY") != "" {
		joins = 1_000_000
	}
	gateways := gatewaysByRedisClock(t, 4, func(p *waitroom.Policy) {
		p.Mode, p.RatePerMinute, p.MaxActive, p.BurstSeconds = waitroom.ModeQueue, 10_000_000, 1_000_000, 60
	})
	stop := tickAll(t, gateways)
	journal, err := queuetest.Storm(joins, 256, func(client int) (int64, error) {
		p, err := gateways[client%len(gateways)].Join(t.Context(), queuetest.Room, waitroom.Entrant{})
		return p.Number, err
	})
	require.NoError(t, err)
	require.Len(t, journal, joins)
	await(t, "everybody to be admitted", func() bool {
		s, _, err := gateways[0].Tick(t.Context(), queuetest.Room, time.Now())
		require.NoError(t, err)
		require.Equal(t, s.AdmittedTotal, s.Serving, "the lowest numbers and no others")
		return s.AdmittedTotal == int64(joins)
	})
	stop()
	admissions(t, gateways, journal)
	require.NoError(t, queuetest.CheckFIFO(journal))
}

// tickAll lets every gateway tick as they do, and again at once while more is due, until the function returned is called or the test ends.
func tickAll(t *testing.T, gateways []*redisqueue.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var ticking sync.WaitGroup
	stop = func() {
		cancel()
		ticking.Wait()
	}
	t.Cleanup(stop)
	for _, q := range gateways {
		ticking.Go(func() {
			every := time.NewTicker(20 * time.Millisecond)
			defer every.Stop()
			for {
				s, _, err := q.Tick(ctx, queuetest.Room, time.Now())
				switch {
				case ctx.Err() != nil:
					return
				case err != nil:
					t.Errorf("tick: %v", err)
					return
				case s.Behind:
					continue
				}
				select {
				case <-ctx.Done():
					return
				case <-every.C:
				}
			}
		})
	}
	return stop
}

// admissions asks the line when each in the journal was admitted.
func admissions(t *testing.T, gateways []*redisqueue.Queue, journal []queuetest.Joined) {
	t.Helper()
	s, _, err := gateways[0].Tick(t.Context(), queuetest.Room, time.Now())
	require.NoError(t, err)
	const askers = 64
	failures := make([]error, askers)
	var all sync.WaitGroup
	for asker := range askers {
		all.Go(func() {
			for i := asker; i < len(journal) && failures[asker] == nil; i += askers {
				p, err := gateways[i%len(gateways)].Look(t.Context(), queuetest.Room, s.Epoch, journal[i].Number)
				if failures[asker] = err; err == nil && p.State == waitroom.Admitted {
					journal[i].Admitted = p.AdmittedAt.UnixMilli()
				}
			}
		})
	}
	all.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
}

// gatewaysByRedisClock makes a room with several queues on it, each with a client of its own, going by the clock of Redis.
func gatewaysByRedisClock(t *testing.T, count int, changes ...func(*waitroom.Policy)) []*redisqueue.Queue {
	t.Helper()
	env := testenv.Redis(t)
	gateways := make([]*redisqueue.Queue, count)
	for i := range gateways {
		gateways[i] = redisqueue.New(dial(t, env.URL), env.Prefix, redisqueue.WithTimeout(patience))
	}
	policy := waitroom.DefaultPolicy()
	policy.GhostSeconds, policy.SessionIdleSeconds, policy.SessionLimitSeconds = 3600, 86_400, 86_400
	for _, change := range changes {
		change(&policy)
	}
	_, err := gateways[0].Create(t.Context(), queuetest.Room, policy)
	require.NoError(t, err)
	return gateways
}

// await polls until it is so; the test fails when it never is.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !so(); {
		require.True(t, time.Now().Before(deadline), "waiting for %s", what)
	}
}
