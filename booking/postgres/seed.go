package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// SeedShow enters a show with its venue, layout and seats, in one transaction. A show that is there already, by its slug, is left
// as it is and false is returned.
func (s *Store) SeedShow(ctx context.Context, n booking.NewShow) (created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// Two seedings at once: the second waits here and then finds the show.
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '30s'; LOCK TABLE venues IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM shows WHERE slug = $1)`, n.Slug).Scan(&there); err != nil || there {
			return err
		}
		created = true
		return seedShow(ctx, tx, n)
	})
	if err != nil {
		return false, fmt.Errorf("seed show %s: %w", n.Slug, failure(err))
	}
	return created, nil
}

func seedShow(ctx context.Context, tx pgx.Tx, n booking.NewShow) error {
	layout, err := seedLayout(ctx, tx, n)
	if err != nil {
		return err
	}
	var show int64
	err = tx.QueryRow(ctx, `
		INSERT INTO shows (slug, room, layout_id, title_en, title_ko, description_en, description_ko, time_zone, currency,
		                   max_per_buyer, hold_seconds, on_sale_at, starts_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp() + make_interval(days => $12),
		        (date_trunc('day', clock_timestamp() AT TIME ZONE $8) + make_interval(days => $13, hours => $14)) AT TIME ZONE $8)
		RETURNING id`,
		n.Slug, n.Room, layout, n.Title.EN, n.Title.KO, n.Description.EN, n.Description.KO, n.TimeZone, n.Currency,
		n.MaxPerBuyer, n.HoldSeconds, n.OnSaleDays, n.StartsDays, n.StartsHour).Scan(&show)
	if err != nil {
		return fmt.Errorf("enter show: %w", err)
	}
	for i, b := range n.Bands {
		_, err := tx.Exec(ctx, `INSERT INTO price_bands (show_id, ordinal, name_en, name_ko, price, colour) VALUES ($1, $2, $3, $4, $5, $6)`,
			show, i, b.Name.EN, b.Name.KO, b.Price, b.Colour)
		if err != nil {
			return fmt.Errorf("enter price band: %w", err)
		}
	}
	bands := make([]int32, len(n.Layout.Sections))
	for i, c := range n.Layout.Sections {
		bands[i] = int32(c.Band)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO show_sections (show_id, section_id, band_id, seats_total)
		SELECT $1, c.id, b.id, (SELECT count(*) FROM seats WHERE section_id = c.id)
		  FROM sections c JOIN price_bands b ON b.show_id = $1 AND b.ordinal = ($3::int[])[c.ordinal + 1]
		 WHERE c.layout_id = $2`, show, layout, bands)
	if err != nil {
		return fmt.Errorf("enter sections of show: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO show_seats (show_id, seat_id, section_id, ordinal)
		SELECT $1, id, section_id, ordinal FROM seats WHERE layout_id = $2 ORDER BY ordinal`, show, layout)
	if err != nil {
		return fmt.Errorf("enter seats of show: %w", err)
	}
	return nil
}

// seedLayout enters venue, layout, sections and seats, and returns the layout's id.
func seedLayout(ctx context.Context, tx pgx.Tx, n booking.NewShow) (int64, error) {
	l := n.Layout
	var layout int64
	err := tx.QueryRow(ctx, `
		WITH venue AS (
			INSERT INTO venues (slug, name_en, name_ko, city_en, city_ko) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id)
		INSERT INTO layouts (venue_id, version, width, height, stage_x, stage_y, stage_width, stage_height)
		SELECT id, $6, $7, $8, $9, $10, $11, $12 FROM venue RETURNING id`,
		n.VenueSlug, n.Venue.EN, n.Venue.KO, n.City.EN, n.City.KO,
		l.Version, l.Width, l.Height, l.Stage.X, l.Stage.Y, l.Stage.Width, l.Stage.Height).Scan(&layout)
	if err != nil {
		return 0, fmt.Errorf("enter layout: %w", err)
	}
	ordinal := 0
	for i, c := range l.Sections {
		var section int64
		err := tx.QueryRow(ctx, `INSERT INTO sections (layout_id, ordinal, name, x, y) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
			layout, i, c.Name, c.X, c.Y).Scan(&section)
		if err != nil {
			return 0, fmt.Errorf("enter section %s: %w", c.Name, err)
		}
		first := ordinal
		_, err = tx.CopyFrom(ctx, pgx.Identifier{"seats"}, []string{"layout_id", "section_id", "ordinal", "row_name", "number", "x", "y"},
			pgx.CopyFromSlice(len(c.Seats), func(k int) ([]any, error) {
				s := c.Seats[k]
				return []any{layout, section, first + k, s.Row, s.Number, s.X, s.Y}, nil
			}))
		if err != nil {
			return 0, fmt.Errorf("enter seats of %s: %w", c.Name, err)
		}
		ordinal += len(c.Seats)
	}
	return layout, nil
}
