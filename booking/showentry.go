package booking

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HoldPolicy says what a hold of a show's seats means.
type HoldPolicy string

// The policies.
const (
	HoldFirst HoldPolicy = "hold_first" // a hold keeps the seats from all others until it runs out
	PayFirst  HoldPolicy = "pay_first"  // several may choose a seat; the first authorised payment has it
)

// Organisation sells shows.
type Organisation struct {
	Slug string `json:"slug"`
	Name Text   `json:"name"`
}

// Venue is a place where shows are.
type Venue struct {
	Slug string `json:"slug"`
	Name Text   `json:"name"`
	City Text   `json:"city"`
}

// LayoutInfo tells of one version of a venue's layout.
type LayoutInfo struct {
	Venue    string `json:"venue"`
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Status   string `json:"status"` // draft or published
	Sections int    `json:"sections"`
	Seats    int    `json:"seats"`
}

// ShowSettings are what may change of a show. Amounts are in the minor unit of its currency.
type ShowSettings struct {
	Organisation     string     `json:"organisation"` // its slug; empty: none
	Room             string     `json:"room"`         // empty: no waiting room
	Title            Text       `json:"title"`
	Description      Text       `json:"description"`
	Category         string     `json:"category"`
	Tags             []string   `json:"tags"`
	StartsAt         time.Time  `json:"starts_at"`
	OnSaleAt         time.Time  `json:"on_sale_at"`
	OnSaleUntil      *time.Time `json:"on_sale_until"` // absent: until it starts
	MaxPerBuyer      int        `json:"max_per_buyer"`
	HoldSeconds      int        `json:"hold_seconds"`
	HoldPolicy       HoldPolicy `json:"hold_policy"`
	CancelUntilHours *int       `json:"cancel_until_hours"` // before it starts; absent: never
	CancelFee        int64      `json:"cancel_fee"`         // an order
	TicketFee        int64      `json:"ticket_fee"`
	OrderFee         int64      `json:"order_fee"`
	TaxBasisPoints   int        `json:"tax_basis_points"` // 1000 are 10 %
	TaxIncluded      bool       `json:"tax_included"`
	WaitingList      bool       `json:"waiting_list"`
}

// DefaultShowSettings are those of a show that says nothing else.
func DefaultShowSettings() ShowSettings {
	none := 0
	return ShowSettings{MaxPerBuyer: MaxSeatsPerHold, HoldSeconds: 600, HoldPolicy: HoldFirst, CancelUntilHours: &none, TaxIncluded: true, WaitingList: true}
}

// ShowEntry is a show as staff enter it. It begins as a draft, which nobody sees.
type ShowEntry struct {
	ShowSettings
	Slug          string      `json:"slug"`
	Venue         string      `json:"venue"` // its slug
	LayoutVersion int         `json:"layout_version"`
	TimeZone      string      `json:"time_zone"` // IANA name
	Currency      string      `json:"currency"`  // ISO 4217
	Bands         []BandEntry `json:"bands"`
}

// BandEntry is a price and what has it: sections by their names, or all of a category that no band names by section.
type BandEntry struct {
	Name       Text     `json:"name"`
	Price      int64    `json:"price"`
	Colour     string   `json:"colour"` // #rrggbb
	Categories []string `json:"categories"`
	Sections   []string `json:"sections"`
}

// Bounds of a show.
const (
	maxAmount    = 1_000_000_000_000
	maxBands     = 50
	maxTags      = 20
	maxTitle     = 200
	maxParagraph = 5000
)

