package booking

// NewShow is a show as it is entered, with the drawing of its hall.
type NewShow struct {
	Slug        string
	Room        string // empty: no waiting room
	Title       Text
	Description Text
	VenueSlug   string
	Venue       Text
	City        Text
	TimeZone    string // IANA name
	OnSaleDays  int    // days from now, by the clock of the database; negative: on sale already
	StartsDays  int    // days from now, in the show's time zone
	StartsHour  int    // of that day
	Currency    string
	MaxPerBuyer int
	HoldSeconds int
	Bands       []NewBand
	Layout      NewLayout
}

// NewBand is a price band as it is entered.
type NewBand struct {
	Name   Text
	Price  int64
	Colour string
}

// NewLayout is the drawing of a hall. The order of sections and seats in it is the layout order.
type NewLayout struct {
	Version       int
	Width, Height float64
	Stage         Stage
	Sections      []NewSection
}

// NewSection is a block of seats as it is entered.
type NewSection struct {
	Name  string
	Band  int     // index into the show's bands
	X, Y  float64 // where the name is drawn
	Seats []NewSeat
}

// NewSeat is one seat as it is entered.
type NewSeat struct {
	Row, Number string
	X, Y        float64
}

// Seats counts the seats of the layout.
func (l NewLayout) Seats() int {
	n := 0
	for _, s := range l.Sections {
		n += len(s.Seats)
	}
	return n
}
