package demo

import (
	"strconv"

	"anteroom/booking"
)

// Small returns a show in a hall of three sections of equal rows, for tests: on sale, in a month, at most ten seats a buyer.
func Small(slug, room string, rows, seatsPerRow int) booking.NewShow {
	n := booking.NewShow{
		Slug: slug, Room: room,
		Title: booking.Text{EN: "Small", KO: "작은 공연"}, Description: booking.Text{EN: "A show for tests.", KO: "시험용 공연"},
		VenueSlug: slug, Venue: booking.Text{EN: "Small hall", KO: "작은 홀"}, City: booking.Text{EN: "Seoul", KO: "서울"},
		TimeZone: "Asia/Seoul", OnSaleDays: -1, StartsDays: 30, StartsHour: 19, Currency: "KRW", MaxPerBuyer: 10, HoldSeconds: 600,
		Bands: []booking.NewBand{
			{Name: booking.Text{EN: "R", KO: "R석"}, Price: 50000, Colour: "#7c3aed"},
			{Name: booking.Text{EN: "S", KO: "S석"}, Price: 30000, Colour: "#ea580c"},
		},
		Layout: booking.NewLayout{Version: 1, Width: 500, Height: 500, Stage: booking.Stage{X: 100, Y: 10, Width: 300, Height: 50}},
	}
	for c := range 3 {
		s := booking.NewSection{Name: string(rune('A' + c)), Band: min(c, 1), X: 80 + 150*float64(c), Y: 90}
		for r := range rows {
			for k := range seatsPerRow {
				s.Seats = append(s.Seats, booking.NewSeat{Row: lettered(r % 24), Number: strconv.Itoa(k + 1 + seatsPerRow*(r/24)), X: s.X + float64(k), Y: 100 + float64(r)})
			}
		}
		n.Layout.Sections = append(n.Layout.Sections, s)
	}
	return n
}
