package booking

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// How many shows a page has.
const (
	DefaultShowPage = 100
	MaxShowPage     = 200
)

// MaxQuery bounds a text that is searched for, in characters.
const MaxQuery = 100

// ShowQuery is what shows are looked for by. Shows come by start time; the zero value, with a limit, is all of them.
// It is comparable: two that are equal have the same answer.
type ShowQuery struct {
	Words    string // each stands somewhere in title, venue or city, in either language; lower case, parted by single spaces
	City     string // lower case
	Category string // lower case
	Tag      string // lower case
	From, To string // days YYYY-MM-DD where the show is, both included; empty: no bound
	After    ShowCursor
	Limit    int
}

// ShowPage is a part of the catalogue.
type ShowPage struct {
	Shows []Show `json:"shows"`
	Next  string `json:"next,omitempty"` // cursor of the next page; empty: there is none
}

// ShowCursor is a place in the catalogue, just behind a show. The zero value is its beginning.
type ShowCursor struct {
	Micros int64 // start of that show, Unix microseconds
	ID     int64
}

// Cursor is the place just behind the show.
func (s Show) Cursor() ShowCursor { return ShowCursor{s.StartsAt.UnixMicro(), s.ID} }

// Time is when the show before the cursor starts.
func (c ShowCursor) Time() time.Time { return time.UnixMicro(c.Micros).UTC() }

// String encodes the cursor for a caller, to whom it means nothing.
func (c ShowCursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.Micros, 36) + "." + strconv.FormatInt(c.ID, 36)))
}

// earliest and latest bound what times a cursor may name, so that PostgreSQL has them too.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// ParseShowCursor reads what String wrote.
func ParseShowCursor(s string) (ShowCursor, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return ShowCursor{}, false
	}
	micros, id, ok := strings.Cut(string(raw), ".")
	if !ok {
		return ShowCursor{}, false
	}
	var c ShowCursor
	if c.Micros, err = strconv.ParseInt(micros, 36, 64); err != nil || c.Micros < earliest || c.Micros > latest {
		return ShowCursor{}, false
	}
	if c.ID, err = strconv.ParseInt(id, 36, 64); err != nil || c.ID < 1 {
		return ShowCursor{}, false
	}
	return c, c.String() == s
}

// SearchText makes what a caller searches for comparable: lower case, words parted by single spaces. It reports whether
// it may be searched for: text of at most MaxQuery characters.
func SearchText(s string) (string, bool) {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxQuery || strings.ContainsFunc(s, func(r rune) bool { return r == 0 || r == unicode.ReplacementChar }) {
		return "", false
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " "), true
}

var dayForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// ValidDay reports whether s is a day, YYYY-MM-DD, of the years 1900 to 2999.
func ValidDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && dayForm.MatchString(s) && t.Year() >= 1900 && t.Year() < 3000
}
