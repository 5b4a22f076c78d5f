package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// ReadLayout implements booking.Entries. It reads in one snapshot, so that it is one drawing even while a draft changes.
func (s *Store) ReadLayout(ctx context.Context, venue string, version int) (l booking.NewLayout, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
		var id int64
		var categories, areas []byte
		err := tx.QueryRow(ctx, `
			SELECT y.id, y.version, y.name, y.width, y.height, y.stage_x, y.stage_y, y.stage_width, y.stage_height, y.categories, y.areas
			  FROM layouts y JOIN venues v ON v.id = y.venue_id WHERE v.slug = $1 AND y.version = $2`, venue, version).
			Scan(&id, &l.Version, &l.Name, &l.Width, &l.Height, &l.Stage.X, &l.Stage.Y, &l.Stage.Width, &l.Stage.Height, &categories, &areas)
		if isNoRows(err) {
			return booking.ErrLayoutUnknown
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(categories, &l.Categories); err != nil {
			return err
		}
		if err := json.Unmarshal(areas, &l.Areas); err != nil {
			return err
		}
		return readSections(ctx, tx, id, &l)
	})
	if err != nil {
		return booking.NewLayout{}, failure(err)
	}
	return l, nil
}

func readSections(ctx context.Context, tx pgx.Tx, layout int64, l *booking.NewLayout) error {
	rows, err := tx.Query(ctx, `SELECT name, x, y, kind, category FROM sections WHERE layout_id = $1 ORDER BY ordinal`, layout)
	if err != nil {
		return err
	}
	l.Sections, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c booking.NewSection, err error) {
		return c, row.Scan(&c.Name, &c.X, &c.Y, &c.Kind, &c.Category)
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `
		SELECT c.ordinal, t.row_name, t.number, t.x, t.y, t.accessible, t.companion, t.restricted, coalesce(t.guid, '')
		  FROM seats t JOIN sections c ON c.id = t.section_id WHERE t.layout_id = $1 ORDER BY t.ordinal`, layout)
	if err != nil {
		return err
	}
	var section int
	var seat booking.NewSeat
	_, err = pgx.ForEachRow(rows, []any{&section, &seat.Row, &seat.Number, &seat.X, &seat.Y, &seat.Accessible, &seat.Companion, &seat.Restricted, &seat.GUID}, func() error {
		c := &l.Sections[section]
		c.Seats = append(c.Seats, seat)
		return nil
	})
	return err
}
