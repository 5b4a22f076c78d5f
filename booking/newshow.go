package booking

// NewShow is a show as the demonstration and tests enter it: with times that count from now, and the drawing of its hall.
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
	HoldPolicy  HoldPolicy // empty: HoldFirst
	Category    string
	Tags        []string
	Bands       []NewBand
	Layout      NewLayout
}

// NewBand is a price band as it is entered.
type NewBand struct {
	Name   Text
	Price  int64
	Colour string
}
