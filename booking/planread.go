package booking

import (
	"math"
	"strings"
)

const (
	margin      = 20.0 // around what is drawn
	placePitch  = 8.0  // between places that are not seats
	maxAreas    = 2000
	maxCapacity = 20_000
)

func (r *planReader) plan(v any) NewLayout {
	var l NewLayout
	m, ok := r.object(v, top)
	if !ok {
		return l
	}
	r.drop(m, top, " name zones categories size ")
	l.Name = r.text(m, "name", top, true, maxName)
	l.Categories = r.readCategories(r.list(m, "categories", top, true))
	if size, there := m["size"]; there {
		where := top.member("size")
		if o, ok := r.object(size, where); ok {
			l.Width, l.Height = math.Max(0, r.number(o, "width", where)), math.Max(0, r.number(o, "height", where))
		}
	}
	zones := r.list(m, "zones", top, true)
	if len(zones) > MaxLayoutSections {
		r.wrong(top.member("zones"), "must be at most %d", MaxLayoutSections)
		return l
	}
	for i, z := range zones {
		r.zone(&l, i, z, top.member("zones").item(i))
	}
	if r.seats == 0 {
		r.wrong(top.member("zones"), "must have seats")
	}
	if r.stage != nil {
		l.Stage = *r.stage
	}
	return l
}

func (r *planReader) readCategories(list []any) []Category {
	var all []Category
	for i, v := range list {
		where := top.member("categories").item(i)
		m, ok := r.object(v, where)
		if !ok {
			continue
		}
		r.drop(m, where, " name color ")
		c := Category{Name: r.text(m, "name", where, true, maxName), Colour: strings.ToLower(r.text(m, "color", where, false, maxName))}
		if c.Name == "" {
			r.wrong(where.member("name"), "must not be empty")
		}
		if r.categories[c.Name] {
			r.wrong(where.member("name"), "is the name of another category")
		}
		if c.Colour != "" && !colourForm.MatchString(c.Colour) {
			r.warn(where.member("color"), "is not of the form #rrggbb and was dropped")
			c.Colour = ""
		}
		r.categories[c.Name] = true
		all = append(all, c)
	}
	return all
}

// zone makes a section of a zone, or one of each category that its seats have: a section has one price.
func (r *planReader) zone(l *NewLayout, i int, v any, where *at) {
	m, ok := r.object(v, where)
	if !ok {
		return
	}
	r.drop(m, where, " name position rows areas displayed kind capacity category ")
	x, y := r.point(m, where, true)
	name := r.text(m, "name", where, false, maxName-10)
	kind, known := ParseSectionKind(r.text(m, "kind", where, false, maxName))
	if kind == "" {
		kind = Seated
	} else if !known {
		r.wrong(where.member("kind"), "must be seated, general or standing")
	}
	sections := r.rows(m, where, x, y)
	if _, there := m["capacity"]; there {
		sections = append(sections, r.places(m, where, x, y))
	}
	for k, a := range r.list(m, "areas", where, false) {
		r.area(l, a, where.member("areas").item(k), x, y)
	}
	for _, s := range sections {
		s.Kind = kind
		s.Name = name
		if len(sections) > 1 {
			r.warn(where, "has seats of several categories and became a section of each")
			s.Name = strings.TrimSpace(name + " " + s.Category)
		}
		s.Name = r.freeName(s.Name, i, where)
		s.X, s.Y = centre(s.Seats)
		l.Sections = append(l.Sections, s)
	}
}

// freeName is the name if it is one and no other section's, else one made from it.
func (r *planReader) freeName(name string, zone int, where *at) string {
	if name == "" {
		name = "Zone " + itoa(zone+1)
		r.warn(where, "has no name and was given one")
	}
	if !fits(name, maxName) {
		name = string([]rune(name)[:maxName-10])
	}
	free := name
	for n := 2; r.names[free]; n++ {
		free = name + " (" + itoa(n) + ")"
	}
	if free != name {
		r.warn(where.member("name"), "is the name of another zone and was numbered")
	}
	r.names[free] = true
	return free
}

func (r *planReader) rows(zone map[string]any, where *at, zx, zy float64) []NewSection {
	var sections []NewSection
	of := map[string]int{}
	taken := map[[2]string]*at{}
	for i, v := range r.list(zone, "rows", where, true) {
		where := where.member("rows").item(i)
		m, ok := r.object(v, where)
		if !ok {
			continue
		}
		r.drop(m, where, " row_number position seats number_of_seats seats_spacing ")
		row := r.text(m, "row_number", where, true, maxSeatName)
		rx, ry := r.point(m, where, false)
		for k, v := range r.list(m, "seats", where, true) {
			where := where.member("seats").item(k)
			seat, category, ok := r.seat(v, where)
			if !ok || len(r.err.fields()) >= maxFindings {
				continue
			}
			seat.Row, seat.X, seat.Y = row, zx+rx+seat.X, zy+ry+seat.Y
			place := [2]string{row, seat.Number}
			if other := taken[place]; other != nil {
				r.wrong(where, "is row %s number %s, as is %s", row, seat.Number, other)
			}
			taken[place] = where
			n, there := of[category]
			if !there {
				n = len(sections)
				of[category] = n
				sections = append(sections, NewSection{Category: category})
			}
			sections[n].Seats = append(sections[n].Seats, seat)
		}
	}
	return sections
}

func (r *planReader) seat(v any, where *at) (NewSeat, string, bool) {
	m, ok := r.object(v, where)
	if !ok {
		return NewSeat{}, "", false
	}
	r.drop(m, where, " seat_guid seat_number position category accessible companion restricted ")
	s := NewSeat{
		GUID: r.text(m, "seat_guid", where, true, maxGUID), Number: r.text(m, "seat_number", where, true, maxSeatName),
		Accessible: r.flag(m, "accessible", where), Companion: r.flag(m, "companion", where), Restricted: r.flag(m, "restricted", where),
	}
	s.X, s.Y = r.point(m, where, true)
	switch {
	case s.GUID == "":
		r.wrong(where.member("seat_guid"), "must not be empty")
	case r.guids[s.GUID]:
		r.wrong(where.member("seat_guid"), "is another seat's")
	case s.Number == "":
		r.wrong(where.member("seat_number"), "must not be empty")
	}
	r.guids[s.GUID] = true
	category := r.text(m, "category", where, true, maxName)
	if !r.categories[category] {
		r.wrong(where.member("category"), "must be the name of a category of the plan")
	}
	if r.seats++; r.seats == MaxLayoutSeats+1 {
		r.wrong(where, "is one more than the %d seats that a layout may have", MaxLayoutSeats)
	}
	return s, category, true
}

// places reads the places of a zone that are not seats.
func (r *planReader) places(m map[string]any, where *at, x, y float64) NewSection {
	n, ok := m["capacity"].(float64)
	if !ok || n < 1 || n > maxCapacity || n != math.Trunc(n) {
		r.wrong(where.member("capacity"), "must be a whole number from 1 to %d", maxCapacity)
		return NewSection{}
	}
	category := r.text(m, "category", where, true, maxName)
	if !r.categories[category] {
		r.wrong(where.member("category"), "must be the name of a category of the plan")
	}
	if kind, _ := m["kind"].(string); kind != string(General) && kind != string(Standing) {
		r.wrong(where.member("kind"), "must be general or standing where there is a capacity")
	}
	r.seats += int(n)
	return NewSection{Category: category, Seats: Places(int(n), x, y, placePitch)}
}
