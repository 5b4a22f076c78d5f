package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

var _ booking.WaitingList = (*Store)(nil)

// JoinWaitingList implements booking.WaitingList.
func (s *Store) JoinWaitingList(ctx context.Context, session booking.Session, show string, count int, band int64) (booking.WaitingPlace, error) {
	a, err := s.call(ctx, `SELECT join_waiting_list($1, $2, $3::integer, nullif($4::bigint, 0))`, []byte(session), show, count, band)
	return a.Waiting, err
}

// WaitingPlace implements booking.WaitingList.
func (s *Store) WaitingPlace(ctx context.Context, session booking.Session, show string) (booking.WaitingPlace, error) {
	a, err := s.call(ctx, `SELECT own_waiting($1, $2)`, []byte(session), show)
	return a.Waiting, err
}

// LeaveWaitingList implements booking.WaitingList.
func (s *Store) LeaveWaitingList(ctx context.Context, session booking.Session, show string) error {
	_, err := s.call(ctx, `SELECT leave_waiting_list($1, $2)`, []byte(session), show)
	return err
}

// waitingPage is how many who wait are looked at in one query.
const waitingPage = 200

// waiter is one who waits in a show where so many seats may be free: seats that are only held count as free here.
type waiter struct {
	ID, Show, Band int64
	Seats          int
}

// OfferSeats goes through the waiting lists of all shows in their order and offers seats that have come back, each offer for as long as
// given, and returns how many it made. Any number of instances may do so at once. It fails with "database-unavailable"; the next call finds the rest.
func (s *Store) OfferSeats(ctx context.Context, deadline time.Duration) (int, error) {
	if _, err := s.pool.Exec(ctx, `SELECT sweep_offers($1::integer)`, waitingPage); err != nil {
		return 0, failure(err)
	}
	type scope struct{ show, band int64 }
	tooMany := map[scope]int{} // of a show and band: so many together are not to be had
	made := 0
	for last := int64(0); ; {
		page, err := collect(ctx, s, pgx.RowToStructByPos[waiter], `
			SELECT e.id, e.show_id, coalesce(e.band_id, 0), e.seats FROM waiting_list e
			 WHERE e.state = 'waiting' AND e.id > $1
			   AND e.seats <= (SELECT sum(p.seats_total - p.seats_sold - p.seats_blocked) FROM show_sections p
			                    WHERE p.show_id = e.show_id AND (e.band_id IS NULL OR p.band_id = e.band_id))
			 ORDER BY e.id LIMIT $2`, last, waitingPage)
		if err != nil {
			return made, err
		}
		for _, w := range page {
			last = w.ID
			at := scope{w.Show, w.Band}
			if n, failed := tooMany[at]; failed && w.Seats >= n {
				continue
			}
			var outcome string
			if err := s.pool.QueryRow(ctx, `SELECT offer_seats($1, $2::integer)`, w.ID, int(deadline.Seconds())).Scan(&outcome); err != nil {
				return made, failure(err)
			}
			switch outcome {
			case "done":
				made++
			case "none", "busy": // who is busy keeps the place: nobody behind who wants as many is served first
				tooMany[at] = w.Seats
			}
		}
		if len(page) < waitingPage {
			return made, nil
		}
	}
}
