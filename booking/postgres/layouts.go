package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// enterLayout enters a drawing as a draft and returns its id.
func enterLayout(ctx context.Context, tx pgx.Tx, venue int64, version int, l booking.NewLayout) (layout int64, err error) {
	categories, areas, err := drawn(l)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO layouts (venue_id, version, status, name, width, height, stage_x, stage_y, stage_width, stage_height, categories, areas)
		VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		venue, version, l.Name, l.Width, l.Height, l.Stage.X, l.Stage.Y, l.Stage.Width, l.Stage.Height, categories, areas).Scan(&layout)
	if err != nil {
		return 0, fmt.Errorf("enter layout: %w", err)
	}
	return layout, enterSections(ctx, tx, layout, l)
}

// drawn is what of a drawing is kept as JSON.
func drawn(l booking.NewLayout) (categories, areas []byte, err error) {
	if l.Categories == nil {
		l.Categories = []booking.Category{}
	}
	if l.Areas == nil {
		l.Areas = []json.RawMessage{}
	}
	categories, err = json.Marshal(l.Categories)
	if err != nil {
		return nil, nil, fmt.Errorf("encode categories: %w", err)
	}
	areas, err = json.Marshal(l.Areas)
	if err != nil {
		return nil, nil, fmt.Errorf("encode areas: %w", err)
	}
	return categories, areas, nil
}

// enterSections enters the sections and seats of a draft that has none.
func enterSections(ctx context.Context, tx pgx.Tx, layout int64, l booking.NewLayout) error {
	var seats [][]any
	for i, c := range l.Sections {
		kind := c.Kind
		if kind == "" {
			kind = booking.Seated
		}
		var section int64
		err := tx.QueryRow(ctx, `INSERT INTO sections (layout_id, ordinal, name, x, y, kind, category) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			layout, i, c.Name, c.X, c.Y, kind, c.Category).Scan(&section)
		if err != nil {
			return fmt.Errorf("enter section %s: %w", c.Name, err)
		}
		for _, s := range c.Seats {
			var guid *string
			if s.GUID != "" {
				guid = &s.GUID
			}
			seats = append(seats, []any{layout, section, len(seats), s.Row, s.Number, s.X, s.Y, s.Accessible, s.Companion, s.Restricted, guid})
		}
	}
	columns := []string{"layout_id", "section_id", "ordinal", "row_name", "number", "x", "y", "accessible", "companion", "restricted", "guid"}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"seats"}, columns, pgx.CopyFromRows(seats)); err != nil {
		return fmt.Errorf("enter seats: %w", err)
	}
	return nil
}

const layoutInfoSQL = `
SELECT v.slug, y.version, y.name, y.status, (SELECT count(*) FROM sections WHERE layout_id = y.id), (SELECT count(*) FROM seats WHERE layout_id = y.id)
  FROM layouts y JOIN venues v ON v.id = y.venue_id`

// Layouts implements booking.Entries.
func (s *Store) Layouts(ctx context.Context, venue string) ([]booking.LayoutInfo, error) {
	list, err := collect(ctx, s, pgx.RowToStructByPos[booking.LayoutInfo], layoutInfoSQL+` WHERE v.slug = $1 ORDER BY y.version DESC`, venue)
	if err != nil || len(list) > 0 {
		return list, err
	}
	var there bool
	if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM venues WHERE slug = $1)`, venue).Scan(&there); err != nil {
		return nil, failure(err)
	}
	if !there {
		return nil, booking.ErrVenueUnknown
	}
	return []booking.LayoutInfo{}, nil
}

// layoutChange runs change in a transaction with time enough for a large layout, and tells of the layout that it returns.
func (s *Store) layoutChange(ctx context.Context, change func(tx pgx.Tx) (layout int64, err error)) (info booking.LayoutInfo, err error) {
	err = s.enter(ctx, func(tx pgx.Tx) error {
		layout, err := change(tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, layoutInfoSQL+` WHERE y.id = $1`, layout)
		if err != nil {
			return err
		}
		info, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[booking.LayoutInfo])
		return err
	})
	return info, err
}

// nextVersion locks the venue, so that nobody else makes the same version, and says which is next.
func nextVersion(ctx context.Context, tx pgx.Tx, venue string) (id int64, version int, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM venues WHERE slug = $1 FOR NO KEY UPDATE`, venue).Scan(&id)
	if isNoRows(err) {
		return 0, 0, booking.ErrVenueUnknown
	}
	if err == nil {
		err = tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) + 1 FROM layouts WHERE venue_id = $1`, id).Scan(&version)
	}
	return id, version, err
}

