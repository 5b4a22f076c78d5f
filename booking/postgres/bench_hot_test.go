package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"anteroom/booking"
	"anteroom/internal/testenv"
)

const (
	hotSeats  = 200
	hotBuyers = 64
)

// oneLockSQL is the rival: the same function behind one lock for the whole show, which everyone waits for who wants anything of it.
const oneLockSQL = `
CREATE FUNCTION hold_behind_one_lock(p_session bytea, p_show text, p_seats bigint[]) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock((1::int8 << 56) | (SELECT id FROM shows WHERE slug = p_show));
    RETURN hold_seats(p_session, p_show, p_seats);
END $$`

// BenchmarkHoldHot has 64 buyers ask for two of 200 seats each, again and again; what is held runs out after a second. Most are refused, and an
// operation is an answer of either kind.
func BenchmarkHoldHot(b *testing.B) { benchHot(b, `SELECT hold_seats($1, $2, $3)`) }

// BenchmarkHoldHotOneLock is the same with one lock for the show.
func BenchmarkHoldHotOneLock(b *testing.B) { benchHot(b, `SELECT hold_behind_one_lock($1, $2, $3)`) }

// hotHall has few seats and many buyers, each with a connection, so that they meet in the database and not before it.
type hotHall struct {
	*hall
	store     *Store
	sql       string
	buyers    []booking.Session
	won, busy atomic.Int64
}

func newHotHall(b testing.TB, sql string) *hotHall {
	b.Helper()
	h := &hotHall{hall: newHall(b, 7), sql: sql} // 210 seats
	h.exec(`UPDATE shows SET max_per_buyer = 1000000, hold_seconds = 1`)
	h.exec(oneLockSQL)
	config, err := pgxpool.ParseConfig(h.url)
	require.NoError(b, err)
	config.MaxConns = hotBuyers
	setSession(config.ConnConfig)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	h.store = NewStore(pool)
	for range hotBuyers {
		h.buyers = append(h.buyers, h.guest())
	}
	h.exec(`ANALYZE`)
	require.NoError(b, h.race(20*hotBuyers)) // every connection has to be made, and to plan its first statements
	return h
}

// race gets so many answers.
func (h *hotHall) race(answers int64) error {
	var next atomic.Int64
	var crowd errgroup.Group
	for _, buyer := range h.buyers {
		crowd.Go(func() error {
			for next.Add(1) <= answers {
				first := rand.IntN(hotSeats)
				seats := []int64{h.seats[first], h.seats[(first+1+rand.IntN(hotSeats-1))%hotSeats]}
				_, err := h.store.call(context.Background(), h.sql, []byte(buyer), "small", seats)
				switch {
				case err == nil:
					h.won.Add(1)
				case errors.Is(err, booking.ErrBusy):
					h.busy.Add(1)
				case !errors.Is(err, booking.ErrSeatTaken):
					return err
				}
			}
			return nil
		})
	}
	return crowd.Wait()
}

func (h *hotHall) deadlocks() int64 {
	return query[int64](h.hall, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`)
}

func benchHot(b *testing.B, sql string) {
	h := testenv.Lasting(b, sql, func(t testing.TB) *hotHall { return newHotHall(t, sql) })
	h.won.Store(0)
	h.busy.Store(0)
	before := h.deadlocks()
	b.ResetTimer()
	err := h.race(int64(b.N))
	b.StopTimer()
	require.NoError(b, err)
	b.ReportMetric(float64(h.won.Load())/b.Elapsed().Seconds(), "wins/s")
	b.ReportMetric(float64(h.busy.Load())/float64(b.N), "busy/op") // turned away after waiting for a lock
	b.ReportMetric(float64(h.deadlocks()-before), "deadlocks")
	h.allZero()
}
