package main

import (
	"context"
	"net/url"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/internal/backing"
)

// BenchmarkFailover: PostgreSQL's primary is killed while the service sells, its replica is promoted at once, and somebody goes on trying to buy.
// The service knows both addresses and takes the one that can be written to. Reported: the time from the kill to the first whole purchase.
// Per operation: all of it, with servers of its own.
func BenchmarkFailover(b *testing.B) {
	var away time.Duration
	for range b.N {
		away += failOver(b)
	}
	b.ReportMetric(away.Seconds()/float64(b.N), "s-away")
}

func failOver(b *testing.B) time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	primary, err := backing.Start(ctx, backing.Options{Dir: filepath.Join(b.TempDir(), "primary"), RedisURL: "none is needed"})
	require.NoError(b, err)
	b.Cleanup(func() {
		stop, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = primary.Stop(stop) // it has been killed
	})
	replica, err := backing.StartReplica(ctx, b.TempDir(), primary.DatabaseURL)
	require.NoError(b, err)
	b.Cleanup(func() {
		replica.Process.Signal(syscall.SIGKILL)
		<-replica.Process.Done()
	})
	s := newBenchSystemOn(b, primary.DatabaseURL, bothAddresses(b, primary.DatabaseURL, replica.URL), benchShows, benchBuyers)
	s.exec(`UPDATE shows SET hold_seconds = 600`)
	require.NoError(b, s.purchase(dialBench(b, s.program.URL()), 0))
	promote, err := pgx.Connect(ctx, replica.URL)
	require.NoError(b, err)
	defer promote.Close(ctx)
	awaitFollowing(b, s, promote)

	began := time.Now()
	primary.Children[0].Signal(syscall.SIGKILL)
	<-primary.Children[0].Done()
	// It is away: what the service has are connections to a server that is gone, and a replica that takes nothing.
	require.Error(b, s.pool.Ping(ctx), "nothing was away, so this measures nothing")
	var promoted bool
	require.NoError(b, promote.QueryRow(ctx, `SELECT pg_promote()`).Scan(&promoted))
	require.True(b, promoted)
	for i := 1; ; i++ {
		err := s.purchase(dialBench(b, s.program.URL()), i) // each tries seats of its own
		if err == nil {
			return time.Since(began)
		}
		require.NoError(b, ctx.Err(), "it has not come back: %v", err)
	}
}

// awaitFollowing waits until the replica has all that there is, so that the buyers are on it.
func awaitFollowing(b *testing.B, s *benchSystem, replica *pgx.Conn) {
	b.Helper()
	written := query[string](s.system, `SELECT pg_current_wal_lsn()::text`)
	require.Eventually(b, func() bool {
		var there bool
		err := replica.QueryRow(b.Context(), `SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn`, written).Scan(&there)
		return err == nil && there
	}, patience, 20*time.Millisecond)
}

// bothAddresses names two servers, of which the one that can be written to is taken.
func bothAddresses(b *testing.B, one, other string) string {
	b.Helper()
	first, err := url.Parse(one)
	require.NoError(b, err)
	second, err := url.Parse(other)
	require.NoError(b, err)
	q := first.Query()
	q.Set("host", first.Hostname()+","+second.Hostname())
	q.Set("port", first.Port()+","+second.Port())
	q.Set("target_session_attrs", "read-write")
	first.RawQuery, first.Host = q.Encode(), ""
	return first.String()
}
