package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// settingsColumns are those of booking.ShowSettings, in the order of settingsOf.
var settingsColumns = []string{
	"organisation_id", "room", "title_en", "title_ko", "description_en", "description_ko", "category", "tags", "starts_at", "on_sale_at", "on_sale_until",
	"max_per_buyer", "hold_seconds", "hold_policy", "cancel_until_hours", "cancel_fee", "ticket_fee", "order_fee", "tax_basis_points", "tax_included", "waiting_list",
}

func settingsOf(s booking.ShowSettings, organisation *int64) []any {
	if s.Tags == nil {
		s.Tags = []string{}
	}
	return []any{
		organisation, s.Room, s.Title.EN, s.Title.KO, s.Description.EN, s.Description.KO, s.Category, s.Tags, s.StartsAt, s.OnSaleAt, s.OnSaleUntil,
		s.MaxPerBuyer, s.HoldSeconds, s.HoldPolicy, s.CancelUntilHours, s.CancelFee, s.TicketFee, s.OrderFee, s.TaxBasisPoints, s.TaxIncluded, s.WaitingList,
	}
}

// organisationID finds an organisation; nil for none.
func organisationID(ctx context.Context, tx pgx.Tx, slug string) (*int64, error) {
	if slug == "" {
		return nil, nil
	}
	var id int64
	err := tx.QueryRow(ctx, `SELECT id FROM organisations WHERE slug = $1`, slug).Scan(&id)
	if isNoRows(err) {
		return nil, booking.ErrOrganisationUnknown
	}
	return &id, err
}

// AddShow implements booking.Entries.
func (s *Store) AddShow(ctx context.Context, e booking.ShowEntry) error {
	return s.enter(ctx, func(tx pgx.Tx) error {
		layout, published, err := lockLayout(ctx, tx, e.Venue, e.LayoutVersion)
		if err != nil {
			return err
		}
		if !published {
			return booking.ErrLayoutDraft
		}
		bandOf, err := bandsOf(ctx, tx, layout, e)
		if err != nil {
			return err
		}
		organisation, err := organisationID(ctx, tx, e.Organisation)
		if err != nil {
			return err
		}
		columns := append([]string{"slug", "layout_id", "time_zone", "currency", "status"}, settingsColumns...)
		values := append([]any{e.Slug, layout, e.TimeZone, e.Currency, "draft"}, settingsOf(e.ShowSettings, organisation)...)
		var show int64
		err = tx.QueryRow(ctx, fmt.Sprintf(`INSERT INTO shows (%s) VALUES (%s) RETURNING id`, strings.Join(columns, ", "), numbered(1, len(columns))), values...).Scan(&show)
		if err != nil {
			return fmt.Errorf("enter show: %w", err)
		}
		return enterSeats(ctx, tx, show, layout, e.Bands, bandOf)
	})
}

// numbered is a list of parameters, $from and those behind it.
func numbered(from, count int) string {
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(list, ", ")
}

