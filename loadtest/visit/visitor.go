package visit

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// visitor is one of the crowd. At most one of its requests is under way at a time, so it needs no lock; a friend who shares the pass keeps
// to what does not change any more.
type visitor struct {
	*crowd
	id     int
	kind   *profile.Kind
	home   int // the gateway it mostly goes through
	rand   *rand.Rand
	habits habits

	came     time.Time // when the first place was given
	place    place
	ticket   string
	pass     string
	buyer    string
	polls    int
	pages    int // how often seats were read
	attempts int // at the step that is under way
	taken    int // holds that were refused because a seat was taken
	wanted   []int64
	holdID   string
	orderID  string
	silent   silence
}

func (c *crowd) visitor(id int, kind *profile.Kind) *visitor {
	r := rand.New(rand.NewPCG(c.o.Seed, uint64(id))) // repeatable, no secret
	return &visitor{crowd: c, id: id, kind: kind, home: id % len(c.gateways), rand: r, habits: drawHabits(r, kind, c.perBuyer)}
}

// come begins the visit.
func (v *visitor) come(due time.Time) {
	v.arrive(v.kind.Do == profile.DoAttack)
	if v.kind.Do == profile.DoAttack {
		v.attack(due)
		return
	}
	v.join(due)
}

// done ends the visit.
func (v *visitor) done(outcome string) { v.end(outcome, v.kind.Do == profile.DoAttack) }

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
		add("wr_"+v.profile.Show, v.ticket)
		add("wp_"+v.profile.Show, v.pass)
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

func (c *crowd) path(rest string) string     { return "/waitroom/v1/" + c.profile.Show + rest }
func (c *crowd) showPath(rest string) string { return "/api/v1/shows/" + c.profile.Show + rest }

func (v *visitor) ask(action journal.Action, gateway int, due time.Time, method, path string, body any, then func(r *journal.Record, a schedule.Answer)) {
	v.send(request{visitor: v.id, action: action, gateway: gateway, due: due, method: method, path: path, header: v.header(), body: body}, then)
}

// think is how long the visitor looks at a page.
func (v *visitor) think() time.Duration { return thinking(v.rand, v.kind.Think) }

// A step whose answer was lost, or that the service was too busy for, is tried again: after 0.3 s at first and 4 s at last, through another gateway
// when the answer was lost, as behind a load balancer. Somebody who waits goes on for as long as the page would, which is until the load
// ends; who is inside gives up after about a minute.
const (
	maxAttempts = 18
	firstPause  = 300 * time.Millisecond
	lastPause   = 4 * time.Second
)

// again repeats a step if it must be, and says whether it did so or gave up: true means that the caller has nothing more to do.
func (v *visitor) again(r *journal.Record, a schedule.Answer, step func(due time.Time)) bool {
	if !r.Lost() && a.Status != http.StatusTooManyRequests && a.Status < 500 && r.Problem != "idempotency-key-in-flight" {
		v.attempts = 0
		return false
	}
	if v.over(r, a) {
		v.done("session over before " + string(r.Action))
		return true
	}
	waits := r.Action == journal.Join || r.Action == journal.Poll || r.Action == journal.Rejoin || r.Action == journal.Return
	if v.attempts++; v.attempts >= maxAttempts && !waits {
		v.done("gave up at " + string(r.Action))
		return true
	}
	if r.Lost() {
		v.home = (v.home + 1) % len(v.gateways)
	}
	pause := min(firstPause<<min(v.attempts-1, 5), lastPause)
	pause = pause/2 + time.Duration(v.rand.Int64N(int64(pause)))
	step(a.Answered.Add(max(pause, retryAfter(a.Header))))
	return true
}

// over says that a gateway treats the visitor as somebody without a pass, because the session has ended.
func (v *visitor) over(r *journal.Record, a schedule.Answer) bool {
	if r.Lost() || v.pass == "" {
		return false
	}
	switch r.Problem {
	case "waiting", "pass-missing", "pass-invalid", "pass-expired", "pass-revoked", "pass-superseded":
		return true
	}
	return a.Status/100 == 2 && a.Header.Get("Waitroom-State") != ""
}

// unexpected ends a visit whose answer no visitor should get, unless it is that the session is over.
func (v *visitor) unexpected(r *journal.Record, a schedule.Answer) {
	if v.over(r, a) {
		v.done("session over before " + string(r.Action))
		return
	}
	v.done(fmt.Sprintf("unexpected at %s: %d %s", r.Action, r.Status, r.Problem))
}

// learn takes over what an answer says of the place.
func (v *visitor) learn(r *journal.Record, a schedule.Answer) bool {
	var p place
	if json.Unmarshal(a.Body, &p) != nil || p.Number == 0 {
		return false
	}
	v.place = p
	r.Number, r.Epoch, r.State, r.PollAfterMS, r.Drawn = p.Number, p.Epoch, p.State, p.PollAfterMS, p.Drawn
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
