package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/internal/fault"
)

// plan reads a drawing with all that one can have.
func plan(t testing.TB) booking.NewLayout {
	l, _, err := booking.ReadPlan([]byte(`{"name":"Town hall","size":{"width":400,"height":300},"categories":[{"name":"Stalls","color":"#7c3aed"},{"name":"Free"}],"zones":[
		{"name":"A","position":{"x":50,"y":100},"rows":[{"row_number":"1","seats":[
			{"seat_guid":"a","seat_number":"1","position":{"x":0,"y":0},"category":"Stalls","accessible":true},
			{"seat_guid":"b","seat_number":"2","position":{"x":20.5,"y":0},"category":"Stalls","companion":true},
			{"seat_guid":"c","seat_number":"3","position":{"x":41,"y":0},"category":"Stalls","restricted":true}]}],
		 "areas":[{"width":100,"height":30,"position":{"x":0,"y":-80},"text":"Stage"},{"width":9,"height":9,"position":{"x":1,"y":1},"text":"Bar","color":"#888"}]},
		{"name":"Floor","position":{"x":200,"y":200},"kind":"standing","capacity":25,"category":"Free","rows":[]}]}`))
	require.NoError(t, err)
	return l
}

func (h *hall) venue(slug string) {
	h.t.Helper()
	require.NoError(h.t, h.AddVenue(h.t.Context(), booking.Venue{Slug: slug, Name: booking.Text{EN: "Hall", KO: "홀"}, City: booking.Text{EN: "Daegu", KO: "대구"}}))
}

func TestALayoutIsReadAsItWasEntered(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.venue("hall")
	l := plan(t)
	info, err := h.AddLayout(t.Context(), "hall", l)
	require.NoError(t, err)
	require.Equal(t, booking.LayoutInfo{Venue: "hall", Version: 1, Name: "Town hall", Status: "draft", Sections: 2, Seats: 28}, info)
	again, err := h.ReadLayout(t.Context(), "hall", 1)
	require.NoError(t, err)
	require.JSONEq(t, string(l.Areas[0]), string(again.Areas[0]))
	l.Version, l.Areas, again.Areas = 1, nil, nil
	require.Equal(t, l, again)

	_, err = h.AddLayout(t.Context(), "nowhere", l)
	require.ErrorIs(t, err, booking.ErrVenueUnknown)
	_, err = h.Layouts(t.Context(), "nowhere")
	require.ErrorIs(t, err, booking.ErrVenueUnknown)
	_, err = h.ReadLayout(t.Context(), "hall", 2)
	require.ErrorIs(t, err, booking.ErrLayoutUnknown)
	require.ErrorIs(t, h.AddVenue(t.Context(), booking.Venue{Slug: "hall"}), booking.ErrSlugTaken)
}

// The halls of the demonstration survive the way out and in again, to the seat.
func TestTheArenaIsExportedAndImported(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	arena := demo.Shows()[0]
	_, err := h.SeedShow(t.Context(), arena)
	require.NoError(t, err)
	there, err := h.ReadLayout(t.Context(), arena.VenueSlug, 1)
	require.NoError(t, err)
	written, err := booking.WritePlan(there)
	require.NoError(t, err)
	read, warnings, err := booking.ReadPlan(written)
	require.NoError(t, err)
	require.Empty(t, warnings)
	_, err = h.AddLayout(t.Context(), arena.VenueSlug, read)
	require.NoError(t, err)
	again, err := h.ReadLayout(t.Context(), arena.VenueSlug, 2)
	require.NoError(t, err)
	require.Len(t, again.Sections, len(arena.Layout.Sections))
	for i, s := range arena.Layout.Sections {
		for k, seat := range s.Seats {
			got := again.Sections[i].Seats[k]
			require.InDelta(t, seat.X, got.X, 0.02)
			require.InDelta(t, seat.Y, got.Y, 0.02)
			seat.X, seat.Y, got.X, got.Y, got.GUID = 0, 0, 0, 0, ""
			require.Equal(t, seat, got)
		}
	}
}

