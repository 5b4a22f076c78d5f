// Package booking is the domain of the booking service: shows and their seats, holds, orders, payments and tickets, and the
// people who buy them. It knows neither PostgreSQL nor HTTP. Its types have the JSON form of the contract (openapi.yaml).
package booking

import (
	"regexp"
	"time"
)

// Text is a text in both languages.
type Text struct {
	EN string `json:"en"`
	KO string `json:"ko"`
}

// Money is an amount in the minor unit of its currency (KRW has none, so won).
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"` // ISO 4217
}

// Band is a price that a part of the seats has.
type Band struct {
	ID     int64  `json:"id"`
	Name   Text   `json:"name"`
	Price  Money  `json:"price"`
	Colour string `json:"colour"` // #rrggbb
}

// Show is one performance, as the catalogue shows it.
type Show struct {
	ID             int64     `json:"-"`
	LayoutVersion  int       `json:"-"`
	Slug           string    `json:"slug"`
	Title          Text      `json:"title"`
	Description    Text      `json:"description"`
	Venue          Text      `json:"venue"`
	City           Text      `json:"city"`
	StartsAt       time.Time `json:"starts_at"`
	OnSaleAt       time.Time `json:"on_sale_at"`
	TimeZone       string    `json:"time_zone"` // IANA name
	SeatsTotal     int       `json:"seats_total"`
	SeatsAvailable int       `json:"seats_available"`
	SoldOut        bool      `json:"sold_out"` // every seat is sold or blocked; one that is only held may come back
	MaxPerBuyer    int       `json:"max_per_buyer"`
	HoldSeconds    int       `json:"hold_seconds"`
	Room           string    `json:"room"` // the waiting room in front of it; empty: none
	Bands          []Band    `json:"bands"`

	Organisation     *Organisation `json:"organisation,omitempty"`
	Category         string        `json:"category"`
	Tags             []string      `json:"tags"`
	OnSaleUntil      *time.Time    `json:"on_sale_until,omitempty"` // absent: until it starts
	HoldPolicy       HoldPolicy    `json:"hold_policy"`
	CancelUntilHours *int          `json:"cancel_until_hours,omitempty"` // before it starts; absent: never
	CancelFee        Money         `json:"cancel_fee"`
	TicketFee        Money         `json:"ticket_fee"`
	OrderFee         Money         `json:"order_fee"`
	TaxBasisPoints   int           `json:"tax_basis_points"` // 1000 are 10 %
	TaxIncluded      bool          `json:"tax_included"`
	WaitingList      bool          `json:"waiting_list"`
}

// Stage is where the performers are, in the drawing of a layout.
type Stage struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// SeatLayout is the drawing of a hall for one show. Seats are columns of equal length; the index in them is the layout order.
type SeatLayout struct {
	LayoutVersion int           `json:"layout_version"`
	Width         float64       `json:"width"`
	Height        float64       `json:"height"`
	Stage         Stage         `json:"stage"`
	Sections      []SeatSection `json:"sections"`
	Seats         SeatColumns   `json:"seats"`
	// Indices into the columns: places for wheelchairs, those beside one, those with a restricted view.
	Accessible []int `json:"accessible"`
	Companion  []int `json:"companion"`
	Restricted []int `json:"restricted"`
}

// SeatSection is a block of seats of one price.
type SeatSection struct {
	Name   string      `json:"name"`
	BandID int64       `json:"band_id"`
	X      float64     `json:"x"` // where the name is drawn
	Y      float64     `json:"y"`
	Kind   SectionKind `json:"kind"`
}

// SeatColumns are the seats of a layout.
type SeatColumns struct {
	ID      []int64   `json:"id"`
	Section []int     `json:"section"` // index into the sections
	Row     []string  `json:"row"`
	Number  []string  `json:"number"`
	X       []float64 `json:"x"`
	Y       []float64 `json:"y"`
}

// SeatState says which seats of a show can be had, a bit a seat in layout order.
type SeatState struct {
	LayoutVersion int       `json:"layout_version"`
	Version       int64     `json:"version"` // two states of a show with the same version are the same; a later one has a greater one
	Available     int       `json:"available"`
	Unavailable   Bitmap    `json:"unavailable"`     // 1: cannot be had
	AsOf          time.Time `json:"as_of"`           // what was so by then, by the clock of the database, is in it
	Stale         bool      `json:"stale,omitempty"` // it was read from a replica: what came after AsOf may be missing
	ReadAt        time.Time `json:"-"`               // by the clock of who answered
}

// Line is one seat with its price.
type Line struct {
	SeatID  int64  `json:"seat_id"`
	Section string `json:"section"`
	Row     string `json:"row"`
	Number  string `json:"number"`
	BandID  int64  `json:"band_id"`
	Price   Money  `json:"price"`

	Refunded *Money `json:"refunded,omitempty"` // given back for it alone; its ticket is cancelled
}

var (
	showSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
)

// ValidSlug reports whether s can be the slug of a show.
func ValidSlug(s string) bool { return showSlug.MatchString(s) }

// ValidID reports whether s has the form of an id of a hold, an order or a ticket (RFC 9562).
func ValidID(s string) bool { return uuidForm.MatchString(s) }
