package visit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// join is the first step.
func (v *visitor) join(due time.Time) {
	header := v.header()
	if len(v.profile.Faults) > 0 && v.id%2 == 0 { // where answers get lost, some are careful
		header.Set("Idempotency-Key", fmt.Sprintf("visit-%s-%d", v.run, v.id))
	}
	v.send(request{
		visitor: v.id, action: journal.Join, gateway: v.home, due: due, method: http.MethodPost, path: v.path("/join"), header: header,
	}, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.join) {
			return
		}
		if r.Status != http.StatusCreated || !v.learn(r, a) || v.place.Ticket == "" {
			v.unexpected(r, a)
			return
		}
		v.ticket, v.came = v.place.Ticket, a.Answered
		v.goOn(a)
	})
}

// goOn does what the state of the place asks for.
func (v *visitor) goOn(a schedule.Answer) {
	switch v.place.State {
	case "waiting", "prequeue":
		v.wait(a)
	case "admitted":
		v.enter(a.Answered.Add(v.think()))
	default:
		v.done("told " + v.place.State + " while waiting")
	}
}

// wait is what somebody does who has just been told to.
func (v *visitor) wait(a schedule.Answer) {
	due := a.Answered.Add(time.Duration(v.place.PollAfterMS) * time.Millisecond)
	switch {
	case v.kind.Do == profile.DoJoin:
		v.leave(a.Answered, "joined")
	case v.kind.Patience > 0 && a.Answered.Sub(v.came) >= time.Duration(v.kind.Patience):
		v.leave(a.Answered, "ran out of patience")
	case v.habits.leaveAfter > 0 && v.polls >= v.habits.leaveAfter:
		v.leave(due, "left the line")
	case v.habits.vanish > 0 && v.polls >= v.habits.vanish:
		v.done("vanished while waiting")
	case v.habits.late > 0 && v.polls >= v.habits.late && !v.silent.over:
		v.fallSilent(a.Answered)
	case v.habits.reload && v.polls == 1:
		v.habits.reload = false
		v.reload(due)
	case v.habits.receipt && v.polls == 1:
		v.habits.receipt = false
		v.receipt(due)
	default:
		v.poll(due)
	}
}

func (v *visitor) poll(due time.Time) { v.status(journal.Poll, due) }

// status asks where the visitor stands.
func (v *visitor) status(action journal.Action, due time.Time) {
	v.ask(action, v.anyGateway(), due, http.MethodGet, v.path("/status"), nil, func(r *journal.Record, a schedule.Answer) {
		v.polls++
		if v.again(r, a, func(due time.Time) { v.status(action, due) }) {
			return
		}
		if r.Status != http.StatusOK || !v.learn(r, a) {
			v.unexpected(r, a)
			return
		}
		v.goOn(a)
	})
}

// reload asks for a place while holding one; the answer must be the same place. It is a heartbeat as well.
func (v *visitor) reload(due time.Time) {
	v.ask(journal.Rejoin, v.anyGateway(), due, http.MethodPost, v.path("/join"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.reload) {
			return
		}
		if r.Status != http.StatusCreated || !v.learn(r, a) {
			v.unexpected(r, a)
			return
		}
		v.polls++
		v.goOn(a)
	})
}

func (v *visitor) receipt(due time.Time) {
	v.ask(journal.Receipt, v.anyGateway(), due, http.MethodGet, v.path("/receipt"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.receipt) {
			return
		}
		var got struct {
			Receipt string `json:"receipt"`
		}
		if r.Status != http.StatusOK || json.Unmarshal(a.Body, &got) != nil {
			v.unexpected(r, a)
			return
		}
		v.keep(held{token.ReceiptType, got.Receipt, v.place.Epoch, v.place.Number})
		v.poll(a.Answered)
	})
}

func (v *visitor) leave(due time.Time, outcome string) {
	v.ask(journal.Leave, v.anyGateway(), due, http.MethodDelete, v.path("/ticket"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, func(due time.Time) { v.leave(due, outcome) }) {
			return
		}
		if r.Status != http.StatusNoContent {
			v.unexpected(r, a)
			return
		}
		v.done(outcome)
	})
}