// lockLayout locks a version of a layout and tells whether it is published.
func lockLayout(ctx context.Context, tx pgx.Tx, venue string, version int) (id int64, published bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT y.id, y.status = 'published' FROM layouts y JOIN venues v ON v.id = y.venue_id
		 WHERE v.slug = $1 AND y.version = $2 FOR NO KEY UPDATE OF y`, venue, version).Scan(&id, &published)
	if isNoRows(err) {
		return 0, false, booking.ErrLayoutUnknown
	}
	return id, published, err
}

// AddLayout implements booking.Entries.
func (s *Store) AddLayout(ctx context.Context, venue string, l booking.NewLayout) (booking.LayoutInfo, error) {
	return s.layoutChange(ctx, func(tx pgx.Tx) (int64, error) {
		id, version, err := nextVersion(ctx, tx, venue)
		if err != nil {
			return 0, err
		}
		return enterLayout(ctx, tx, id, version, l)
	})
}

// ReplaceLayout implements booking.Entries.
func (s *Store) ReplaceLayout(ctx context.Context, venue string, version int, l booking.NewLayout) (booking.LayoutInfo, error) {
	return s.layoutChange(ctx, func(tx pgx.Tx) (int64, error) {
		id, published, err := lockLayout(ctx, tx, venue, version)
		if err != nil {
			return 0, err
		}
		if published {
			return 0, booking.ErrLayoutPublished
		}
		categories, areas, err := drawn(l)
		if err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `
			UPDATE layouts SET name = $2, width = $3, height = $4, stage_x = $5, stage_y = $6, stage_width = $7, stage_height = $8,
			                   categories = $9, areas = $10 WHERE id = $1`,
			id, l.Name, l.Width, l.Height, l.Stage.X, l.Stage.Y, l.Stage.Width, l.Stage.Height, categories, areas)
		for _, sql := range []string{`DELETE FROM seats WHERE layout_id = $1`, `DELETE FROM sections WHERE layout_id = $1`} {
			if err == nil {
				_, err = tx.Exec(ctx, sql, id)
			}
		}
		if err != nil {
			return 0, err
		}
		return id, enterSections(ctx, tx, id, l)
	})
}

// PublishLayout implements booking.Entries.
func (s *Store) PublishLayout(ctx context.Context, venue string, version int) (booking.LayoutInfo, error) {
	return s.layoutChange(ctx, func(tx pgx.Tx) (int64, error) {
		id, published, err := lockLayout(ctx, tx, venue, version)
		if err == nil && !published {
			_, err = tx.Exec(ctx, `UPDATE layouts SET status = 'published' WHERE id = $1`, id)
		}
		return id, err
	})
}

// CloneLayout implements booking.Entries.
func (s *Store) CloneLayout(ctx context.Context, venue string, version int) (booking.LayoutInfo, error) {
	return s.layoutChange(ctx, func(tx pgx.Tx) (int64, error) {
		_, next, err := nextVersion(ctx, tx, venue)
		if errors.Is(err, booking.ErrVenueUnknown) {
			return 0, booking.ErrLayoutUnknown
		}
		if err != nil {
			return 0, err
		}
		// The lock keeps a draft from being changed while it is read.
		from, _, err := lockLayout(ctx, tx, venue, version)
		if err != nil {
			return 0, err
		}
		var id int64
		err = tx.QueryRow(ctx, `
			INSERT INTO layouts (venue_id, version, status, name, width, height, stage_x, stage_y, stage_width, stage_height, categories, areas)
			SELECT venue_id, $2, 'draft', name, width, height, stage_x, stage_y, stage_width, stage_height, categories, areas
			  FROM layouts WHERE id = $1 RETURNING id`, from, next).Scan(&id)
		if err != nil {
			return 0, fmt.Errorf("clone layout: %w", err)
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO sections (layout_id, ordinal, name, x, y, kind, category)
			SELECT $2, ordinal, name, x, y, kind, category FROM sections WHERE layout_id = $1 ORDER BY ordinal`, from, id)
		if err != nil {
			return 0, fmt.Errorf("clone sections: %w", err)
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO seats (layout_id, section_id, ordinal, row_name, number, x, y, accessible, companion, restricted, guid)
			SELECT $2, n.id, t.ordinal, t.row_name, t.number, t.x, t.y, t.accessible, t.companion, t.restricted, t.guid
			  FROM seats t JOIN sections o ON o.id = t.section_id JOIN sections n ON n.layout_id = $2 AND n.ordinal = o.ordinal
			 WHERE t.layout_id = $1 ORDER BY t.ordinal`, from, id)
		if err != nil {
			return 0, fmt.Errorf("clone seats: %w", err)
		}
		return id, nil
	})
}
