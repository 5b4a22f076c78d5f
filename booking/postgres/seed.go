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
	var venue int64
	err := tx.QueryRow(ctx, `
		INSERT INTO venues (slug, name_en, name_ko, city_en, city_ko) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id`,
		n.VenueSlug, n.Venue.EN, n.Venue.KO, n.City.EN, n.City.KO).Scan(&venue)
	if err != nil {
		return fmt.Errorf("enter venue: %w", err)
	}
	layout, err := enterLayout(ctx, tx, venue, n.Layout.Version, categorised(n))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE layouts SET status = 'published' WHERE id = $1`, layout); err != nil {
		return fmt.Errorf("publish layout: %w", err)
	}
	policy := n.HoldPolicy
	if policy == "" {
		policy = booking.HoldFirst
	}
	tags := n.Tags
	if tags == nil {
		tags = []string{}
	}
	var show int64
	err = tx.QueryRow(ctx, `
		INSERT INTO shows (slug, room, layout_id, title_en, title_ko, description_en, description_ko, time_zone, currency,
		                   max_per_buyer, hold_seconds, on_sale_at, starts_at, hold_policy, category, tags)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp() + make_interval(days => $12),
		        (date_trunc('day', clock_timestamp() AT TIME ZONE $8) + make_interval(days => $13, hours => $14)) AT TIME ZONE $8, $15, $16, $17)
		RETURNING id`,
		n.Slug, n.Room, layout, n.Title.EN, n.Title.KO, n.Description.EN, n.Description.KO, n.TimeZone, n.Currency,
		n.MaxPerBuyer, n.HoldSeconds, n.OnSaleDays, n.StartsDays, n.StartsHour, policy, n.Category, tags).Scan(&show)
	if err != nil {
		return fmt.Errorf("enter show: %w", err)
	}
	bands := make([]booking.BandEntry, len(n.Bands))
	for i, b := range n.Bands {
		bands[i] = booking.BandEntry{Name: b.Name, Price: b.Price, Colour: b.Colour}
	}
	bandOf := make([]int32, len(n.Layout.Sections))
	for i, c := range n.Layout.Sections {
		bandOf[i] = int32(c.Band)
	}
	return enterSeats(ctx, tx, show, layout, bands, bandOf)
}

// categorised is the layout of a show whose sections are of the category that their price band is, where they say none.
func categorised(n booking.NewShow) booking.NewLayout {
	l := n.Layout
	if l.Categories != nil {
		return l
	}
	for _, b := range n.Bands {
		l.Categories = append(l.Categories, booking.Category{Name: b.Name.EN, Colour: b.Colour})
	}
	l.Sections = append([]booking.NewSection(nil), l.Sections...)
	for i := range l.Sections {
		if c := &l.Sections[i]; c.Category == "" {
			c.Category = n.Bands[c.Band].Name.EN
		}
	}
	return l
}

// enterSeats enters the price bands of a show and, by the band of each section in layout order, its sections and seats.
func enterSeats(ctx context.Context, tx pgx.Tx, show, layout int64, bands []booking.BandEntry, bandOf []int32) error {
	for i, b := range bands {
		_, err := tx.Exec(ctx, `INSERT INTO price_bands (show_id, ordinal, name_en, name_ko, price, colour) VALUES ($1, $2, $3, $4, $5, $6)`,
			show, i, b.Name.EN, b.Name.KO, b.Price, b.Colour)
		if err != nil {
			return fmt.Errorf("enter price band: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO show_sections (show_id, section_id, band_id, seats_total)
		SELECT $1, c.id, b.id, (SELECT count(*) FROM seats WHERE section_id = c.id)
		  FROM sections c JOIN price_bands b ON b.show_id = $1 AND b.ordinal = ($3::int[])[c.ordinal + 1]
		 WHERE c.layout_id = $2`, show, layout, bandOf)
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
