package visit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/schedule"
)

// What the simulated provider pays and declines.
const (
	goodCard     = "4242424242424242"
	declinedCard = "4000000000000002"
)

func (v *visitor) guest(due time.Time) {
	body := map[string]string{"email": fmt.Sprintf("visitor-%d@visit.test", v.id)}
	v.ask(journal.Guest, v.anyGateway(), due, http.MethodPost, "/api/v1/guests", body, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.guest) {
			return
		}
		if v.buyer = setCookie(a.Header, "an_buyer"); r.Status != http.StatusCreated || v.buyer == "" {
			v.unexpected(r, a)
			return
		}
		v.hold(a.Answered.Add(v.think()))
	})
}

func (v *visitor) hold(due time.Time) {
	wanted := v.wanted
	v.send(request{
		visitor: v.id, action: journal.Hold, gateway: v.anyGateway(), due: due, method: http.MethodPost, path: v.showPath("/holds"),
		header: v.header(), body: map[string][]int64{"seat_ids": wanted}, record: journal.Record{Seats: wanted},
	}, func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		// After a lost answer the seats may be ours or not; other ones are looked for, as a person would.
		if v.again(r, a, v.look) {
			return
		}
		if r.Status == http.StatusConflict && r.Problem == "seat-taken" {
			if v.taken++; v.taken > maxTaken {
				v.giveUp(a.Answered.Add(v.think()), "others were faster")
				return
			}
			v.look(a.Answered.Add(v.think()))
			return
		}
		var h hold
		if r.Status != http.StatusCreated || json.Unmarshal(a.Body, &h) != nil || h.ID == "" {
			v.unexpected(r, a)
			return
		}
		r.Seats, r.ExpiresMS = seatIDs(h.Seats), h.ExpiresAt.UnixMilli()
		v.holdID = h.ID
		v.order(a.Answered.Add(v.think()))
	})
}

// keyed is a header with an Idempotency-Key: the same for every attempt of one step.
func (v *visitor) keyed(step string) http.Header {
	h := v.header()
	h.Set("Idempotency-Key", fmt.Sprintf("visit-%d-%s", v.id, step+v.holdID))
	return h
}

func (v *visitor) order(due time.Time) {
	v.send(request{
		visitor: v.id, action: journal.Order, gateway: v.anyGateway(), due: due, method: http.MethodPost, path: "/api/v1/orders",
		header: v.keyed("order"), body: map[string]string{"hold_id": v.holdID},
	}, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.order) {
			return
		}
		if r.Status != http.StatusCreated || !v.learnOrder(r, a) {
			v.unexpected(r, a)
			return
		}
		next := a.Answered.Add(v.think())
		if v.habits.declined {
			v.decline(next)
			return
		}
		v.pay(next)
	})
}

// learnOrder takes over what an answer says of the order.
func (v *visitor) learnOrder(r *journal.Record, a schedule.Answer) bool {
	var o order
	if json.Unmarshal(a.Body, &o) != nil || o.ID == "" {
		return false
	}
	v.orderID = o.ID
	r.Order, r.State, r.Seats = o.ID, o.State, seatIDs(o.Lines)
	if o.State == "paid" {
		r.Seats = seatIDs(o.Tickets) // what was bought is what there are tickets for
	}
	return true
}

func (v *visitor) payment(action journal.Action, card string, due time.Time, then func(r *journal.Record, a schedule.Answer)) {
	v.send(request{
		visitor: v.id, action: action, gateway: v.anyGateway(), due: due, method: http.MethodPost, path: "/api/v1/orders/" + v.orderID + "/payment",
		header: v.keyed(string(action)), body: map[string]string{"card_number": card}, record: journal.Record{Order: v.orderID},
	}, then)
}

func (v *visitor) decline(due time.Time) {
	v.payment(journal.Decline, declinedCard, due, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.decline) {
			return
		}
		if r.Status != http.StatusPaymentRequired || r.Problem != "payment-declined" {
			v.unexpected(r, a)
			return
		}
		v.pay(a.Answered.Add(v.think()))
	})
}

func (v *visitor) pay(due time.Time) {
	v.payment(journal.Pay, goodCard, due, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.pay) {
			return
		}
		if r.Status != http.StatusOK && r.Status != http.StatusAccepted || !v.learnOrder(r, a) {
			v.unexpected(r, a)
			return
		}
		v.readBack(a.Answered.Add(v.think()))
	})
}

// readBack reads the order again; one that is still being confirmed, until it is settled.
func (v *visitor) readBack(due time.Time) {
	v.ask(journal.ReadBack, v.anyGateway(), due, http.MethodGet, "/api/v1/orders/"+v.orderID, nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.readBack) {
			return
		}
		if r.Status != http.StatusOK || !v.learnOrder(r, a) {
			v.unexpected(r, a)
			return
		}
		switch r.State {
		case "paid":
			v.giveUp(a.Answered.Add(v.think()), "bought")
		case "confirming":
			v.readBack(a.Answered.Add(500 * time.Millisecond))
		default:
			v.done("order ended " + r.State)
		}
	})
}
