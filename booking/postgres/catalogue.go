package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// showSQL reads the shows of a page. What can be had is total − sold − blocked − what living holds have: sums over sections and
// living holds, not over seats, and only of the shows of the page.
const showSQL = `
WITH page AS MATERIALIZED (SELECT w.* FROM shows w WHERE w.status = 'published' %s ORDER BY w.starts_at, w.id LIMIT %d)
SELECT w.id, y.version, w.slug, w.room, w.title_en, w.title_ko, w.description_en, w.description_ko,
       v.name_en, v.name_ko, v.city_en, v.city_ko, w.starts_at, w.on_sale_at, w.on_sale_until, w.time_zone, w.currency,
       w.max_per_buyer, w.hold_seconds, c.total, greatest(c.unsold - coalesce(h.seats, 0), 0), c.total > 0 AND c.unsold = 0, b.bands,
       (SELECT jsonb_build_object('slug', o.slug, 'name', jsonb_build_object('en', o.name_en, 'ko', o.name_ko))
          FROM organisations o WHERE o.id = w.organisation_id),
       w.category, w.tags, w.hold_policy, w.cancel_until_hours, w.cancel_fee, w.ticket_fee, w.order_fee, w.tax_basis_points,
       w.tax_included, w.waiting_list
  FROM page w
  JOIN layouts y ON y.id = w.layout_id
  JOIN venues v ON v.id = y.venue_id,
  LATERAL (SELECT coalesce(sum(seats_total), 0) AS total, coalesce(sum(seats_total - seats_sold - seats_blocked), 0) AS unsold
             FROM show_sections WHERE show_id = w.id) c,
  LATERAL (SELECT sum(seat_count) AS seats FROM holds
            WHERE show_id = w.id AND state IN ('active', 'confirming') AND (exclusive OR state = 'confirming') AND hold_counts(state, expires_at, clock_timestamp())) h,
  LATERAL (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', jsonb_build_object('en', name_en, 'ko', name_ko),
                  'price', money(price, w.currency), 'colour', colour) ORDER BY ordinal), '[]') AS bands
             FROM price_bands WHERE show_id = w.id) b
 ORDER BY w.starts_at, w.id`

func scanShow(row pgx.CollectableRow) (booking.Show, error) {
	var w booking.Show
	var currency string
	err := row.Scan(&w.ID, &w.LayoutVersion, &w.Slug, &w.Room, &w.Title.EN, &w.Title.KO, &w.Description.EN, &w.Description.KO,
		&w.Venue.EN, &w.Venue.KO, &w.City.EN, &w.City.KO, &w.StartsAt, &w.OnSaleAt, &w.OnSaleUntil, &w.TimeZone, &currency,
		&w.MaxPerBuyer, &w.HoldSeconds, &w.SeatsTotal, &w.SeatsAvailable, &w.SoldOut, &w.Bands,
		&w.Organisation, &w.Category, &w.Tags, &w.HoldPolicy, &w.CancelUntilHours, &w.CancelFee.Amount, &w.TicketFee.Amount, &w.OrderFee.Amount,
		&w.TaxBasisPoints, &w.TaxIncluded, &w.WaitingList)
	w.StartsAt, w.OnSaleAt = w.StartsAt.UTC(), w.OnSaleAt.UTC()
	if w.OnSaleUntil != nil {
		until := w.OnSaleUntil.UTC()
		w.OnSaleUntil = &until
	}
	w.CancelFee.Currency, w.TicketFee.Currency, w.OrderFee.Currency = currency, currency, currency
	return w, err
}

