package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
	"anteroom/internal/fault"
)

var _ booking.Entries = (*Store)(nil)

// enter runs a transaction of staff's, which may be long: a layout has up to a hundred thousand seats.
func (s *Store) enter(ctx context.Context, work func(tx pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '10s'`); err != nil {
			return err
		}
		return work(tx)
	})
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	for _, table := range []string{"organisations", "venues", "shows"} {
		if isUnique(err, table+"_slug_key") {
			return booking.ErrSlugTaken
		}
	}
	return failure(err)
}

// Organisations implements booking.Entries.
func (s *Store) Organisations(ctx context.Context) ([]booking.Organisation, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (o booking.Organisation, err error) {
		return o, row.Scan(&o.Slug, &o.Name.EN, &o.Name.KO)
	}, `SELECT slug, name_en, name_ko FROM organisations ORDER BY slug`)
}

// AddOrganisation implements booking.Entries.
func (s *Store) AddOrganisation(ctx context.Context, o booking.Organisation) error {
	return s.enter(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO organisations (slug, name_en, name_ko) VALUES ($1, $2, $3)`, o.Slug, o.Name.EN, o.Name.KO)
		return err
	})
}

// Venues implements booking.Entries.
func (s *Store) Venues(ctx context.Context) ([]booking.Venue, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (v booking.Venue, err error) {
		return v, row.Scan(&v.Slug, &v.Name.EN, &v.Name.KO, &v.City.EN, &v.City.KO)
	}, `SELECT slug, name_en, name_ko, city_en, city_ko FROM venues ORDER BY slug`)
}

// AddVenue implements booking.Entries.
func (s *Store) AddVenue(ctx context.Context, v booking.Venue) error {
	return s.enter(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO venues (slug, name_en, name_ko, city_en, city_ko) VALUES ($1, $2, $3, $4, $5)`,
			v.Slug, v.Name.EN, v.Name.KO, v.City.EN, v.City.KO)
		return err
	})
}

// BlockSeats implements booking.Entries.
func (s *Store) BlockSeats(ctx context.Context, show string, seats []int64, block bool) (changed int, err error) {
	var body []byte
	if err := s.pool.QueryRow(ctx, `SELECT block_seats($1, $2, $3)`, show, seats, block).Scan(&body); err != nil {
		return 0, failure(err)
	}
	var a struct {
		answer
		Changed int `json:"changed"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return 0, fmt.Errorf("decode answer of the database: %w", err)
	}
	return a.Changed, refusal(a.answer)
}

// KeepBack implements booking.Entries.
func (s *Store) KeepBack(ctx context.Context, show, section string, places int) error {
	return s.enter(ctx, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `SELECT id FROM shows WHERE slug = $1`, show).Scan(&id)
		if isNoRows(err) {
			return booking.ErrShowUnknown
		}
		if err != nil {
			return err
		}
		var sectionID int64
		var total int
		err = tx.QueryRow(ctx, `
			SELECT c.id, p.seats_total FROM show_sections p JOIN sections c ON c.id = p.section_id
			 WHERE p.show_id = $1 AND c.name = $2 AND c.kind <> 'seated' FOR NO KEY UPDATE OF p`, id, section).Scan(&sectionID, &total)
		if isNoRows(err) {
			return booking.ErrSectionUnknown
		}
		if err != nil {
			return err
		}
		if places > total {
			return booking.ErrShowInvalid.WithField("places", "must be at most %d, which the section has", total)
		}
		_, err = tx.Exec(ctx, `UPDATE show_sections SET reserve = $3 WHERE show_id = $1 AND section_id = $2`, id, sectionID, places)
		return err
	})
}