// The control is that the same statement is let through on a draft.
func TestAPublishedLayoutNeverChangesNotEvenByHand(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.venue("hall")
	l := plan(t)
	_, err := h.AddLayout(t.Context(), "hall", l)
	require.NoError(t, err)
	l.Name, l.Sections[0].Seats = "Changed", l.Sections[0].Seats[:2]
	info, err := h.ReplaceLayout(t.Context(), "hall", 1, l)
	require.NoError(t, err)
	require.Equal(t, 27, info.Seats)

	id := query[int64](h, `SELECT y.id FROM layouts y JOIN venues v ON v.id = y.venue_id WHERE v.slug = 'hall'`)
	hands := []string{
		`UPDATE layouts SET width = width + 1 WHERE id = $1`,
		`UPDATE sections SET x = x + 1 WHERE layout_id = $1`,
		`UPDATE seats SET accessible = true WHERE layout_id = $1`,
		`INSERT INTO sections (layout_id, ordinal, name, x, y) SELECT $1, count(*), 'new ' || count(*), 0, 0 FROM sections WHERE layout_id = $1`,
		`INSERT INTO seats (layout_id, section_id, ordinal, row_name, number, x, y)
		 SELECT $1, min(section_id), count(*), 'new', count(*), 0, 0 FROM seats WHERE layout_id = $1`,
		`DELETE FROM seats WHERE layout_id = $1 AND row_name = 'new'`,
		`DELETE FROM sections WHERE layout_id = $1 AND name LIKE 'new%'`,
	}
	for _, sql := range hands {
		h.exec(sql, id)
	}
	h.exec(hands[3], id)
	h.exec(hands[4], id)
	info, err = h.PublishLayout(t.Context(), "hall", 1)
	require.NoError(t, err)
	require.Equal(t, "published", info.Status)
	_, err = h.PublishLayout(t.Context(), "hall", 1)
	require.NoError(t, err, "doing it twice is harmless")
	for _, sql := range hands {
		_, err := h.pool.Exec(t.Context(), sql, id)
		var pg *pgconn.PgError
		require.True(t, errors.As(err, &pg) && pg.ConstraintName == "layout_published", "%s: %v", sql, err)
	}
	_, err = h.ReplaceLayout(t.Context(), "hall", 1, l)
	require.ErrorIs(t, err, booking.ErrLayoutPublished)

	clone, err := h.CloneLayout(t.Context(), "hall", 1)
	require.NoError(t, err)
	require.Equal(t, booking.LayoutInfo{Venue: "hall", Version: 2, Name: "Changed", Status: "draft", Sections: info.Sections, Seats: info.Seats}, clone)
	one, err := h.ReadLayout(t.Context(), "hall", 1)
	require.NoError(t, err)
	two, err := h.ReadLayout(t.Context(), "hall", 2)
	require.NoError(t, err)
	one.Version = 2
	require.Equal(t, one, two)
	_, err = h.CloneLayout(t.Context(), "hall", 9)
	require.ErrorIs(t, err, booking.ErrLayoutUnknown)
}

func TestLayoutsEnteredAtTheSameTimeAreVersionsOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.venue("hall")
	l := plan(t)
	const writers = 12
	versions := make([]int, writers)
	together(writers, func(i int) {
		info, err := h.AddLayout(context.Background(), "hall", l)
		if err != nil {
			t.Error(err)
		}
		versions[i] = info.Version
	})
	slices.Sort(versions)
	for i, v := range versions {
		require.Equal(t, i+1, v)
	}
}

// Of a change and a publication at the same time, either the change came first and is published, or it is refused.
func TestALayoutIsNotPublishedUnderAChange(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.venue("hall")
	for round := range 10 {
		l := plan(t)
		info, err := h.AddLayout(t.Context(), "hall", l)
		require.NoError(t, err)
		l.Name = "Changed"
		var changed atomic.Bool
		together(2, func(i int) {
			var err error
			if i == 0 {
				_, err = h.PublishLayout(context.Background(), "hall", info.Version)
			} else if _, err = h.ReplaceLayout(context.Background(), "hall", info.Version, l); err == nil {
				changed.Store(true)
			} else if errors.Is(err, booking.ErrLayoutPublished) {
				err = nil
			}
			if err != nil {
				t.Error(round, err)
			}
		})
		after, err := h.ReadLayout(t.Context(), "hall", info.Version)
		require.NoError(t, err)
		require.Equal(t, changed.Load(), after.Name == "Changed")
		require.Equal(t, 28, after.Seats())
	}
}

func entry(slug string) booking.ShowEntry {
	e := booking.ShowEntry{
		ShowSettings: booking.DefaultShowSettings(), Slug: slug, Venue: "hall", LayoutVersion: 1, TimeZone: "Asia/Seoul", Currency: "KRW",
		Bands: []booking.BandEntry{
			{Name: booking.Text{EN: "S", KO: "S석"}, Price: 50000, Colour: "#7c3aed", Categories: []string{"Stalls"}},
			{Name: booking.Text{EN: "F", KO: "F석"}, Price: 30000, Colour: "#0d9488", Sections: []string{"Floor"}},
		},
	}
	e.Title, e.Description = booking.Text{EN: "Spring", KO: "봄"}, booking.Text{EN: "Once.", KO: "한 번."}
	return e
}

