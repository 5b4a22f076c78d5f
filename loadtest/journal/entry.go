package journal

import (
	"encoding/json"
	"time"

	"anteroom/loadtest/machine"
)

// Header opens a journal. It holds all that is needed to judge and to report the run without asking the system again.
type Header struct {
	Suite    string            `json:"suite"`
	Profile  json.RawMessage   `json:"profile,omitempty"` // the profile as it was run
	Command  string            `json:"command"`
	Commit   string            `json:"commit,omitempty"` // of the sources; empty when not known
	Began    time.Time         `json:"began"`            // when the first arrival was due
	WarmedUp time.Time         `json:"warmed_up"`        // requests due earlier count for the promises and not for latencies
	Part     int               `json:"part"`             // of the generators, from 0
	Parts    int               `json:"parts"`            // how many generators share the run, at least 1
	Seed     uint64            `json:"seed"`
	Room     string            `json:"room"`
	Gateways []string          `json:"gateways"`
	Policy   Policy            `json:"policy"`
	Machine  machine.Machine   `json:"machine"` // of the generator
	System   map[string]string `json:"system"`  // what is known of the system under load
	Clock    Origin            `json:"clock"`   // of the journal times; Create fills it in
}

// Policy is what the room promised during the run.
type Policy struct {
	Method        string        `json:"method,omitempty"` // fifo when empty; draw: ranks are drawn at the opening
	RatePerMinute int           `json:"rate_per_minute"`  // admissions in any 60 s
	MaxActive     int           `json:"max_active"`       // admitted sessions at any instant
	Idle          time.Duration `json:"idle_ns"`          // a session silent for this long ends
	Limit         time.Duration `json:"limit_ns"`         // no session is longer
	Ghost         time.Duration `json:"ghost_ns"`         // a waiting visitor silent for this long no longer counts
	Grace         time.Duration `json:"grace_ns"`         // somebody passed over who comes back within it is admitted next
}

// Sample is the server's own view of the room at one moment.
type Sample struct {
	At                 int64 `json:"at"` // journal time
	Issued             int64 `json:"issued"`
	Serving            int64 `json:"serving"`
	Waiting            int64 `json:"waiting"`
	Active             int64 `json:"active"`
	AdmittedTotal      int64 `json:"admitted_total"`
	AdmittedLastMinute int64 `json:"admitted_last_minute"`
	SeatsFree          int64 `json:"seats_free,omitempty"` // of the show, by its open catalogue; 0 when not known
}

// Generator is how one generator process fared in the second before At. A generator that cannot keep up measures itself.
type Generator struct {
	At         int64   `json:"at"`          // journal time
	CPUPercent float64 `json:"cpu_percent"` // of all cores of its machine, this process alone
	Busy       float64 `json:"busy"`        // of all cores of its machine, everybody; -1 when not known
	LagP99MS   float64 `json:"lag_p99_ms"`  // from when requests were due to when they were sent
	InFlight   int     `json:"in_flight"`
	Sent       int     `json:"sent"`
}

// Fault is something that was done to the system, or undone.
type Fault struct {
	At   int64  `json:"at"`   // journal time
	What string `json:"what"` // redis, postgres, gateway, booking, payment or network
	How  string `json:"how"`  // kill, stop, slow or cut
	Done bool   `json:"done"` // false: it begins; true: it is over, and the part is up again
	Note string `json:"note,omitempty"`
}

// Audit is what could be known only after the load. What could not be had is named in Missing, and nothing is judged by it.
type Audit struct {
	BadTokens     []string `json:"bad_tokens,omitempty"` // passes and receipts that are not signed by the published keys or name another place
	TokensChecked int      `json:"tokens_checked"`

	TriesWanted     int   `json:"tries_wanted"`     // hostile tries that were to be made
	CanariesOffered int   `json:"canaries_offered"` // seats that only hostile tries ask for
	CanariesTaken   int   `json:"canaries_taken"`   // of these, not free after the run
	GatedAtBooking  int64 `json:"gated_at_booking"` // requests on gated paths that booking itself counted during the run

	Paid           []StoredOrder    `json:"paid,omitempty"` // paid orders of the show, without those that were there before the run
	Recount        map[string]int64 `json:"recount,omitempty"`
	RecountCommand string           `json:"recount_command,omitempty"`
	Draw           *Draw            `json:"draw,omitempty"` // what was published of the room's draw; nil without one

	// In journals of version 1 only, which hold what the services' own verifier said of a draw in the place of what was published.
	Drawn        int64    `json:"drawn,omitempty"`         // numbers up to this one were drawn
	DrawVerified string   `json:"draw_verified,omitempty"` // what it found right
	DrawWrong    []string `json:"draw_wrong,omitempty"`    // and what it found wrong

	Missing map[string]string `json:"missing,omitempty"` // by what is missing (sales, recount, gated, canaries, tokens, samples, draw): why
}

// Draw is what a gateway published of a room's draw, byte for byte.
type Draw struct {
	Document string   `json:"document"`           // after the run
	Entrants []byte   `json:"entrants,omitempty"` // what its entrants_url answered; empty when they are in the document
	Earlier  []string `json:"earlier,omitempty"`  // the document as it was before the first arrival, and before the beacon had spoken
}

// StoredOrder is a paid order as the back office lists it after the run.
type StoredOrder struct {
	ID    string `json:"id"`
	Seats int    `json:"seats"`
}

// End closes a journal whose run came to its end. A journal without it was cut short.
type End struct {
	At       int64          `json:"at"`
	Seconds  float64        `json:"seconds"`       // of the load, without preparation and audit
	Why      string         `json:"why"`           // done, deadline or interrupted
	Visitors int            `json:"visitors"`      // who arrived
	Outcomes map[string]int `json:"outcomes"`      // how the visits went
	Requests uint64         `json:"requests_sent"` // by the generator's own count
}
