package main

import (
	"context"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking/payment"
	"anteroom/booking/postgres"
	"anteroom/internal/backing"
)

// TestSeatStatesFromAReplicaSaySo runs beside a real standby, which is first kept from following and then killed.
func TestSeatStatesFromAReplicaSaySo(t *testing.T) {
	t.Parallel()
	var replica *backing.Replica
	var set settings
	s := newSystem(t, change{settings: func(given *settings) {
		var err error
		replica, err = backing.StartReplica(t.Context(), t.TempDir(), given.database)
		require.NoError(t, err)
		given.replica, given.replicaLag = replica.URL, 24*time.Hour
		set = *given
	}})
	t.Cleanup(func() {
		replica.Process.Signal(syscall.SIGKILL)
		<-replica.Process.Done()
	})
	u, err := url.Parse(replica.URL)
	require.NoError(t, err)
	require.Contains(t, u.RawQuery, "search_path", "the replica's address is the primary's but for the port")
	pool, err := postgres.Open(replica.URL, 2)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	b := s.guest()
	look := func() seatsNow { return decode[seatsNow](b.do("GET", seatStatePath, "").want(200)) }
	// A replica that does not answer in time is passed over for a while, which may happen on a busy machine.
	fromReplica := func(fits func(seatsNow) bool) {
		t.Helper()
		require.Eventually(t, func() bool {
			state := look()
			return state.Stale && fits(state)
		}, patience, 50*time.Millisecond)
	}
	fromReplica(func(seatsNow) bool { return true })

	_, err = pool.Exec(t.Context(), `SELECT pg_wal_replay_pause()`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { // a pause is asked for, and comes
		var state string
		return pool.QueryRow(context.Background(), `SELECT pg_get_wal_replay_pause_state()`).Scan(&state) == nil && state == "paused"
	}, patience, 20*time.Millisecond)
	paused := time.Now()
	b.hold(s.small[4])
	require.NoError(t, s.store.Pulse(t.Context()))
	for range 3 {
		fromReplica(func(state seatsNow) bool {
			require.Equal(t, 60, state.Available)
			require.True(t, state.AsOf.Before(paused), "what it does not know came after the time it says")
			return true
		})
	}
	// A process that takes nothing as old asks the primary.
	strict := *s
	set.replicaLag = time.Millisecond
	strict.run(set, payment.NewSimulator(s.pool))
	state := decode[seatsNow](strict.browser().do("GET", seatStatePath, "").want(200))
	require.False(t, state.Stale)
	require.Equal(t, 59, state.Available)

	_, err = pool.Exec(t.Context(), `SELECT pg_wal_replay_resume()`)
	require.NoError(t, err)
	fromReplica(func(state seatsNow) bool { return state.Available == 59 && state.AsOf.After(paused) })

	replica.Process.Signal(syscall.SIGKILL)
	<-replica.Process.Done()
	b.hold(s.small[5])
	require.Eventually(t, func() bool {
		state := look()
		return !state.Stale && state.Available == 58
	}, patience, 50*time.Millisecond, "without a replica the primary answers")
}
