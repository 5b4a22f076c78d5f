package postgres

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
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
