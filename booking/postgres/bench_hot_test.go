package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
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

func benchHot(b *testing.B, sql string) {
	h := newHall(b, 7) // 210 seats
	h.exec(`UPDATE shows SET max_per_buyer = 1000000, hold_seconds = 1`)
	h.exec(oneLockSQL)
	// Each buyer has a connection, so that they meet in the database and not before it.
	pool, err := pgxpool.NewWithConfig(context.Background(), func() *pgxpool.Config {
		config, err := pgxpool.ParseConfig(h.url)
		require.NoError(b, err)
		config.MaxConns = hotBuyers
		setSession(config.ConnConfig)
		return config
	}())
	require.NoError(b, err)
	defer pool.Close()
	store := NewStore(pool)
	buyers := make([]booking.Session, hotBuyers)
	for i := range buyers {
		buyers[i] = h.guest()
	}
	h.exec(`ANALYZE`)
	deadlocks := func() int64 {
		return query[int64](h, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`)
	}
	var won, busy atomic.Int64
	race := func(answers int64) {
		var next atomic.Int64
		var crowd sync.WaitGroup
		for _, buyer := range buyers {
			crowd.Go(func() {
				for next.Add(1) <= answers {
					first := rand.IntN(hotSeats)
					seats := []int64{h.seats[first], h.seats[(first+1+rand.IntN(hotSeats-1))%hotSeats]}
					_, err := store.call(context.Background(), sql, []byte(buyer), "small", seats)
					switch {
					case err == nil:
						won.Add(1)
					case errors.Is(err, booking.ErrBusy):
						busy.Add(1)
					case !errors.Is(err, booking.ErrSeatTaken):
						b.Error(err)
						return
					}
				}
			})
		}
		crowd.Wait()
	}
	race(20 * hotBuyers) // every connection has to be made, and to plan its first statements
	won.Store(0)
	busy.Store(0)
	before := deadlocks()
	b.ResetTimer()
	race(int64(b.N))
	b.StopTimer()
	b.ReportMetric(float64(won.Load())/b.Elapsed().Seconds(), "wins/s")
	b.ReportMetric(float64(busy.Load())/float64(b.N), "busy/op") // turned away after waiting for a lock
	b.ReportMetric(float64(deadlocks()-before), "deadlocks")
	h.allZero()
}
