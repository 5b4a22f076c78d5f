package postgres

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
)

// benchHall has 14,400 seats and lets a buyer have as many as there are.
func benchHall(b *testing.B) *hall {
	h := newHall(b, 1)
	for _, slug := range []string{"big"} {
		show := demo.Small(slug, slug, 480, 10)
		_, err := h.SeedShow(context.Background(), show)
		require.NoError(b, err)
	}
	h.exec(`ANALYZE`)
	h.seats = h.seatsOf("big")
	return h
}

// BenchmarkHold holds single seats spread over the hall, in parallel, each by another buyer; a seat is had again once all have been had.
func BenchmarkHold(b *testing.B) {
	h := benchHall(b)
	h.exec(`UPDATE shows SET max_per_buyer = 1000000`)
	sessions := make([]booking.Session, 512)
	for i := range sessions {
		sessions[i] = h.guest()
	}
	var next, taken atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := int(next.Add(1))
			seat := h.seats[(i*7919)%len(h.seats)]
			if _, err := h.HoldSeats(context.Background(), sessions[i%len(sessions)], "big", []int64{seat}); err != nil {
				taken.Add(1)
			}
		}
	})
	b.ReportMetric(float64(taken.Load())/float64(b.N), "refused/op")
}

// BenchmarkSeatState reads the state of a hall of which half is taken, as the cache does four times a second a show.
func BenchmarkSeatState(b *testing.B) {
	h := benchHall(b)
	h.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE ordinal % 2 = 0`)
	show := query[int64](h, `SELECT id FROM shows WHERE slug = 'big'`)
	b.ResetTimer()
	for b.Loop() {
		if _, err := h.SeatState(context.Background(), show); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlainUpdate is what a hold is compared with: one row of a plain table written by its key, as many at once, each its own transaction.
func BenchmarkPlainUpdate(b *testing.B) {
	h := newHall(b, 1)
	h.exec(`CREATE TABLE plain (id bigint PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 50)`)
	h.exec(`INSERT INTO plain SELECT g, 0 FROM generate_series(0, 14399) g`)
	h.exec(`ANALYZE plain`)
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
	h := benchHall(b)
	h.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1 WHERE ordinal % 2 = 0`)
	show := query[int64](h, `SELECT id FROM shows WHERE slug = 'big'`)
	b.ResetTimer()
	for b.Loop() {
		require.Equal(b, 2, query[int](h, `SELECT count(*) FROM (SELECT state, count(*) FROM show_seats WHERE show_id = $1 GROUP BY state) x`, show))
	}
}
