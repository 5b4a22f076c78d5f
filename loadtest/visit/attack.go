package visit

import (
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/schedule"
)

// What a bot does between two places that it takes.
const (
	pollsOfBot   = 4                      // of the newest place
	pauseOfBot   = time.Second            // between two polls of somebody who keeps to the rules and was not told
	leastOfBot   = 20 * time.Millisecond  // a bot's own limit, so that one of them does not fill a machine
	refusedOfBot = 500 * time.Millisecond // after it was turned away
)

// attack is one round of a bot: a new place, polls of it sooner than it is told to, and a gated path for which it has no pass. It goes
// on until its patience ends, all people are done, or the load ends. Places whose turn comes are left to run out.
func (v *visitor) attack(due time.Time) {
	if v.came.IsZero() {
		v.came = due
	}
	if v.deserted() || v.kind.Patience > 0 && due.Sub(v.came) >= time.Duration(v.kind.Patience) {
		v.done("bot gave up")
		return
	}
	v.ticket, v.pass, v.polls, v.place = "", "", 0, place{}
	v.flood(due, http.MethodPost, "/join", http.StatusCreated, func(next time.Time) {
		v.ticket = v.place.Ticket
		v.pester(next)
	})
}

// flood sends what a bot sends to the line; when it is turned away the bot takes another place.
func (v *visitor) flood(due time.Time, method, path string, want int, then func(next time.Time)) {
	v.send(request{
		visitor: v.id, action: journal.Flood, gateway: v.rand.IntN(len(v.gateways)), bot: true, due: due, method: method, path: v.path(path), header: v.header(),
	}, func(r *journal.Record, a schedule.Answer) {
		if r.Status != want || !v.learn(r, a) {
			v.attack(a.Answered.Add(refusedOfBot))
			return
		}
		then(a.Answered.Add(v.impatience()))
	})
}

// impatience is how long a bot waits where it was told to wait longer.
func (v *visitor) impatience() time.Duration {
	told := time.Duration(v.place.PollAfterMS) * time.Millisecond
	if told <= 0 {
		told = pauseOfBot
	}
	return max(time.Duration(float64(told)/v.kind.Polls), leastOfBot)
}

// pester polls the place a few times, then tries a gated path.
func (v *visitor) pester(due time.Time) {
	switch {
	case v.place.State == "admitted":
		v.attack(due) // it has what it came for, and comes for more
	case v.polls >= pollsOfBot:
		v.sneak(due)
	default:
		v.polls++
		v.flood(due, http.MethodGet, "/status", http.StatusOK, v.pester)
	}
}

// sneak asks for a gated path with a ticket alone.
func (v *visitor) sneak(due time.Time) {
	v.send(request{
		visitor: v.id, action: journal.Probe, gateway: v.rand.IntN(len(v.gateways)), bot: true, due: due,
		method: http.MethodGet, path: v.showPath("/seats/state"), header: v.header(), record: journal.Record{Try: "a bot's ticket, no pass"},
	}, func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		v.admittedMeanwhile(r, a)
		v.attack(a.Answered.Add(v.impatience()))
	})
}
