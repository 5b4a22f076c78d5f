package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// What can be had is total − sold − blocked − what living holds have: sums over sections and living holds, not over seats.
const showsSQL = `
SELECT w.id, y.version, w.slug, w.room, w.title_en, w.title_ko, w.description_en, w.description_ko,
       v.name_en, v.name_ko, v.city_en, v.city_ko, w.starts_at, w.on_sale_at, w.time_zone, w.currency,
       w.max_per_buyer, w.hold_seconds, c.total, greatest(c.unsold - coalesce(h.seats, 0), 0), c.total > 0 AND c.unsold = 0, b.bands
  FROM shows w
  JOIN layouts y ON y.id = w.layout_id
  JOIN venues v ON v.id = y.venue_id,
  LATERAL (SELECT coalesce(sum(seats_total), 0) AS total, coalesce(sum(seats_total - seats_sold - seats_blocked), 0) AS unsold
             FROM show_sections WHERE show_id = w.id) c,
  LATERAL (SELECT sum(seat_count) AS seats FROM holds
            WHERE show_id = w.id AND state IN ('active', 'confirming') AND hold_counts(state, expires_at, clock_timestamp())) h,
  LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', jsonb_build_object('en', name_en, 'ko', name_ko),
                  'price', money(price, w.currency), 'colour', colour) ORDER BY ordinal), '[]') AS bands
             FROM price_bands WHERE show_id = w.id) b
 ORDER BY w.starts_at, w.id
 LIMIT 1000`

// Shows implements booking.Catalogue.
func (s *Store) Shows(ctx context.Context) ([]booking.Show, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (booking.Show, error) {
		var w booking.Show
		var currency string
		err := row.Scan(&w.ID, &w.LayoutVersion, &w.Slug, &w.Room, &w.Title.EN, &w.Title.KO, &w.Description.EN, &w.Description.KO,
			&w.Venue.EN, &w.Venue.KO, &w.City.EN, &w.City.KO, &w.StartsAt, &w.OnSaleAt, &w.TimeZone, &currency,
			&w.MaxPerBuyer, &w.HoldSeconds, &w.SeatsTotal, &w.SeatsAvailable, &w.SoldOut, &w.Bands)
		w.StartsAt, w.OnSaleAt = w.StartsAt.UTC(), w.OnSaleAt.UTC()
		return w, err
	}, showsSQL)
}

// Layout implements booking.Catalogue.
func (s *Store) Layout(ctx context.Context, show int64) (booking.SeatLayout, error) {
	var l booking.SeatLayout
	err := s.pool.QueryRow(ctx, `
		SELECT y.version, y.width, y.height, y.stage_x, y.stage_y, y.stage_width, y.stage_height
		  FROM shows w JOIN layouts y ON y.id = w.layout_id WHERE w.id = $1`, show).
		Scan(&l.LayoutVersion, &l.Width, &l.Height, &l.Stage.X, &l.Stage.Y, &l.Stage.Width, &l.Stage.Height)
	if isNoRows(err) {
		return l, booking.ErrShowUnknown
	}
	if err != nil {
		return l, failure(err)
	}
	l.Sections, err = collect(ctx, s, pgx.RowToStructByPos[booking.SeatSection], `
		SELECT c.name, p.band_id, round(c.x::numeric, 1)::float8, round(c.y::numeric, 1)::float8
		  FROM show_sections p JOIN sections c ON c.id = p.section_id WHERE p.show_id = $1 ORDER BY c.ordinal`, show)
	if err != nil {
		return l, err
	}
	rows, err := s.pool.Query(ctx, `
		SELECT s.id, c.ordinal, t.row_name, t.number, round(t.x::numeric, 1)::float8, round(t.y::numeric, 1)::float8
		  FROM show_seats s JOIN seats t ON t.id = s.seat_id JOIN sections c ON c.id = s.section_id
		 WHERE s.show_id = $1 ORDER BY s.ordinal`, show)
	if err != nil {
		return l, failure(err)
	}
	var id int64
	var section int
	var row, number string
	var x, y float64
	_, err = pgx.ForEachRow(rows, []any{&id, &section, &row, &number, &x, &y}, func() error {
		c := &l.Seats
		c.ID, c.Section, c.Row = append(c.ID, id), append(c.Section, section), append(c.Row, row)
		c.Number, c.X, c.Y = append(c.Number, number), append(c.X, x), append(c.Y, y)
		return nil
	})
	if err != nil {
		return l, failure(err)
	}
	return l, nil
}

// SeatState implements booking.Catalogue.
func (s *Store) SeatState(ctx context.Context, show int64) (booking.SeatState, error) {
	var state booking.SeatState
	var total int
	var taken []int32
	var asOf time.Time
	err := s.pool.QueryRow(ctx, `
		WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS at)
		SELECT y.version, m.at, n.total, n.taken
		  FROM moment m, shows w JOIN layouts y ON y.id = w.layout_id,
		  LATERAL (SELECT count(*) AS total, coalesce(array_agg(s.ordinal) FILTER (WHERE NOT seat_free(s.state, s.held_until, m.at)), '{}') AS taken
		             FROM show_seats s WHERE s.show_id = w.id) n
		 WHERE w.id = $1`, show).Scan(&state.LayoutVersion, &asOf, &total, &taken)
	if isNoRows(err) {
		return state, booking.ErrShowUnknown
	}
	if err != nil {
		return state, failure(err)
	}
	state.AsOf = asOf.UTC()
	state.Available = total - len(taken)
	state.Unavailable = booking.NewBitmap(total)
	for _, i := range taken {
		state.Unavailable.Set(int(i))
	}
	return state, nil
}