var (
	colourForm   = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Validate fails with "show-invalid", naming the members that are wrong.
func (s ShowSettings) Validate() error {
	var f findings
	s.check(&f)
	return f.or()
}

func (s ShowSettings) check(f *findings) {
	need := func(ok bool, name, format string, args ...any) {
		if !ok {
			f.add(ErrShowInvalid, name, format, args...)
		}
	}
	amount := func(name string, v int64) {
		need(v >= 0 && v <= maxAmount, name, "must be 0 to %d", int64(maxAmount))
	}
	need(s.Organisation == "" || ValidSlug(s.Organisation), "organisation", "must be the slug of an organisation")
	need(s.Room == "" || ValidSlug(s.Room), "room", "must be the name of a room")
	need(validTitle(s.Title), "title", "must be 1 to %d printable characters in both languages", maxTitle)
	need(validParagraph(s.Description.EN) && validParagraph(s.Description.KO), "description", "must be at most %d characters in each language", maxParagraph)
	need(fits(s.Category, maxName), "category", "must be at most %d printable characters", maxName)
	need(len(s.Tags) <= maxTags, "tags", "must be at most %d", maxTags)
	for i, t := range s.Tags {
		need(t != "" && fits(t, maxName) && !slices.Contains(s.Tags[:i], t), "tags["+strconv.Itoa(i)+"]", "must be 1 to %d printable characters, and there once", maxName)
	}
	need(validTime(s.StartsAt), "starts_at", "must be a time of the years 1970 to 2999")
	need(validTime(s.OnSaleAt) && s.OnSaleAt.Before(s.StartsAt), "on_sale_at", "must be before the start")
	need(s.OnSaleUntil == nil || s.OnSaleUntil.After(s.OnSaleAt) && !s.OnSaleUntil.After(s.StartsAt), "on_sale_until", "must be after on_sale_at and not after the start")
	need(s.MaxPerBuyer >= 1 && s.MaxPerBuyer <= 1000, "max_per_buyer", "must be 1 to 1000")
	need(s.HoldSeconds >= 10 && s.HoldSeconds <= 86400, "hold_seconds", "must be 10 to 86400")
	need(s.HoldPolicy == HoldFirst || s.HoldPolicy == PayFirst, "hold_policy", "must be hold_first or pay_first")
	need(s.CancelUntilHours == nil || *s.CancelUntilHours >= 0 && *s.CancelUntilHours <= 8760, "cancel_until_hours", "must be 0 to 8760, or null")
	amount("cancel_fee", s.CancelFee)
	amount("ticket_fee", s.TicketFee)
	amount("order_fee", s.OrderFee)
	need(s.TaxBasisPoints >= 0 && s.TaxBasisPoints <= 10000, "tax_basis_points", "must be 0 to 10000")
}

// Validate fails with "show-invalid", naming the members that are wrong.
func (e ShowEntry) Validate() error {
	var f findings
	need := func(ok bool, name, format string, args ...any) {
		if !ok {
			f.add(ErrShowInvalid, name, format, args...)
		}
	}
	need(ValidSlug(e.Slug), "slug", "must be 1 to 63 of a-z, 0-9 and -")
	need(ValidSlug(e.Venue), "venue", "must be the slug of a venue")
	need(e.LayoutVersion > 0, "layout_version", "must be a version of the venue's layout")
	_, err := time.LoadLocation(e.TimeZone)
	need(err == nil && e.TimeZone != "" && e.TimeZone != "Local", "time_zone", "must be the IANA name of a time zone")
	need(currencyForm.MatchString(e.Currency), "currency", "must be three capital letters (ISO 4217)")
	e.check(&f)
	need(len(e.Bands) >= 1 && len(e.Bands) <= maxBands, "bands", "must be 1 to %d", maxBands)
	for i, b := range e.Bands {
		at := "bands[" + strconv.Itoa(i) + "]"
		need(validTitle(b.Name), at+".name", "must be 1 to %d printable characters in both languages", maxTitle)
		need(b.Price >= 0 && b.Price <= maxAmount, at+".price", "must be 0 to %d", int64(maxAmount))
		need(colourForm.MatchString(b.Colour), at+".colour", "must be of the form #rrggbb")
	}
	return f.or()
}

// BandOf is the index of the band that a section has, -1 when none is for it.
func (e ShowEntry) BandOf(section, category string) int {
	for i, b := range e.Bands {
		if slices.Contains(b.Sections, section) {
			return i
		}
	}
	for i, b := range e.Bands {
		if slices.Contains(b.Categories, category) {
			return i
		}
	}
	return -1
}

// Validate fails with "entry-invalid".
func (o Organisation) Validate() error {
	var f findings
	if !ValidSlug(o.Slug) {
		f.add(ErrEntryInvalid, "slug", "must be 1 to 63 of a-z, 0-9 and -")
	}
	if !validTitle(o.Name) {
		f.add(ErrEntryInvalid, "name", "must be 1 to %d printable characters in both languages", maxTitle)
	}
	return f.or()
}

// Validate fails with "entry-invalid".
func (v Venue) Validate() error {
	var f findings
	if !ValidSlug(v.Slug) {
		f.add(ErrEntryInvalid, "slug", "must be 1 to 63 of a-z, 0-9 and -")
	}
	if !validTitle(v.Name) {
		f.add(ErrEntryInvalid, "name", "must be 1 to %d printable characters in both languages", maxTitle)
	}
	if !validTitle(v.City) {
		f.add(ErrEntryInvalid, "city", "must be 1 to %d printable characters in both languages", maxTitle)
	}
	return f.or()
}

func validTitle(t Text) bool {
	return t.EN != "" && t.KO != "" && fits(t.EN, maxTitle) && fits(t.KO, maxTitle)
}

// validParagraph: of text with line breaks.
func validParagraph(s string) bool {
	return fits(strings.ReplaceAll(s, "\n", " "), maxParagraph)
}

func validTime(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 3000 }
