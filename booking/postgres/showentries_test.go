package postgres

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/fault"
)

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