// searchSQL is the query with only the conditions that there are, so that each is planned by the index that serves it.
func searchSQL(q booking.ShowQuery) (sql string, args []any) {
	var where strings.Builder
	with := func(condition string, values ...any) {
		numbers := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			numbers[i] = len(args)
		}
		where.WriteString(" AND ")
		fmt.Fprintf(&where, condition, numbers...)
	}
	if q.Words != "" {
		// The index finds what has the characters, and each word is then looked for.
		with(`search_grams(w.search) @> search_grams($%[1]d::text)
			AND NOT EXISTS (SELECT 1 FROM unnest(string_to_array($%[1]d::text, ' ')) AS wanted (word) WHERE strpos(w.search, wanted.word) = 0)`, q.Words)
	}
	var facets []string
	for name, value := range map[string]string{"city:": q.City, "category:": q.Category, "tag:": q.Tag} {
		if value != "" {
			facets = append(facets, name+value)
		}
	}
	if facets != nil {
		with(`w.facets @> $%d::text[]`, facets)
	}
	// A day is one where the show is. No place is further than 14 hours from UTC, which the index on the start can use.
	if q.From != "" {
		with(`w.starts_at >= ($%[1]d::text::timestamp AT TIME ZONE 'UTC') - interval '14 hours' AND w.starts_at >= $%[1]d::text::timestamp AT TIME ZONE w.time_zone`, q.From)
	}
	if q.To != "" {
		with(`w.starts_at < ($%[1]d::text::timestamp AT TIME ZONE 'UTC') + interval '38 hours'
			AND w.starts_at < ($%[1]d::text::timestamp + interval '1 day') AT TIME ZONE w.time_zone`, q.To)
	}
	if q.After != (booking.ShowCursor{}) {
		with(`(w.starts_at, w.id) > ($%d::timestamptz, $%d::bigint)`, q.After.Time(), q.After.ID)
	}
	return fmt.Sprintf(showSQL, where.String(), q.Limit+1), args // one more tells whether there is a next page
}

// SearchShows implements booking.Catalogue.
func (s *Store) SearchShows(ctx context.Context, q booking.ShowQuery) (booking.ShowPage, error) {
	sql, args := searchSQL(q)
	shows, err := collect(ctx, s, scanShow, sql, args...)
	if err != nil {
		return booking.ShowPage{}, err
	}
	page := booking.ShowPage{Shows: shows}
	if len(shows) > q.Limit {
		page.Shows = shows[:q.Limit]
		page.Next = shows[q.Limit-1].Cursor().String()
	}
	return page, nil
}

// Show implements booking.Catalogue.
func (s *Store) Show(ctx context.Context, slug string) (booking.Show, error) {
	shows, err := collect(ctx, s, scanShow, fmt.Sprintf(showSQL, "AND w.slug = $1", 1), slug)
	if err != nil {
		return booking.Show{}, err
	}
	if len(shows) == 0 {
		return booking.Show{}, booking.ErrShowUnknown
	}
	return shows[0], nil
}

// Layout implements booking.Catalogue.
func (s *Store) Layout(ctx context.Context, show int64) (booking.SeatLayout, error) {
	l := booking.SeatLayout{Accessible: []int{}, Companion: []int{}, Restricted: []int{}}
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
		SELECT c.name, p.band_id, round(c.x::numeric, 1)::float8, round(c.y::numeric, 1)::float8, c.kind
		  FROM show_sections p JOIN sections c ON c.id = p.section_id WHERE p.show_id = $1 ORDER BY c.ordinal`, show)
	if err != nil {
		return l, err
	}
	rows, err := s.pool.Query(ctx, `
		SELECT s.id, c.ordinal, t.row_name, t.number, round(t.x::numeric, 1)::float8, round(t.y::numeric, 1)::float8,
		       t.accessible, t.companion, t.restricted
		  FROM show_seats s JOIN seats t ON t.id = s.seat_id JOIN sections c ON c.id = s.section_id
		 WHERE s.show_id = $1 ORDER BY s.ordinal`, show)
	if err != nil {
		return l, failure(err)
	}
	var id int64
	var section int
	var row, number string
	var x, y float64
	var accessible, companion, restricted bool
	_, err = pgx.ForEachRow(rows, []any{&id, &section, &row, &number, &x, &y, &accessible, &companion, &restricted}, func() error {
		c := &l.Seats
		mark := func(list *[]int, is bool) {
			if is {
				*list = append(*list, len(c.ID))
			}
		}
		mark(&l.Accessible, accessible)
		mark(&l.Companion, companion)
		mark(&l.Restricted, restricted)
		c.ID, c.Section, c.Row = append(c.ID, id), append(c.Section, section), append(c.Row, row)
		c.Number, c.X, c.Y = append(c.Number, number), append(c.X, x), append(c.Y, y)
		return nil
	})
	if err != nil {
		return l, failure(err)
	}
	return l, nil
}
