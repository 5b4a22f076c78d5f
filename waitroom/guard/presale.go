package guard

import (
	"time"

	"anteroom/waitroom"
)

// wrongCodes is how many codes that are none may come in any minute from one network to one gateway. At that pace it would take longer
// than the age of the universe to find one of a million codes by guessing.
const wrongCodes = 30

// presaleNow is how far the presale goes at this time of the line.
func presaleNow(v *waitroom.View, at time.Time) waitroom.Watch {
	p := &v.Policy.Guards
	if p.PresaleUntilOpen && !at.Before(v.Schedule.OpenAt) {
		return waitroom.WatchOff
	}
	return p.Presale
}

// presale wants a code, and ties the place to it: one place for one code, on all gateways.
func (g *Guard) presale(r *request) finding {
	if r.who.Code == "" {
		f := waitroom.ErrCodeRequired
		if r.view.Policy.Guards.PresaleUntilOpen {
			f = f.With("open_at", r.view.Schedule.OpenAt)
		}
		return finding{refusal: f}
	}
	wrong, from := g.limits.of(r.view.Room, r.now).wrongCodes, network(r.who.Addr)
	// Who guesses too much is not told any more whether a guess was right.
	if wait := wrong.blocked(from, wrongCodes, r.now); wait > 0 {
		return finding{refusal: waitroom.ErrCodeAttempts.After(wait), tripped: true}
	}
	c, ok := parseCode(r.who.Code)
	if !ok || !c.good(g.keys.Derive(codePurpose), r.view.Room) {
		wrong.take(from, wrongCodes, r.now)
		return finding{refusal: waitroom.ErrCodeInvalid}
	}
	return finding{bind: func(who *waitroom.Entrant) { who.Account = c.account() }}
}
