package surge

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// maxAttempts bounds how often a visitor asks again after an answer was lost or the service was unavailable.
const maxAttempts = 6

// visitor is one of the crowd. At most one of its requests is under way at a time, so it needs no lock.
type visitor struct {
	*crowd
	id     int
	home   int // the gateway it joined through
	rand   *rand.Rand
	habits habits

	place    place
	ticket   string
	pass     string
	buyer    string
	polls    int
	attempts int
	taken    int // holds that were refused because a seat was taken
	wanted   []int64
	holdID   string
	orderID  string
}

func (c *crowd) visitor(id int) *visitor {
	r := rand.New(rand.NewPCG(c.o.Seed, uint64(id))) // repeatable, no secret
	return &visitor{crowd: c, id: id, home: id % len(c.gateways), rand: r, habits: drawHabits(r, c.perBuyer)}
}

// anyGateway is mostly the one the visitor joined through; some requests go elsewhere, as behind a load balancer.
func (v *visitor) anyGateway() int {
	if v.rand.IntN(100) < 70 {
		return v.home
	}
	return v.rand.IntN(len(v.gateways))
}

// header carries who the visitor is: the way browsers do, or the way programs do.
func (v *visitor) header() http.Header {
	h := http.Header{"Accept": {"application/json"}}
	cookies := ""
	add := func(name, value string) {
		if value != "" {
			if cookies != "" {
				cookies += "; "
			}
			cookies += name + "=" + value
		}
	}
	if v.habits.cookies {
		add("wr_"+v.o.Room, v.ticket)
		add("wp_"+v.o.Room, v.pass)
	} else {
		if v.ticket != "" {
			h.Set("Authorization", "Bearer "+v.ticket)
		}
		if v.pass != "" {
			h.Set("Waitroom-Pass", v.pass)
		}
	}
	add("an_buyer", v.buyer)
	if cookies != "" {
		h.Set("Cookie", cookies)
	}
	return h
}

func (v *visitor) path(rest string) string { return "/waitroom/v1/" + v.o.Room + rest }

func (v *visitor) ask(action journal.Action, gateway int, due time.Time, method, path string, body any, then func(r *journal.Record, a schedule.Answer)) {
	v.send(request{visitor: v.id, action: action, gateway: gateway, due: due, method: method, path: path, header: v.header(), body: body}, then)
}

// think is a moment of looking at the page.
func (v *visitor) think() time.Duration {
	return time.Duration(1+v.rand.IntN(max(v.o.ThinkMS, 1))) * time.Millisecond
}

// again repeats a step whose answer was lost or that the service was too busy for, and says whether it did so or gave up:
// true means that the caller has nothing more to do.
func (v *visitor) again(r *journal.Record, a schedule.Answer, step func(due time.Time)) bool {
	if !r.Lost() && a.Status != http.StatusTooManyRequests && a.Status < 500 {
		v.attempts = 0
		return false
	}
	if v.attempts++; v.attempts >= maxAttempts {
		v.end("gave up at " + string(r.Action))
		return true
	}
	pause := max(retryAfter(a.Header), time.Duration(v.attempts)*300*time.Millisecond)
	step(a.Answered.Add(pause + v.think()))
	return true
}

// unexpected ends a visit whose answer no visitor should get.
func (v *visitor) unexpected(r *journal.Record) {
	v.end(fmt.Sprintf("unexpected at %s: %d %s", r.Action, r.Status, r.Problem))
}

// join is the first step.
func (v *visitor) join(due time.Time) {
	v.ask(journal.Join, v.home, due, http.MethodPost, v.path("/join"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.join) {
			return
		}
		if r.Status != http.StatusCreated || !v.learn(r, a) || v.place.Ticket == "" {
			v.unexpected(r)
			return
		}
		v.ticket = v.place.Ticket
		v.goOn(a)
	})
}

// learn takes over what an answer says of the place.
func (v *visitor) learn(r *journal.Record, a schedule.Answer) bool {
	var p place
	if json.Unmarshal(a.Body, &p) != nil || p.Number == 0 {
		return false
	}
	v.place = p
	r.Number, r.Epoch, r.State, r.PollAfterMS = p.Number, p.Epoch, p.State, p.PollAfterMS
	if p.Pass != "" {
		claims, err := token.Decode(p.Pass)
		if err != nil {
			return false
		}
		if v.pass == "" {
			v.keep(held{token.PassType, p.Pass, p.Epoch, p.Number})
		}
		v.pass, r.AdmittedMS = p.Pass, claims.AdmittedMS
	}
	return true
}

// goOn does what the state of the place asks for.
func (v *visitor) goOn(a schedule.Answer) {
	switch v.place.State {
	case "waiting", "prequeue":
		due := a.Answered.Add(time.Duration(v.place.PollAfterMS) * time.Millisecond)
		switch {
		case v.habits.leaveAfter > 0 && v.polls >= v.habits.leaveAfter:
			v.leave(due)
		case v.habits.vanish > 0 && v.polls >= v.habits.vanish:
			v.end("vanished while waiting")
		case v.habits.rejoin && v.polls == 1:
			v.habits.rejoin = false
			v.rejoin(due)
		case v.habits.receipt && v.polls == 1:
			v.habits.receipt = false
			v.receipt(due)
		default:
			v.poll(due)
		}
	case "admitted":
		v.look(a.Answered.Add(v.think()))
	default:
		v.end("told " + v.place.State + " while waiting")
	}
}

func (v *visitor) poll(due time.Time) {
	v.ask(journal.Poll, v.anyGateway(), due, http.MethodGet, v.path("/status"), nil, func(r *journal.Record, a schedule.Answer) {
		v.polls++
		if v.again(r, a, v.poll) {
			return
		}
		if r.Status != http.StatusOK || !v.learn(r, a) {
			v.unexpected(r)
			return
		}
		v.goOn(a)
	})
}

// rejoin asks for a place while holding one; the answer must be the same place. It is a heartbeat as well.
func (v *visitor) rejoin(due time.Time) {
	v.ask(journal.Rejoin, v.anyGateway(), due, http.MethodPost, v.path("/join"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.rejoin) {
			return
		}
		if r.Status != http.StatusCreated || !v.learn(r, a) {
			v.unexpected(r)
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
			v.unexpected(r)
			return
		}
		v.keep(held{token.ReceiptType, got.Receipt, v.place.Epoch, v.place.Number})
		v.poll(a.Answered)
	})
}

func (v *visitor) leave(due time.Time) {
	v.ask(journal.Leave, v.anyGateway(), due, http.MethodDelete, v.path("/ticket"), nil, func(r *journal.Record, a schedule.Answer) {
		if v.again(r, a, v.leave) {
			return
		}
		if r.Status != http.StatusNoContent {
			v.unexpected(r)
			return
		}
		v.end("left the line")
	})
}
