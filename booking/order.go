package booking

import "time"

// OrderState is where an order stands.
type OrderState string

// The states of an order. Which may follow which is one table in the database (order_transitions), which refuses any other:
// pending → confirming → paid → cancelled; confirming → pending when the payment is declined, or → expired when the time is over by then;
// confirming → cancelled when its seats were lost to another; pending → cancelled by the buyer, pending → expired by time.
const (
	Pending    OrderState = "pending"    // awaits payment until PayBy
	Confirming OrderState = "confirming" // the provider has been asked; it ends only by the provider's answer
	Paid       OrderState = "paid"
	Cancelled  OrderState = "cancelled"
	Expired    OrderState = "expired"
)

// ParseOrderState says whether there is such a state.
func ParseOrderState(s string) (OrderState, bool) {
	switch state := OrderState(s); state {
	case Pending, Confirming, Paid, Cancelled, Expired:
		return state, true
	default:
		return "", false
	}
}

// Order is what a buyer has bought or is about to.
type Order struct {
	ID        string     `json:"id"`
	Reference string     `json:"reference"` // short, for people
	State     OrderState `json:"state"`
	Show      string     `json:"show"`
	Title     Text       `json:"title"`
	Venue     Text       `json:"venue"`
	StartsAt  time.Time  `json:"starts_at"`
	TimeZone  string     `json:"time_zone"`
	Lines     []Line     `json:"lines"`
	Total     Money      `json:"total"`
	Refunded  *Money     `json:"refunded,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	PayBy     *time.Time `json:"pay_by,omitempty"` // while pending
	Tickets   []Ticket   `json:"tickets"`

	Subtotal     Money         `json:"subtotal"`               // of the lines
	Fees         []Fee         `json:"fees"`                   // empty: none
	Tax          *Tax          `json:"tax,omitempty"`          // nil: none
	Cancellation *Cancellation `json:"cancellation,omitempty"` // while it may still be cancelled, or be paid
	CancelFee    *Money        `json:"cancel_fee,omitempty"`   // what was kept when it was cancelled
	ActionURL    string        `json:"action_url,omitempty"`   // where the buyer has to act before the payment goes on
	Outcome      string        `json:"outcome,omitempty"`      // seats-lost: why it was cancelled
	Suggestions  []int64       `json:"suggestions,omitempty"`  // seats that could be had in place of those lost
}

// Ticket lets one person in.
type Ticket struct {
	ID      string `json:"id"`
	Code    string `json:"code"` // what the door reads: 60 random bits
	SeatID  int64  `json:"seat_id"`
	Section string `json:"section"`
	Row     string `json:"row"`
	Number  string `json:"number"`
	State   string `json:"state"` // valid or cancelled

	CheckedInAt *time.Time `json:"checked_in_at,omitempty"`
	Transferred bool       `json:"transferred,omitempty"` // handed on: it has another code now, which its new holder sees
}

// StaffOrder is an order as the back office lists it.
type StaffOrder struct {
	ID        string     `json:"id"`
	Reference string     `json:"reference"`
	State     OrderState `json:"state"`
	Show      string     `json:"show"`
	Email     string     `json:"email"`
	Seats     []string   `json:"seats"` // section · row · number
	Total     Money      `json:"total"`
	CreatedAt time.Time  `json:"created_at"`
	Position  int64      `json:"-"` // in the listing, newest highest
}

// OrderFilter chooses orders for the back office; zero values choose all.
type OrderFilter struct {
	Show   string
	State  OrderState
	Query  string // an e-mail address, or the start of a reference
	Before int64  // only orders with a smaller Position; 0: from the newest
	Limit  int
}
