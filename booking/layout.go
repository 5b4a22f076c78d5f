package booking

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"anteroom/internal/fault"
)

// Bounds of a layout.
const (
	MaxLayoutSections = 1000
	MaxLayoutSeats    = 100_000
	MaxCoordinate     = 100_000 // of a drawing, on either side of 0
	maxName           = 100     // characters of a section's name or a category's
	maxSeatName       = 32      // characters of a row's name or a seat's number
	maxGUID           = 100
	maxFindings       = 20 // findings told at once
)

// SectionKind says how the places of a section are had.
type SectionKind string

// The kinds of section.
const (
	Seated   SectionKind = "seated"   // seats in rows, each with its place in the drawing
	General  SectionKind = "general"  // numbered places of which a buyer takes any
	Standing SectionKind = "standing" // the same, and nobody sits
)

// ParseSectionKind says whether there is such a kind.
func ParseSectionKind(s string) (SectionKind, bool) {
	k := SectionKind(s)
	return k, k == Seated || k == General || k == Standing
}

// Category is a class of seats in a plan, which a price band of a show is for.
type Category struct {
	Name   string `json:"name"`
	Colour string `json:"colour"` // #rrggbb; empty: not said
}

// NewLayout is the drawing of a hall. The order of sections and seats in it is the layout order.
type NewLayout struct {
	Name          string
	Version       int
	Width, Height float64
	Stage         Stage
	Categories    []Category
	Areas         []json.RawMessage // shapes of the drawing that are no seats, as the exchange format has them, without a zone around
	Sections      []NewSection
}

// NewSection is a block of seats as it is entered.
type NewSection struct {
	Name     string
	Kind     SectionKind // empty: Seated
	Category string
	Band     int     // index into the show's bands
	X, Y     float64 // where the name is drawn
	Seats    []NewSeat
}

// NewSeat is one seat as it is entered.
type NewSeat struct {
	Row, Number string
	X, Y        float64
	GUID        string // by which the plan it was drawn in knows it; empty: none
	Accessible  bool   // a place for a wheelchair
	Companion   bool   // beside one
	Restricted  bool   // the view is
}

// Seats counts the seats of the layout.
func (l NewLayout) Seats() int {
	n := 0
	for _, s := range l.Sections {
		n += len(s.Seats)
	}
	return n
}

// Validate fails with "layout-invalid", naming what is wrong, at most maxFindings of it.
func (l NewLayout) Validate() error {
	c := layoutCheck{guids: map[string]bool{}}
	c.need(fits(l.Name, maxName), "name", "must be at most 100 printable characters")
	c.need(l.Width > 0 && l.Height > 0 && l.Width <= 2*MaxCoordinate && l.Height <= 2*MaxCoordinate, "size", "must be positive and not endless")
	c.need(finite(l.Stage.X, l.Stage.Y, l.Stage.Width, l.Stage.Height), "stage", "must have a place and a size")
	c.need(len(l.Sections) > 0 && len(l.Sections) <= MaxLayoutSections, "sections", "must be 1 to %d", MaxLayoutSections)
	c.need(l.Seats() <= MaxLayoutSeats, "seats", "must be at most %d", MaxLayoutSeats)
	names := map[string]bool{}
	for i, s := range l.Sections {
		at := "sections[" + strconv.Itoa(i) + "]"
		c.need(s.Name != "" && fits(s.Name, maxName), at+".name", "must be 1 to 100 printable characters")
		c.need(!names[s.Name], at+".name", "is the name of another section")
		names[s.Name] = true
		c.section(at, s)
		if len(c.err.fields()) >= maxFindings {
			break
		}
	}
	return c.err.or()
}

// layoutCheck collects what is wrong with a layout.
type layoutCheck struct {
	err   findings
	guids map[string]bool
}

func (c *layoutCheck) need(ok bool, name, format string, args ...any) {
	if !ok {
		c.err.add(ErrLayoutInvalid, name, format, args...)
	}
}

func (c *layoutCheck) section(at string, s NewSection) {
	_, known := ParseSectionKind(string(s.Kind))
	c.need(s.Kind == "" || known, at+".kind", "must be seated, general or standing")
	c.need(fits(s.Category, maxName), at+".category", "must be at most 100 printable characters")
	c.need(finite(s.X, s.Y), at+".position", "must be a point")
	c.need(len(s.Seats) > 0, at+".seats", "must not be empty")
	places := make(map[[2]string]bool, len(s.Seats))
	for k, seat := range s.Seats {
		place := [2]string{seat.Row, seat.Number}
		if seat.Number != "" && fits(seat.Row, maxSeatName) && fits(seat.Number, maxSeatName) && fits(seat.GUID, maxGUID) &&
			finite(seat.X, seat.Y) && !places[place] && !c.guids[seat.GUID] {
			places[place] = true
			c.guids[seat.GUID] = seat.GUID != ""
			continue
		}
		at := at + ".seats[" + strconv.Itoa(k) + "]"
		c.need(seat.Number != "" && fits(seat.Number, maxSeatName), at+".number", "must be 1 to 32 printable characters")
		c.need(fits(seat.Row, maxSeatName), at+".row", "must be at most 32 printable characters")
		c.need(fits(seat.GUID, maxGUID), at+".guid", "must be at most 100 printable characters")
		c.need(finite(seat.X, seat.Y), at+".position", "must be a point")
		c.need(!places[place], at, "is row %s number %s again", seat.Row, seat.Number)
		c.need(!c.guids[seat.GUID], at+".guid", "is another seat's")
	}
}

// findings is an error that grows by a field at a time, up to maxFindings of them.
type findings struct{ err *fault.Error }

func (f *findings) add(kind *fault.Error, name, format string, args ...any) {
	if f.err == nil {
		f.err = kind
	}
	if len(f.err.Fields) < maxFindings {
		f.err = f.err.WithField(name, format, args...)
	}
}

func (f *findings) fields() []fault.Field {
	if f.err == nil {
		return nil
	}
	return f.err.Fields
}

// or is the error, or nil when nothing was found.
func (f *findings) or() error {
	if f.err == nil {
		return nil
	}
	return f.err
}

// fits reports whether s is text of at most max characters that PostgreSQL can keep and a ticket can show.
func fits(s string, max int) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > max {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// finite reports whether all are numbers within the bounds of a drawing.
func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) > 2*MaxCoordinate {
			return false
		}
	}
	return true
}

// Places makes the numbered places of a general section, in a square grid around a point, so that they can be drawn.
func Places(count int, x, y, pitch float64) []NewSeat {
	across := int(math.Ceil(math.Sqrt(float64(count))))
	down := (count + across - 1) / across
	seats := make([]NewSeat, count)
	for i := range seats {
		seats[i] = NewSeat{
			Number: strconv.Itoa(i + 1),
			X:      x + (float64(i%across)-float64(across-1)/2)*pitch,
			Y:      y + (float64(i/across)-float64(down-1)/2)*pitch,
		}
	}
	return seats
}