func TestAShowIsEnteredPublishedSoldAndChanged(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.venue("hall")
	_, err := h.AddLayout(t.Context(), "hall", plan(t))
	require.NoError(t, err)
	e := entry("spring")
	now := query[booking.Show](h, `SELECT jsonb_build_object('starts_at', rfc3339(clock_timestamp() + interval '30 days'), 'on_sale_at', rfc3339(clock_timestamp() - interval '1 day'))`)
	e.StartsAt, e.OnSaleAt = now.StartsAt, now.OnSaleAt
	require.NoError(t, e.Validate())
	require.ErrorIs(t, h.AddShow(t.Context(), e), booking.ErrLayoutDraft)
	_, err = h.PublishLayout(t.Context(), "hall", 1)
	require.NoError(t, err)

	bad := e
	bad.Organisation = "nobody"
	require.ErrorIs(t, h.AddShow(t.Context(), bad), booking.ErrOrganisationUnknown)
	bad = e
	bad.LayoutVersion = 7
	require.ErrorIs(t, h.AddShow(t.Context(), bad), booking.ErrLayoutUnknown)
	bad = e
	bad.Bands = e.Bands[:1]
	require.ErrorIs(t, h.AddShow(t.Context(), bad), booking.ErrShowInvalid)
	bad.Bands = append(slices.Clone(e.Bands), booking.BandEntry{Sections: []string{"Floor", "Roof"}})
	require.Equal(t, "bands[2].sections[1]", fault.From(h.AddShow(t.Context(), bad)).Fields[0].Name)
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM shows`), "nothing was entered")

	require.NoError(t, h.AddOrganisation(t.Context(), booking.Organisation{Slug: "city", Name: booking.Text{EN: "City", KO: "시"}}))
	e.Organisation, e.Category, e.Tags = "city", "concert", []string{"spring"}
	require.NoError(t, h.AddShow(t.Context(), e))
	require.ErrorIs(t, h.AddShow(t.Context(), e), booking.ErrSlugTaken)
	_, err = h.Show(t.Context(), "spring")
	require.ErrorIs(t, err, booking.ErrShowUnknown, "a draft is seen by nobody")
	require.NoError(t, h.PublishShow(t.Context(), "spring"))
	require.ErrorIs(t, h.PublishShow(t.Context(), "autumn"), booking.ErrShowUnknown)

	show, err := h.Show(t.Context(), "spring")
	require.NoError(t, err)
	require.Equal(t, &booking.Organisation{Slug: "city", Name: booking.Text{EN: "City", KO: "시"}}, show.Organisation)
	require.Equal(t, 28, show.SeatsAvailable)
	layout, err := h.Layout(t.Context(), show.ID)
	require.NoError(t, err)
	require.Equal(t, []int{0}, layout.Accessible)
	require.Equal(t, []int{1}, layout.Companion)
	require.Equal(t, []int{2}, layout.Restricted)
	require.Equal(t, []booking.SectionKind{booking.Seated, booking.Standing}, []booking.SectionKind{layout.Sections[0].Kind, layout.Sections[1].Kind})
	require.Equal(t, show.Bands[1].ID, layout.Sections[1].BandID)

	hours := 48
	settings, err := h.ChangeShow(t.Context(), "spring", func(s *booking.ShowSettings) error {
		require.Equal(t, []string{"spring"}, s.Tags)
		s.HoldPolicy, s.CancelUntilHours, s.TicketFee, s.Title.EN = booking.PayFirst, &hours, 1000, "Summer"
		return s.Validate()
	})
	require.NoError(t, err)
	read, err := h.ReadShow(t.Context(), "spring")
	require.NoError(t, err)
	require.Equal(t, settings, read)
	require.Equal(t, []string{"spring"}, h.find(booking.ShowQuery{Words: "summer"}))
	_, err = h.ChangeShow(t.Context(), "spring", func(s *booking.ShowSettings) error { s.HoldPolicy = booking.HoldFirst; return nil })
	require.NoError(t, err)
	hold, err := h.HoldSeats(t.Context(), h.guest(), "spring", layout.Seats.ID[:2])
	require.NoError(t, err)
	require.EqualValues(t, 100000, hold.Total.Amount)
	_, err = h.ChangeShow(t.Context(), "spring", func(s *booking.ShowSettings) error { s.HoldPolicy = booking.PayFirst; return nil })
	require.ErrorIs(t, err, booking.ErrShowSelling)
	refused := fmt.Errorf("no")
	_, err = h.ChangeShow(t.Context(), "spring", func(s *booking.ShowSettings) error { s.Title.EN = "Winter"; return refused })
	require.ErrorIs(t, err, refused)
	read, err = h.ReadShow(t.Context(), "spring")
	require.NoError(t, err)
	require.Equal(t, "Summer", read.Title.EN)
	h.allZero()
}

// Two of staff change different settings at the same time: both changes are kept.
func TestChangesAtTheSameTimeAreAllKept(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	const writers = 10
	together(writers, func(i int) {
		_, err := h.ChangeShow(context.Background(), "small", func(s *booking.ShowSettings) error {
			s.Tags = append(s.Tags, fmt.Sprint("tag ", i))
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	settings, err := h.ReadShow(t.Context(), "small")
	require.NoError(t, err)
	require.Len(t, settings.Tags, writers)
}
