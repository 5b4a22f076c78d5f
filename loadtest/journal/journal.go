// Package journal is what the visitors of a load test saw: one record a request. Everything that is later
// said about order, limits and sales is said from these records, so nothing in here interprets them.
package journal

// Action is what a request was for.
type Action string

// The actions of a visitor.
const (
	Join     Action = "join"      // takes a place
	Rejoin   Action = "rejoin"    // joins again with the ticket; must give the same place
	Poll     Action = "poll"      // asks where the visitor stands; the heartbeat
	Leave    Action = "leave"     // gives the place up
	Receipt  Action = "receipt"   // asks for the signed statement of the place
	Seats    Action = "seats"     // reads which seats are free; gated
	Guest    Action = "guest"     // starts a buyer session
	Hold     Action = "hold"      // takes seats for a while; gated
	Order    Action = "order"     // turns a hold into an order
	Decline  Action = "decline"   // pays with a card that is declined
	Pay      Action = "pay"       // pays
	ReadBack Action = "read-back" // reads the order again
	Release  Action = "release"   // gives the pass back
	Probe    Action = "probe"     // a hostile try at a gated path
	Return   Action = "return"    // the first poll of somebody who fell silent and was passed over; comes back within the grace
	Shared   Action = "shared"    // reads seats with the good pass of somebody else, whom Visitor names; gated
	Flood    Action = "flood"     // joins or polls as a bot does: without a ticket again and again, sooner than it is told to
)

// Record is one request of one visitor. Times are Unix nanoseconds of the client, from one monotonic clock.
// Fields that the answer did not hold are zero.
type Record struct {
	Visitor   int    `json:"visitor"`
	Action    Action `json:"action"`
	Gateway   int    `json:"gateway"` // index of the gateway it was sent to
	Scheduled int64  `json:"scheduled"`
	Sent      int64  `json:"sent"`     // not later than the first byte left
	Answered  int64  `json:"answered"` // not earlier than the last byte arrived, or when it was given up
	Status    int    `json:"status,omitempty"`
	Problem   string `json:"problem,omitempty"` // name of the problem, without its urn
	Error     string `json:"error,omitempty"`   // why there is no answer

	Epoch       int64  `json:"epoch,omitempty"`
	Number      int64  `json:"number,omitempty"`
	State       string `json:"state,omitempty"` // of the place, or of the order
	PollAfterMS int64  `json:"poll_after_ms,omitempty"`
	AdmittedMS  int64  `json:"admitted_ms,omitempty"` // from the claims of the pass; Unix milliseconds by the clock of the line
	Drawn       int64  `json:"drawn,omitempty"`       // what the answer says that a draw gave the number

	Seats     []int64 `json:"seats,omitempty"`
	Order     string  `json:"order,omitempty"`
	ExpiresMS int64   `json:"expires_ms,omitempty"` // of a hold; Unix milliseconds by the server's clock

	Try     string `json:"try,omitempty"`     // the kind of hostile try
	Reached bool   `json:"reached,omitempty"` // the answer is booking's and not the gateway's
}

// Lost says that the request has no answer, so that what it did is not known.
func (r *Record) Lost() bool { return r.Error != "" }
