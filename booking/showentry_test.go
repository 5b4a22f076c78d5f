package booking

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func goodEntry() ShowEntry {
	start := time.Date(2027, 5, 1, 19, 0, 0, 0, time.UTC)
	e := ShowEntry{
		ShowSettings: DefaultShowSettings(), Slug: "spring", Venue: "hall", LayoutVersion: 1, TimeZone: "Asia/Seoul", Currency: "KRW",
		Bands: []BandEntry{{Name: Text{"All", "전석"}, Price: 1000, Colour: "#0d9488", Categories: []string{"Stalls"}}},
	}
	e.Title, e.StartsAt, e.OnSaleAt, e.Description = Text{"Spring", "봄"}, start, start.AddDate(0, -1, 0), Text{EN: "Two\nlines."}
	return e
}

func TestAShowThatCannotBeIsRefusedByTheMember(t *testing.T) {
	t.Parallel()
	require.NoError(t, goodEntry().Validate())
	late, early, hours := goodEntry().StartsAt.Add(time.Second), goodEntry().OnSaleAt, -1
	for name, spoil := range map[string]func(*ShowEntry){
		"slug":               func(e *ShowEntry) { e.Slug = "No Slug" },
		"venue":              func(e *ShowEntry) { e.Venue = "" },
		"layout_version":     func(e *ShowEntry) { e.LayoutVersion = 0 },
		"time_zone":          func(e *ShowEntry) { e.TimeZone = "Mars/Olympus" },
		"currency":           func(e *ShowEntry) { e.Currency = "krw" },
		"organisation":       func(e *ShowEntry) { e.Organisation = "!" },
		"room":               func(e *ShowEntry) { e.Room = "A room" },
		"title":              func(e *ShowEntry) { e.Title.KO = "" },
		"description":        func(e *ShowEntry) { e.Description.EN = "\x00" },
		"category":           func(e *ShowEntry) { e.Category = strings.Repeat("x", 101) },
		"tags[1]":            func(e *ShowEntry) { e.Tags = []string{"a", "a"} },
		"starts_at":          func(e *ShowEntry) { e.StartsAt = time.Time{}; e.OnSaleAt = e.StartsAt.AddDate(-1, 0, 0) },
		"on_sale_at":         func(e *ShowEntry) { e.OnSaleAt = e.StartsAt },
		"on_sale_until":      func(e *ShowEntry) { e.OnSaleUntil = &late },
		"max_per_buyer":      func(e *ShowEntry) { e.MaxPerBuyer = 0 },
		"hold_seconds":       func(e *ShowEntry) { e.HoldSeconds = 1 },
		"hold_policy":        func(e *ShowEntry) { e.HoldPolicy = "first_come" },
		"cancel_until_hours": func(e *ShowEntry) { e.CancelUntilHours = &hours },
		"cancel_fee":         func(e *ShowEntry) { e.CancelFee = -1 },
		"ticket_fee":         func(e *ShowEntry) { e.TicketFee = 1 << 62 },
		"order_fee":          func(e *ShowEntry) { e.OrderFee = -1 },
		"tax_basis_points":   func(e *ShowEntry) { e.TaxBasisPoints = 10001 },
		"bands":              func(e *ShowEntry) { e.Bands = nil },
		"bands[0].name":      func(e *ShowEntry) { e.Bands[0].Name.EN = "" },
		"bands[0].price":     func(e *ShowEntry) { e.Bands[0].Price = -1 },
		"bands[0].colour":    func(e *ShowEntry) { e.Bands[0].Colour = "teal" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := goodEntry()
			spoil(&e)
			err := e.Validate()
			require.ErrorIs(t, err, ErrShowInvalid)
			require.Equal(t, name, fault.From(err).Fields[0].Name)
		})
	}
	e := goodEntry()
	e.OnSaleUntil = &early
	require.ErrorIs(t, e.Validate(), ErrShowInvalid)
}

func TestASectionHasTheBandThatNamesItBeforeThatOfItsCategory(t *testing.T) {
	t.Parallel()
	e := ShowEntry{Bands: []BandEntry{{Categories: []string{"Stalls", "Box"}}, {Sections: []string{"A"}}}}
	require.Equal(t, 0, e.BandOf("B", "Box"))
	require.Equal(t, 1, e.BandOf("A", "Stalls"))
	require.Equal(t, -1, e.BandOf("C", "Circle"))
}
