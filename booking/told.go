package booking

import "time"

// Told is one thing that a client was told, or tried, as its own journal has it: the load laboratory's, or any other of the same form (docs/checker.md).
// Times are Unix nanoseconds of the client.
type Told struct {
	Visitor     int     `json:"visitor"`
	Action      string  `json:"action"` // "order", "pay", "read-back", "hold", "join", "poll", "leave" …; what is not known is passed over
	Sent        int64   `json:"sent"`
	Answered    int64   `json:"answered"`
	Status      int     `json:"status"`
	Error       string  `json:"error"` // there was no answer, so what was done is not known
	Epoch       int64   `json:"epoch"`
	Number      int64   `json:"number"`
	State       string  `json:"state"` // of the place, or of the order
	PollAfterMS int64   `json:"poll_after_ms"`
	AdmittedMS  int64   `json:"admitted_ms"` // Unix milliseconds by the clock of the line; 0: not admitted
	Seats       []int64 `json:"seats"`
	Order       string  `json:"order"`
}

// Lost says that the request has no answer.
func (t *Told) Lost() bool { return t.Error != "" }

// Journal is what clients were told, in any order.
type Journal []Told

// Span is the time in which the journal's clients were at work, by their clock.
func (j Journal) Span() (first, last time.Time) {
	var from, to int64
	for i := range j {
		if t := &j[i]; from == 0 || t.Sent < from {
			from = t.Sent
		}
		to = max(to, j[i].Answered)
	}
	return time.Unix(0, from), time.Unix(0, to)
}

// Sale is what the database has of an order, for the comparison with what clients were told.
type Sale struct {
	Order string
	State OrderState
	Paid  bool // there is a payment that was captured, given back since or not
}

// Disagreements compares what clients were told of orders with what the database has, both ways. The sales are all those made in the
// journal's span, so no other client may have bought meanwhile.
//
// What was acknowledged must be there. What is there and was not acknowledged must have lost its answer on the way, or await the provider: an
// answer 202 says so.
func (j Journal) Disagreements(sales []Sale) (wrong []string) {
	has := make(map[string]Sale, len(sales))
	for _, s := range sales {
		has[s.Order] = s
	}
	made, paid, open := map[string]bool{}, map[string]bool{}, map[string]bool{}
	lostOrders := 0
	for i := range j {
		t := &j[i]
		sale, there := has[t.Order]
		switch {
		case t.Action == "order" && (t.Lost() || t.Status >= 500):
			lostOrders++
		case t.Action == "order" && t.Status == 201:
			made[t.Order] = true
			if !there {
				wrong = append(wrong, "order "+t.Order+" was acknowledged and is not there")
			}
		case t.Action == "pay" && (t.Lost() || t.Status == 202 || t.Status >= 500):
			open[t.Order] = true
		case t.Action == "pay" && t.Status == 200, t.Action == "read-back" && t.Status == 200 && t.State == string(Paid):
			paid[t.Order] = true
			if !there || !sale.Paid {
				wrong = append(wrong, "order "+t.Order+" was acknowledged as paid, and no money was taken for it")
			}
		}
	}
	unknown := 0
	for _, s := range sales {
		if !made[s.Order] {
			unknown++
		}
		if s.Paid && !paid[s.Order] && !open[s.Order] {
			wrong = append(wrong, "order "+s.Order+" is paid, and its client was told nothing of it")
		}
	}
	if unknown > lostOrders {
		wrong = append(wrong, plural(unknown, "order is", "orders are")+" there that no client was told of, and only "+plural(lostOrders, "answer was", "answers were")+" lost")
	}
	return wrong
}
