package visit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"anteroom/loadtest/schedule"
)

// The shapes of the contracts, as far as a visitor reads them.
type (
	place struct {
		State       string     `json:"state"`
		Number      int64      `json:"number"`
		Ahead       int64      `json:"ahead"`
		Epoch       int64      `json:"epoch"`
		PollAfterMS int64      `json:"poll_after_ms"`
		Ticket      string     `json:"ticket"`
		Pass        string     `json:"pass"`
		PassExpires *time.Time `json:"pass_expires_at"`
		Drawn       int64      `json:"drawn_position"` // 0 before a draw, and for who came after it
	}
	layout struct {
		Seats struct {
			ID []int64 `json:"id"`
		} `json:"seats"`
	}
	seatState struct {
		Available   *int   `json:"available"`
		Unavailable string `json:"unavailable"`
	}
	hold struct {
		ID        string    `json:"id"`
		Seats     []line    `json:"seats"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	line struct {
		SeatID int64 `json:"seat_id"`
	}
	order struct {
		ID      string `json:"id"`
		State   string `json:"state"`
		Lines   []line `json:"lines"`
		Tickets []line `json:"tickets"`
	}
	show struct {
		SeatsTotal     int    `json:"seats_total"`
		SeatsAvailable int    `json:"seats_available"`
		MaxPerBuyer    int    `json:"max_per_buyer"`
		Room           string `json:"room"`
	}
	room struct {
		Version int64          `json:"version"`
		Policy  map[string]any `json:"policy"`
		Live    struct {
			Phase              string `json:"phase"`
			Draw               string `json:"draw"`
			Issued             int64  `json:"issued"`
			Serving            int64  `json:"serving"`
			Waiting            int64  `json:"waiting"`
			Active             int64  `json:"active"`
			AdmittedTotal      int64  `json:"admitted_total"`
			AdmittedLastMinute int64  `json:"admitted_last_minute"`
		} `json:"live"`
	}
	serving struct {
		Epoch         int64  `json:"epoch"`
		Issued        int64  `json:"issued"`
		Serving       int64  `json:"serving"`
		Waiting       int64  `json:"waiting"`
		RatePerMinute int    `json:"rate_per_minute"`
		State         string `json:"state"`
	}
	orderPage struct {
		Orders []struct {
			ID    string   `json:"id"`
			Seats []string `json:"seats"`
		} `json:"orders"`
		Next string `json:"next"`
	}
)

func seatIDs(lines []line) []int64 {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = l.SeatID
	}
	return ids
}

// taken decodes the bitmap of seats that cannot be had.
func (s seatState) taken(seats int) (func(i int) bool, bool) {
	bits, err := base64.StdEncoding.DecodeString(s.Unavailable)
	if err != nil || s.Available == nil || len(bits)*8 < seats {
		return nil, false
	}
	return func(i int) bool { return bits[i/8]>>(i%8)&1 == 1 }, true
}

// problemName is the name of the problem that an answer is; empty when it is none.
func problemName(a schedule.Answer) string {
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		return ""
	}
	var p struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(a.Body, &p) != nil {
		return "unreadable"
	}
	return strings.TrimPrefix(p.Type, "urn:anteroom:problem:")
}

// soldBy are the marks of booking's answers on gated paths: members that the gateway's own answers never have.
var soldBy = [][]byte{[]byte(`"unavailable"`), []byte(`"layout_version"`), []byte(`"seat_id"`), []byte(`"seat_ids"`), []byte(`"expires_at"`)}

// gateProblems are the problems by which a gateway itself refuses what is gated.
var gateProblems = map[string]bool{
	"pass-missing": true, "pass-invalid": true, "pass-expired": true, "pass-other-room": true, "pass-revoked": true, "pass-superseded": true,
	"ticket-missing": true, "ticket-invalid": true, "ticket-other-room": true, "ticket-superseded": true,
	"room-unknown": true, "room-closed": true, "room-lost": true, "line-unavailable": true, "waiting": true, "keys-unavailable": true,
	"path-ambiguous": true, "path-unknown": true, "method-not-allowed": true, "request-malformed": true, "headers-too-large": true,
	"upstream-unavailable": true, "upstream-busy": true, "upstream-timeout": true,
}

// reachedBooking says whether an answer on a gated path is booking's. It errs on the side of the leak: a problem that is not known
// to be the gateway's counts as booking's. Both services refuse passes in the same words, so an answer alone is not proof of
// the contrary: booking's own count and the seats are looked at besides.
func reachedBooking(a schedule.Answer) bool {
	for _, mark := range soldBy {
		if bytes.Contains(a.Body, mark) {
			return true
		}
	}
	name := problemName(a)
	return name != "" && !gateProblems[name]
}

// retryAfter is how long the answer asks to wait; 0 when it does not.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > 60 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// setCookie returns the value of a cookie that the answer sets, with or without the prefix of HTTPS.
func setCookie(h http.Header, name string) string {
	for _, k := range (&http.Response{Header: h}).Cookies() {
		if k.Name == name || k.Name == "__Host-"+name {
			return k.Value
		}
	}
	return ""
}
