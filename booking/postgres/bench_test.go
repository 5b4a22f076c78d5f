package postgres

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/internal/testenv"
)

// benchHall has 14,400 seats and lets a buyer have as many as there are.
func benchHall(b testing.TB) *hall {
	h := newHall(b, 1)
	_, err := h.SeedShow(context.Background(), demo.Small("big", "big", 480, 10))
	require.NoError(b, err)
	h.exec(`ANALYZE`)
	h.seats = h.seatsOf("big")
	return h
}

// freeHall is one whose seats are held for a second each, with buyers.
type freeHall struct {
	*hall
	sessions []booking.Session
	next     atomic.Int64
}

// BenchmarkHold holds single seats spread over the hall, in parallel, each by another buyer; a seat is had again once all have been had.
func BenchmarkHold(b *testing.B) {
	h := testenv.Lasting(b, "free hall", func(t testing.TB) *freeHall {
		h := &freeHall{hall: benchHall(t)}
		h.exec(`UPDATE shows SET max_per_buyer = 1000000, hold_seconds = 1`)
		for range 512 {
			h.sessions = append(h.sessions, h.guest())
		}
		return h
	})
	var taken atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(h.next.Add(1))
			seat := h.seats[(i*7919)%len(h.seats)]
			if _, err := h.HoldSeats(context.Background(), h.sessions[i%len(h.sessions)], "big", []int64{seat}); err != nil {
				taken.Add(1)
			}
		}
	})
	b.ReportMetric(float64(taken.Load())/float64(b.N), "refused/op")
}

// halfHall is a hall of which half is taken.
type halfHall struct {
	*hall
	show int64
}

func benchHalfHall(b *testing.B) halfHall {
	b.Helper()
	return testenv.Lasting(b, "half a hall", func(t testing.TB) halfHall {
		h := benchHall(t)
		h.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE ordinal % 2 = 0`)
		return halfHall{h, query[int64](h, `SELECT id FROM shows WHERE slug = 'big'`)}
	})
}

// BenchmarkSeatState reads the state of a hall of which half is taken, as the cache does four times a second a show.
func BenchmarkSeatState(b *testing.B) {
	h := benchHalfHall(b)
	for b.Loop() {
		if _, err := h.SeatState(context.Background(), h.show); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlainUpdate is what a hold is compared with: one row of a plain table written by its key, as many at once, each its own transaction.
func BenchmarkPlainUpdate(b *testing.B) {
	h := testenv.Lasting(b, "plain table", func(t testing.TB) *hall {
		h := newHall(t, 1)
		h.exec(`CREATE TABLE plain (id bigint PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50)`)
		h.exec(`INSERT INTO plain SELECT g, 0 FROM generate_series(0, 14399) g`)
		h.exec(`ANALYZE plain`)
		return h
	})
	var next atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := h.pool.Exec(context.Background(), `UPDATE plain SET n = n + 1 WHERE id = $1`, next.Add(1)*7919%14400); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkPlainCount is what the seat state is compared with: the database counts the same seats by their state, and tells how many states there are.
func BenchmarkPlainCount(b *testing.B) {
	h := benchHalfHall(b)
	for b.Loop() {
		require.Equal(b, 2, query[int](h.hall, `SELECT count(*) FROM (SELECT state, count(*) FROM show_seats WHERE show_id = $1 GROUP BY state) x`, h.show))
	}
}
