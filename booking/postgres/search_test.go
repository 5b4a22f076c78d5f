package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
)

// fair is a catalogue of shows to be searched.
func fair(t *testing.T) *hall {
	h := newHall(t, 1)
	h.exec(`UPDATE shows SET status = 'draft' WHERE slug = 'small'`)
	enter := func(slug, en, ko, venue, cityEN, cityKO, category string, tags ...string) {
		n := demo.Small(slug, "", 1, 2)
		n.Title, n.Venue, n.City = booking.Text{EN: en, KO: ko}, booking.Text{EN: venue, KO: "극장"}, booking.Text{EN: cityEN, KO: cityKO}
		n.Category, n.Tags = category, tags
		_, err := h.SeedShow(t.Context(), n)
		require.NoError(t, err)
	}
	enter("aurora", "Aurora: 100% Live", "오로라 라이브", "Olympic Hall", "Seoul", "서울", "concert", "Pop")
	enter("orchard", "The Glass Orchard", "유리과수원", "Namsan_Theatre", "Seoul", "서울", "theatre")
	enter("tide", "Low Tide", "간조", "Pier Nine", "Busan", "부산", "Concert", "indie", "pop")
	return h
}

func (h *hall) find(q booking.ShowQuery) (slugs []string) {
	h.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	page, err := h.SearchShows(h.t.Context(), q)
	require.NoError(h.t, err)
	for _, s := range page.Shows {
		slugs = append(slugs, s.Slug)
	}
	slices.Sort(slugs)
	return slugs
}

func TestShowsAreFoundByAnyPartOfAnyWordInEitherLanguage(t *testing.T) {
	t.Parallel()
	h := fair(t)
	for words, want := range map[string][]string{
		"":                   {"aurora", "orchard", "tide"},
		"uror":               {"aurora"},
		"로라":                 {"aurora"},
		"과":                  {"orchard"},
		"수원 glass":           {"orchard"},
		"seoul":              {"aurora", "orchard"},
		"서울 live":            {"aurora"},
		"부산":                 {"tide"},
		"%":                  {"aurora"},
		"_":                  {"orchard"},
		"aurora tide":        nil,
		"ra: 100%":           {"aurora"},
		"arora":              nil,
		"'; drop table show": nil,
		"극장":                 {"aurora", "orchard", "tide"},
	} {
		text, ok := booking.SearchText(words)
		require.True(t, ok)
		require.Equal(t, want, h.find(booking.ShowQuery{Words: text}), words)
	}
}

func TestShowsAreFoundByCityCategoryTagAndAllTogether(t *testing.T) {
	t.Parallel()
	h := fair(t)
	for _, c := range []struct {
		q    booking.ShowQuery
		want []string
	}{
		{booking.ShowQuery{City: "busan"}, []string{"tide"}},
		{booking.ShowQuery{City: "서울"}, []string{"aurora", "orchard"}},
		{booking.ShowQuery{City: "seo"}, nil},
		{booking.ShowQuery{Category: "concert"}, []string{"aurora", "tide"}},
		{booking.ShowQuery{Tag: "pop"}, []string{"aurora", "tide"}},
		{booking.ShowQuery{Tag: "concert"}, nil},
		{booking.ShowQuery{Category: "concert", City: "seoul", Tag: "pop", Words: "live"}, []string{"aurora"}},
		{booking.ShowQuery{Category: "concert", City: "seoul", Words: "tide"}, nil},
	} {
		require.Equal(t, c.want, h.find(c.q), "%+v", c.q)
	}
	h.exec(`UPDATE venues SET city_en = 'Ulsan', name_en = 'Pier Ten' WHERE city_en = 'Busan'`)
	require.Equal(t, []string{"tide"}, h.find(booking.ShowQuery{City: "ulsan", Words: "pier ten"}), "a venue that was renamed")
	require.Empty(t, h.find(booking.ShowQuery{City: "busan"}))
}

