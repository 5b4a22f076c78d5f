package visit

import (
	"encoding/json"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/schedule"
)

// maxTaken is how often a visitor looks for other seats after somebody was faster.
const maxTaken = 4

// enter is the first thing that somebody does who was let in.
func (v *visitor) enter(due time.Time) {
	if v.habits.share {
		v.habits.share = false
		v.shareWithFriend(due)
	}
	switch {
	case v.kind.Do == profile.DoJoin || v.kind.Do == profile.DoWait:
		v.giveUp(due, "admitted")
	case !v.plan.known():
		v.layout(due)
	case v.kind.Do == profile.DoRush:
		v.rush(due)
	default:
		v.look(due)
	}
}

// layout reads the seat plan, which one visitor does for all: it is large and never changes.
func (v *visitor) layout(due time.Time) {
	v.ask(journal.Seats, v.anyGateway(), due, http.MethodGet, v.showPath("/seats"), nil, func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		if v.again(r, a, v.layout) {
			return
		}
		var seen layout
		if r.Status != http.StatusOK || json.Unmarshal(a.Body, &seen) != nil || len(seen.Seats.ID) == 0 {
			v.unexpected(r, a)
			return
		}
		if !v.plan.known() {
			v.plan.learn(seen.Seats.ID, v.profile.Hostile > 0)
		}
		v.enter(a.Answered.Add(v.think()))
	})
}

// look reads which seats are free, and chooses.
func (v *visitor) look(due time.Time) {
	v.ask(journal.Seats, v.anyGateway(), due, http.MethodGet, v.showPath("/seats/state"), nil, func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		if v.again(r, a, v.look) {
			return
		}
		var state seatState
		if r.Status != http.StatusOK || json.Unmarshal(a.Body, &state) != nil {
			v.unexpected(r, a)
			return
		}
		taken, ok := state.taken(v.plan.size())
		if !ok {
			v.unexpected(r, a)
			return
		}
		v.plan.look(taken)
		v.pages++
		v.afterLook(a.Answered.Add(v.think()), taken)
	})
}

func (v *visitor) afterLook(next time.Time, taken func(i int) bool) {
	if v.kind.Do == profile.DoBrowse {
		if v.pages >= v.kind.Pages {
			v.giveUp(next, "looked around")
			return
		}
		v.look(next)
		return
	}
	v.wanted = v.plan.choose(v.rand, taken, v.habits.seats, v.habits.hot || v.kind.Do == profile.DoRush)
	switch {
	case len(v.wanted) == 0:
		v.giveUp(next, "sold out")
	case v.buyer == "":
		v.guest(next)
	default:
		v.hold(next)
	}
}

// rush asks for the best seats without a look; only who finds them taken looks.
func (v *visitor) rush(due time.Time) {
	v.wanted = v.plan.blindly(v.rand, v.habits.seats)
	v.guest(due)
}

// shareWithFriend lets a friend use the pass from somewhere else at the same time: with nothing but the pass.
func (v *visitor) shareWithFriend(due time.Time) {
	header := http.Header{"Accept": {"application/json"}}
	if v.habits.cookies {
		header.Set("Waitroom-Pass", v.pass)
	} else {
		header.Set("Cookie", "wp_"+v.profile.Show+"="+v.pass)
	}
	v.send(request{
		visitor: v.id, action: journal.Shared, gateway: (v.home + 1) % len(v.gateways), due: due, method: http.MethodGet,
		path: v.showPath("/seats/state"), header: header,
	}, func(r *journal.Record, a schedule.Answer) { r.Reached = !r.Lost() && reachedBooking(a) })
}

// giveUp gives the pass back; some visitors just close the window.
func (v *visitor) giveUp(due time.Time, outcome string) {
	if v.habits.silent {
		v.done(outcome)
		return
	}
	v.ask(journal.Release, v.anyGateway(), due, http.MethodDelete, v.path("/pass"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, func(due time.Time) { v.giveUp(due, outcome) }) {
			return
		}
		if r.Status != http.StatusNoContent && !v.over(r, a) {
			v.unexpected(r, a)
			return
		}
		v.giveBack(v.pass)
		v.done(outcome)
	})
}
