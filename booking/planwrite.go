package booking

import (
	"encoding/json"
	"math"
)

// The exchange format as we write it. Positions of seats are relative to their row, those of rows to their zone.
type (
	planFile struct {
		Name       string         `json:"name"`
		Size       planSize       `json:"size"`
		Categories []planCategory `json:"categories"`
		Zones      []planZone     `json:"zones"`
	}
	planSize struct {
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
	}
	planPoint struct {
		X float64 `json:"x"`
		Y float64 `json:"y"`
	}
	planCategory struct {
		Name  string `json:"name"`
		Color string `json:"color,omitempty"`
	}
	planZone struct {
		Name     string            `json:"name"`
		Position planPoint         `json:"position"`
		Kind     SectionKind       `json:"kind,omitempty"`     // of ours
		Capacity int               `json:"capacity,omitempty"` // of ours: its places are not seats
		Category string            `json:"category,omitempty"` // of these
		Rows     []planRow         `json:"rows"`
		Areas    []json.RawMessage `json:"areas,omitempty"`
	}
	planRow struct {
		Number   string     `json:"row_number"`
		Position planPoint  `json:"position"`
		Seats    []planSeat `json:"seats"`
	}
	planSeat struct {
		GUID       string    `json:"seat_guid"`
		Number     string    `json:"seat_number"`
		Position   planPoint `json:"position"`
		Category   string    `json:"category"`
		Accessible bool      `json:"accessible,omitempty"` // these are of ours
		Companion  bool      `json:"companion,omitempty"`
		Restricted bool      `json:"restricted,omitempty"`
	}
	planArea struct {
		Position planPoint `json:"position"`
		Width    float64   `json:"width"`
		Height   float64   `json:"height"`
		Shape    string    `json:"shape"`
		Text     string    `json:"text"`
	}
)

// noCategory is what a section without a category has in a plan, where each seat must have one.
const noCategory = "Standard"

// WritePlan writes a layout in the open exchange format, which ReadPlan reads. Lengths are rounded to a hundredth.
func WritePlan(l NewLayout) ([]byte, error) {
	f := planFile{Name: l.Name, Size: planSize{cents(l.Width), cents(l.Height)}, Categories: []planCategory{}, Zones: []planZone{}}
	known := map[string]bool{}
	add := func(c Category) {
		if c.Name == "" {
			c.Name = noCategory
		}
		if !known[c.Name] {
			known[c.Name] = true
			f.Categories = append(f.Categories, planCategory{c.Name, c.Colour})
		}
	}
	for _, c := range l.Categories {
		add(c)
	}
	guids := map[string]bool{}
	for _, s := range l.Sections {
		for _, seat := range s.Seats {
			guids[seat.GUID] = seat.GUID != ""
		}
	}
	for i, s := range l.Sections {
		add(Category{Name: s.Category})
		f.Zones = append(f.Zones, zoneOf(i, s, guids))
	}
	stage, err := json.Marshal(planArea{
		planPoint{cents(l.Stage.X), cents(l.Stage.Y)}, cents(l.Stage.Width), cents(l.Stage.Height), "rectangle", "Stage",
	})
	if err != nil {
		return nil, err
	}
	f.Zones = append(f.Zones, planZone{Name: "Drawing", Rows: []planRow{}, Areas: append([]json.RawMessage{stage}, l.Areas...)})
	return json.Marshal(f)
}

// zoneOf writes a section. A seat without an id gets one; guids has those in use.
func zoneOf(index int, s NewSection, guids map[string]bool) planZone {
	z := planZone{Name: s.Name, Kind: s.Kind, Rows: []planRow{}}
	if z.Kind == Seated {
		z.Kind = ""
	}
	category := s.Category
	if category == "" {
		category = noCategory
	}
	if z.Kind != "" {
		x, y := centre(s.Seats)
		z.Position, z.Capacity, z.Category = planPoint{cents(x), cents(y)}, len(s.Seats), category
		return z
	}
	for _, seat := range s.Seats {
		last := len(z.Rows) - 1
		if last < 0 || z.Rows[last].Number != seat.Row {
			z.Rows = append(z.Rows, planRow{Number: seat.Row, Position: planPoint{cents(seat.X), cents(seat.Y)}})
			last++
		}
		row := &z.Rows[last]
		guid := seat.GUID
		if guid == "" {
			guid = madeGUID(index, s.Name, seat, guids)
		}
		row.Seats = append(row.Seats, planSeat{
			GUID: guid, Number: seat.Number, Position: planPoint{cents(cents(seat.X) - row.Position.X), cents(cents(seat.Y) - row.Position.Y)}, Category: category,
			Accessible: seat.Accessible, Companion: seat.Companion, Restricted: seat.Restricted,
		})
	}
	return z
}

// madeGUID is a seat's name in words, which is unique in a layout, made so where an id in use is like it.
func madeGUID(index int, section string, seat NewSeat, guids map[string]bool) string {
	made := section + "-" + seat.Row + "-" + seat.Number
	if !fits(made, maxGUID-10) {
		made = itoa(index) + "-" + seat.Row + "-" + seat.Number
	}
	guid := made
	for n := 2; guids[guid]; n++ {
		guid = made + "#" + itoa(n)
	}
	guids[guid] = true
	return guid
}

func cents(v float64) float64 { return math.Round(v*100) / 100 }