// Midnight is where the show is: 15:00 UTC in Seoul, 05:00 UTC in New York in winter.
func TestDaysAreThoseWhereTheShowIs(t *testing.T) {
	t.Parallel()
	h := fair(t)
	set := func(slug, zone, start string) {
		h.exec(`UPDATE shows SET time_zone = $2, starts_at = $3::timestamptz, on_sale_at = $3::timestamptz - interval '1 day' WHERE slug = $1`, slug, zone, start)
	}
	set("aurora", "Asia/Seoul", "2030-01-09 15:00:00+00")
	set("orchard", "Asia/Seoul", "2030-01-09 14:59:59+00")
	set("tide", "America/New_York", "2030-01-11 04:59:59+00")
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"2030-01-10", "2030-01-10", []string{"aurora", "tide"}},
		{"2030-01-09", "2030-01-09", []string{"orchard"}},
		{"2030-01-10", "", []string{"aurora", "tide"}},
		{"", "2030-01-09", []string{"orchard"}},
		{"2030-01-11", "", nil},
		{"2030-01-10", "2030-01-09", nil},
	} {
		require.Equal(t, c.want, h.find(booking.ShowQuery{From: c.from, To: c.to}), "%s to %s", c.from, c.to)
	}
}

// crowded adds shows to a catalogue, many of them at the same moment.
func crowded(h *hall, count int) {
	for first := 1; first <= count; first += 200 { // a statement has five seconds
		h.exec(`
		INSERT INTO shows (slug, layout_id, title_en, title_ko, description_en, description_ko, starts_at, on_sale_at, time_zone, currency, max_per_buyer, hold_seconds, category)
		SELECT 'many-' || i, (SELECT layout_id FROM shows WHERE slug = 'tide'), 'Number ' || i, '번호 ' || i, '', '', timestamptz '2031-01-01 10:00+00' + i / 7 * interval '1 hour',
		       clock_timestamp(), 'Asia/Seoul', 'KRW', 4, 600, 'many' FROM generate_series($1::int, $2::int) i`, first, min(count, first+199))
	}
	h.exec(`ANALYZE shows`)
}

func TestPagesGoThroughAllShowsOnceWhileOthersCome(t *testing.T) {
	t.Parallel()
	h := fair(t)
	crowded(h, 100)
	var seen []string
	q := booking.ShowQuery{Category: "many", Limit: 9}
	for range 100 {
		page, err := h.SearchShows(t.Context(), q)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Shows), 9)
		for _, s := range page.Shows {
			seen = append(seen, s.Slug)
		}
		if page.Next == "" {
			break
		}
		var ok bool
		q.After, ok = booking.ParseShowCursor(page.Next)
		require.True(t, ok)
		// What comes before the cursor moves nothing.
		h.exec(`UPDATE shows SET category = 'many', starts_at = timestamptz '2030-12-01' WHERE slug = 'aurora'`)
	}
	require.Len(t, seen, 100)
	slices.Sort(seen)
	require.Len(t, slices.Compact(seen), 100, "each once")
	require.NotContains(t, seen, "aurora")
}

// What the catalogue costs must not grow with the number of shows, so each kind of question has its index.
func TestEveryQuestionHasItsIndex(t *testing.T) {
	t.Parallel()
	h := fair(t)
	crowded(h, 2000)
	for index, q := range map[string]booking.ShowQuery{
		"shows_by_start": {After: booking.ShowCursor{Micros: time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC).UnixMicro(), ID: 1}},
		"shows_search":   {Words: "과수원"},
	} {
		q.Limit = 20
		sql, args := searchSQL(q)
		rows, err := h.pool.Query(t.Context(), `EXPLAIN `+sql, args...)
		require.NoError(t, err)
		var plan []string
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			plan = append(plan, line)
		}
		require.NoError(t, rows.Err())
		page := strings.Join(plan, "\n")
		page, _, _ = strings.Cut(page[strings.Index(page, "CTE page"):], "\n  ->") // what follows reads the shows of the page
		require.Contains(t, page, index, fmt.Sprintf("%+v\n%s", q, strings.Join(plan, "\n")))
	}
	require.Equal(t, []string{"orchard"}, h.find(booking.ShowQuery{Words: "과수원"}))
}
