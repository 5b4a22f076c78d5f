package redisqueue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
	"anteroom/waitroom/redisqueue"
)

// TestAgainstModel lets anything happen in any order and compares every answer with the model's.
func TestAgainstModel(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	client := dial(t, env.URL)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		clock := queuetest.NewClock()
		q := redisqueue.New(client, fmt.Sprintf("%s-%d", env.Prefix, run), options(clock)...)
		now := clock.Now().UnixMilli()
		m := &model{now: now, tickedAt: now, resumedAt: now, version: 1, policy: anyPolicy(rt)}
		s, err := q.Create(rt.Context(), "arena", m.policy)
		require.NoError(rt, err)
		m.epoch = s.Epoch
		rt.Repeat(steps(q, clock, m))
	})
}

// steps does the same to the queue and to its model, and compares.
func steps(q waitroom.Queue, clock *queuetest.Clock, m *model) map[string]func(*rapid.T) {
	anyone := func(rt *rapid.T) int64 {
		if len(m.visitors) == 0 {
			rt.Skip("nobody is here yet")
		}
		return rapid.Int64Range(1, int64(len(m.visitors))).Draw(rt, "number")
	}
	join := func(rt *rapid.T) {
		got, gotErr := q.Join(rt.Context(), "arena")
		want, wantErr := m.join()
		require.ErrorIs(rt, gotErr, wantErr)
		require.Equal(rt, want, got)
	}
	status := func(rt *rapid.T) {
		number := anyone(rt)
		got, err := q.Status(rt.Context(), "arena", m.epoch, number)
		require.NoError(rt, err)
		require.Equal(rt, m.status(number), got)
	}
	wait := func(rt *rapid.T) {
		ms := rapid.SampledFrom([]int64{0, 1, 100, 100, 100, 999, 1000, 1000, 4999, 5000, 5001, 60_000}).Draw(rt, "ms")
		clock.Advance(time.Duration(ms) * time.Millisecond)
		m.now = clock.Now().UnixMilli()
	}
	tick := func(rt *rapid.T) {
		wait(rt)
		since := m.now - rapid.SampledFrom([]int64{0, 1000, 10_000, m.now}).Draw(rt, "back")
		got, revocations, err := q.Tick(rt.Context(), "arena", moment(since))
		require.NoError(rt, err)
		want, revoked := m.tick(since)
		require.Equal(rt, want, got)
		numbers := []int64{}
		for _, r := range revocations {
			numbers = append(numbers, r.Number)
		}
		require.ElementsMatch(rt, revoked, numbers)
	}
	return map[string]func(*rapid.T){
		"join": join, "join 2": join, "status": status, "status 2": status, "tick": tick, "tick 2": tick, "tick 3": tick, "wait": wait,
		"leave": func(rt *rapid.T) {
			number := anyone(rt)
			require.NoError(rt, q.Leave(rt.Context(), "arena", m.epoch, number))
			m.leave(number)
		},
		"release": func(rt *rapid.T) {
			number := anyone(rt)
			require.NoError(rt, q.Release(rt.Context(), "arena", m.epoch, number))
			m.release(number)
		},
		"touch": func(rt *rapid.T) {
			numbers := []int64{anyone(rt), anyone(rt)}
			require.NoError(rt, q.Touch(rt.Context(), "arena", m.epoch, numbers))
			m.touch(numbers)
		},
		"set": func(rt *rapid.T) {
			m.policy = anyPolicy(rt)
			m.version++
			got, err := q.Create(rt.Context(), "arena", m.policy)
			require.NoError(rt, err)
			require.Equal(rt, m.snapshot(), got)
		},
	}
}

// anyPolicy draws small limits, so that all of them are met in a short walk.
func anyPolicy(rt *rapid.T) waitroom.Policy {
	between := func(name string, low, high int64) int64 { return rapid.Int64Range(low, high).Draw(rt, name) }
	return waitroom.Policy{
		Mode: rapid.SampledFrom([]waitroom.Mode{
			waitroom.ModeOpen, waitroom.ModeOpen, waitroom.ModeQueue, waitroom.ModeQueue, waitroom.ModeHold, waitroom.ModeDraining, waitroom.ModeClosed,
		}).Draw(rt, "mode"),
		RatePerMinute: between("rate", 1, 300), MaxActive: between("cap", 1, 6),
		SessionIdleSeconds: between("idle", 1, 20), SessionLimitSeconds: between("limit", 1, 40),
		GhostSeconds: between("ghost", 2, 10), ReturnGraceSeconds: between("grace", 0, 20),
		PollMinMS: 100, PollMaxMS: 1000, GateStatus: 200,
	}
}
