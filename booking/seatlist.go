package booking

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
)

// The columns of a list of seats. The first three must be there.
var seatColumns = []string{"section", "row", "number", "x", "y", "category", "kind", "accessible", "companion", "restricted", "guid"}

const mustHave = 3

// ReadSeatList reads a list of seats as CSV (RFC 4180), parted by commas or semicolons, with a header that names the columns
// section, row, number and any of x, y, category, kind, accessible, companion, restricted, guid. Seats without x and y are put in
// plain rows. A section has one category and one kind. It fails with "seat-list-invalid", each field naming a line, at most 20.
func ReadSeatList(data []byte) (NewLayout, []PlanWarning, error) {
	if len(data) > MaxPlanBytes {
		return NewLayout{}, nil, ErrSeatListInvalid.WithField("line 1", "the list is larger than %d MiB", MaxPlanBytes>>20)
	}
	l := &listReader{sections: map[string]int{}, categories: map[string]bool{}, guids: map[string]int{}}
	l.read(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if err := l.err.or(); err != nil {
		return NewLayout{}, nil, err
	}
	r := &planReader{warned: map[string]*PlanWarning{}}
	if !l.placed {
		l.place()
		r.warn(top, "the list has no columns x and y; the seats were put in plain rows")
	}
	for i := range l.layout.Sections {
		s := &l.layout.Sections[i]
		s.X, s.Y = centre(s.Seats)
	}
	r.frame(&l.layout)
	if err := l.layout.Validate(); err != nil {
		return NewLayout{}, nil, err
	}
	return l.layout, r.warnings(), nil
}

type listReader struct {
	err        findings
	layout     NewLayout
	column     map[string]int // by name
	placed     bool           // there are x and y
	sections   map[string]int // index by name
	categories map[string]bool
	places     []map[[2]string]int // a section: line by row and number
	guids      map[string]int      // line
	count      int
}

func (l *listReader) wrong(line int, format string, args ...any) {
	if len(l.err.fields()) < maxFindings {
		l.err.add(ErrSeatListInvalid, "line "+itoa(line), format, args...)
	}
}

func (l *listReader) read(data []byte) {
	c := csv.NewReader(bytes.NewReader(data))
	if header, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		c.Comma = ';' // as spreadsheets write it where the comma parts whole from fraction
	}
	c.ReuseRecord = true
	for first := true; len(l.err.fields()) < maxFindings; first = false {
		record, err := c.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if l.count == 0 {
				l.wrong(1, "the list has no seats")
			}
			return
		case errors.As(err, &bad):
			l.wrong(bad.Line, "%s", bad.Err)
			if !errors.Is(bad.Err, csv.ErrFieldCount) {
				return
			}
		case err != nil:
			l.wrong(1, "%s", err)
			return
		case first:
			if !l.header(record) {
				return
			}
		default:
			line, _ := c.FieldPos(0)
			l.seat(line, record)
		}
	}
}

func (l *listReader) header(record []string) bool {
	l.column = map[string]int{}
	for i, name := range record {
		name = strings.ToLower(strings.TrimSpace(name))
		known := false
		for _, c := range seatColumns {
			known = known || c == name
		}
		if !known {
			l.wrong(1, "column %d must be one of %s", i+1, strings.Join(seatColumns, ", "))
			continue
		}
		if _, twice := l.column[name]; twice {
			l.wrong(1, "has the column %s twice", name)
		}
		l.column[name] = i
	}
	for _, name := range seatColumns[:mustHave] {
		if _, there := l.column[name]; !there {
			l.wrong(1, "must have the column %s", name)
		}
	}
	_, x := l.column["x"]
	_, y := l.column["y"]
	if l.placed = x; x != y {
		l.wrong(1, "must have both columns x and y, or neither")
	}
	return l.err.err == nil
}

// seat reads a line.
func (l *listReader) seat(line int, record []string) {
	if l.count++; l.count > MaxLayoutSeats {
		l.wrong(line, "is one more than the %d seats that a layout may have", MaxLayoutSeats)
		return
	}
	get := func(name string) string {
		i, there := l.column[name]
		if !there {
			return ""
		}
		return strings.Clone(strings.TrimSpace(record[i]))
	}
	words := func(name string, min, max int) string {
		s := get(name)
		if len(s) < min || !fits(s, max) {
			l.wrong(line, "%s must be %d to %d printable characters", name, min, max)
		}
		return s
	}
	flag := func(name string) bool {
		switch s := strings.ToLower(get(name)); s {
		case "yes", "true", "1", "x":
			return true
		case "", "no", "false", "0":
		default:
			l.wrong(line, "%s must be yes or no", name)
		}
		return false
	}
	length := func(name string) float64 {
		if !l.placed {
			return 0
		}
		v, err := strconv.ParseFloat(get(name), 64)
		if err != nil || !finite(2*v) {
			l.wrong(line, "%s must be a number from -%d to %d", name, MaxCoordinate, MaxCoordinate)
		}
		return v
	}
	seat := NewSeat{
		Row: words("row", 0, maxSeatName), Number: words("number", 1, maxSeatName), X: length("x"), Y: length("y"), GUID: words("guid", 0, maxGUID),
		Accessible: flag("accessible"), Companion: flag("companion"), Restricted: flag("restricted"),
	}
	l.enter(line, words("section", 1, maxName), words("category", 0, maxName), get("kind"), seat)
}

// enter puts a seat into its section.
func (l *listReader) enter(line int, section, category, kindName string, seat NewSeat) {
	kind, known := ParseSectionKind(strings.ToLower(kindName))
	if kindName == "" {
		kind = Seated
	} else if !known {
		l.wrong(line, "kind must be seated, general or standing")
	}
	i, there := l.sections[section]
	if !there {
		i = len(l.layout.Sections)
		l.sections[section] = i
		l.layout.Sections = append(l.layout.Sections, NewSection{Name: section, Category: category, Kind: kind})
		l.places = append(l.places, map[[2]string]int{})
		if category != "" && !l.categories[category] {
			l.categories[category] = true
			l.layout.Categories = append(l.layout.Categories, Category{Name: category})
		}
	}
	s := &l.layout.Sections[i]
	if s.Category != category || s.Kind != kind {
		l.wrong(line, "section %s has one category and one kind, and other ones above", section)
	}
	place := [2]string{seat.Row, seat.Number}
	if other := l.places[i][place]; other > 0 {
		l.wrong(line, "is the seat of line %d", other)
	}
	l.places[i][place] = line
	if other := l.guids[seat.GUID]; other > 0 && seat.GUID != "" {
		l.wrong(line, "guid is that of line %d", other)
	}
	l.guids[seat.GUID] = line
	s.Seats = append(s.Seats, seat)
}
