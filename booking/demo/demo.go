// Package demo makes the shows of the demonstration: an arena that draws a crowd, a theatre that does not, and a club whose floor is for standing.
package demo

import "anteroom/booking"

// Email and password of the demonstration's buyer.
const (
	BuyerEmail    = "buyer@demo.test"
	BuyerPassword = "demo-anteroom"
	BuyerName     = "Demo Buyer"
)

// Shows returns the shows of the demonstration.
func Shows() []booking.NewShow {
	return []booking.NewShow{
		{
			Slug: "arena", Room: "arena",
			Title: booking.Text{EN: "Aurora: The Last Light Tour", KO: "오로라: 마지막 빛 투어"},
			Description: booking.Text{
				EN: "The one night in Seoul that everyone has been waiting for. Doors open two hours before the show.",
				KO: "모두가 기다려 온 단 하룻밤의 서울 공연입니다. 공연 두 시간 전부터 입장할 수 있습니다.",
			},
			VenueSlug: "han-river-arena", Venue: booking.Text{EN: "Han River Arena", KO: "한강 아레나"},
			City: booking.Text{EN: "Seoul", KO: "서울"}, TimeZone: "Asia/Seoul",
			OnSaleDays: -1, StartsDays: 42, StartsHour: 19,
			Currency: "KRW", MaxPerBuyer: 10, HoldSeconds: 600, Category: "concert", Tags: []string{"pop", "tour"},
			Bands: []booking.NewBand{
				arenaVIP:   {Name: booking.Text{EN: "VIP", KO: "VIP석"}, Price: 198000, Colour: "#7c3aed"},
				arenaR:     {Name: booking.Text{EN: "R", KO: "R석"}, Price: 165000, Colour: "#db2777"},
				arenaS:     {Name: booking.Text{EN: "S", KO: "S석"}, Price: 132000, Colour: "#ea580c"},
				arenaA:     {Name: booking.Text{EN: "A", KO: "A석"}, Price: 99000, Colour: "#0d9488"},
				arenaUpper: {Name: booking.Text{EN: "B", KO: "B석"}, Price: 77000, Colour: "#2563eb"},
			},
			Layout: arena(),
		},
		{
			Slug: "theatre", Room: "theatre",
			Title: booking.Text{EN: "The Glass Orchard", KO: "유리 과수원"},
			Description: booking.Text{
				EN: "A new play in two acts, in Korean with English surtitles. 140 minutes with one interval.",
				KO: "2막으로 이루어진 신작 연극입니다. 영어 자막을 제공하며, 휴식을 포함해 140분입니다.",
			},
			VenueSlug: "namsan-theatre", Venue: booking.Text{EN: "Namsan Theatre", KO: "남산극장"},
			City: booking.Text{EN: "Seoul", KO: "서울"}, TimeZone: "Asia/Seoul",
			OnSaleDays: -7, StartsDays: 21, StartsHour: 20,
			Currency: "KRW", MaxPerBuyer: 6, HoldSeconds: 600, Category: "theatre", Tags: []string{"drama", "surtitles"},
			Bands: []booking.NewBand{
				theatreR: {Name: booking.Text{EN: "R", KO: "R석"}, Price: 88000, Colour: "#7c3aed"},
				theatreS: {Name: booking.Text{EN: "S", KO: "S석"}, Price: 66000, Colour: "#ea580c"},
				theatreA: {Name: booking.Text{EN: "A", KO: "A석"}, Price: 44000, Colour: "#0d9488"},
			},
			Layout: theatre(),
		},
		{
			Slug:  "harbour",
			Title: booking.Text{EN: "Low Tide Sessions", KO: "간조 세션"},
			Description: booking.Text{
				EN: "Three bands in a warehouse by the sea. Standing on the floor, seats on the gallery.",
				KO: "바닷가 창고에서 세 밴드가 펼치는 무대. 1층은 스탠딩, 갤러리는 좌석입니다.",
			},
			VenueSlug: "pier-nine", Venue: booking.Text{EN: "Pier Nine", KO: "9번 부두"},
			City: booking.Text{EN: "Busan", KO: "부산"}, TimeZone: "Asia/Seoul",
			OnSaleDays: -2, StartsDays: 30, StartsHour: 21,
			Currency: "KRW", MaxPerBuyer: 8, HoldSeconds: 600, Category: "concert", Tags: []string{"indie", "standing"},
			Bands: []booking.NewBand{
				clubFloor:   {Name: booking.Text{EN: "Standing", KO: "스탠딩"}, Price: 55000, Colour: "#0d9488"},
				clubGallery: {Name: booking.Text{EN: "Gallery", KO: "갤러리석"}, Price: 66000, Colour: "#7c3aed"},
			},
			Layout: club(),
		},
	}
}