// bandsOf finds the band of each section of a layout. It fails with "show-invalid".
func bandsOf(ctx context.Context, tx pgx.Tx, layout int64, e booking.ShowEntry) ([]int32, error) {
	rows, err := tx.Query(ctx, `SELECT name, category FROM sections WHERE layout_id = $1 ORDER BY ordinal`, layout)
	if err != nil {
		return nil, err
	}
	var names, categories []string
	var bandOf []int32
	var name, category string
	_, err = pgx.ForEachRow(rows, []any{&name, &category}, func() error {
		band := e.BandOf(name, category)
		if band < 0 {
			return booking.ErrShowInvalid.WithField("bands", "has none for section %s, category %s", name, category)
		}
		names, categories, bandOf = append(names, name), append(categories, category), append(bandOf, int32(band))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, b := range e.Bands {
		for k, name := range b.Sections {
			if !slices.Contains(names, name) {
				return nil, booking.ErrShowInvalid.WithField(fmt.Sprintf("bands[%d].sections[%d]", i, k), "is no section of the layout")
			}
		}
		for k, category := range b.Categories {
			if !slices.Contains(categories, category) {
				return nil, booking.ErrShowInvalid.WithField(fmt.Sprintf("bands[%d].categories[%d]", i, k), "is no category of the layout's sections")
			}
		}
	}
	return bandOf, nil
}

const settingsSQL = `
SELECT coalesce((SELECT slug FROM organisations o WHERE o.id = w.organisation_id), ''), room, title_en, title_ko, description_en, description_ko,
       category, tags, starts_at, on_sale_at, on_sale_until, max_per_buyer, hold_seconds, hold_policy, cancel_until_hours, cancel_fee, ticket_fee,
       order_fee, tax_basis_points, tax_included, waiting_list
  FROM shows w WHERE slug = $1`

func scanSettings(row pgx.Row) (s booking.ShowSettings, err error) {
	err = row.Scan(&s.Organisation, &s.Room, &s.Title.EN, &s.Title.KO, &s.Description.EN, &s.Description.KO,
		&s.Category, &s.Tags, &s.StartsAt, &s.OnSaleAt, &s.OnSaleUntil, &s.MaxPerBuyer, &s.HoldSeconds, &s.HoldPolicy, &s.CancelUntilHours, &s.CancelFee, &s.TicketFee,
		&s.OrderFee, &s.TaxBasisPoints, &s.TaxIncluded, &s.WaitingList)
	if isNoRows(err) {
		return s, booking.ErrShowUnknown
	}
	s.StartsAt, s.OnSaleAt = s.StartsAt.UTC(), s.OnSaleAt.UTC()
	if s.OnSaleUntil != nil {
		until := s.OnSaleUntil.UTC()
		s.OnSaleUntil = &until
	}
	return s, err
}

// ReadShow implements booking.Entries.
func (s *Store) ReadShow(ctx context.Context, slug string) (booking.ShowSettings, error) {
	settings, err := scanSettings(s.pool.QueryRow(ctx, settingsSQL, slug))
	if err != nil {
		return booking.ShowSettings{}, failure(err)
	}
	return settings, nil
}

// ChangeShow implements booking.Entries.
func (s *Store) ChangeShow(ctx context.Context, slug string, change func(*booking.ShowSettings) error) (settings booking.ShowSettings, err error) {
	err = s.enter(ctx, func(tx pgx.Tx) error {
		settings, err = scanSettings(tx.QueryRow(ctx, settingsSQL+` FOR NO KEY UPDATE OF w`, slug))
		if err != nil {
			return err
		}
		policy := settings.HoldPolicy
		if err := change(&settings); err != nil {
			return err
		}
		if settings.HoldPolicy != policy {
			var sold bool
			err := tx.QueryRow(ctx, `
				SELECT EXISTS (SELECT 1 FROM holds h WHERE h.show_id = w.id AND h.state IN ('active', 'confirming')) OR EXISTS (SELECT 1 FROM orders o WHERE o.show_id = w.id)
				  FROM shows w WHERE w.slug = $1`, slug).Scan(&sold)
			if err != nil {
				return err
			}
			if sold {
				return booking.ErrShowSelling.WithField("hold_policy", "cannot be changed once there are holds or orders")
			}
		}
		organisation, err := organisationID(ctx, tx, settings.Organisation)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`UPDATE shows SET (%s) = ROW (%s) WHERE slug = $1`, strings.Join(settingsColumns, ", "), numbered(2, len(settingsColumns))),
			append([]any{slug}, settingsOf(settings, organisation)...)...)
		return err
	})
	return settings, err
}

// PublishShow implements booking.Entries.
func (s *Store) PublishShow(ctx context.Context, slug string) error {
	tag, err := s.pool.Exec(ctx, `UPDATE shows SET status = 'published' WHERE slug = $1`, slug)
	if err != nil {
		return failure(err)
	}
	if tag.RowsAffected() == 0 {
		return booking.ErrShowUnknown
	}
	return nil
}
