package waitroom

import (
	"math/rand/v2"
	"time"

	"anteroom/internal/auth"
)

// The shadow line is where someone stands who tripped a guard: a place that looks like any other and is never admitted. It takes no number and
// no call of the line. Its ticket is a ticket in every byte but the MAC, which is made with another key, so that nobody but a gateway
// can tell the two apart. Nothing false is signed for others to read: its receipt is one in every byte but the signature, which no published
// key verifies. Who verifies it finds out, and nobody can be shown it as proof of a place.

// Someone in the shadow sees the line move until so many are ahead, and no further.
const (
	shadowAhead  = 25
	shadowSpread = 100
)

// shadow gives a place in the shadow line; who repeats a join with the same key gets the same place.
func (d *Desk) shadow(v *View, who Applicant) (Visit, error) {
	again := shadowKey{v.Room, v.Epoch, who.Key}
	t, known := d.shadows.joined(again)
	if known {
		fate := d.shadows.fate(t)
		if fate.moves > 0 {
			return Visit{}, ErrTicketMoved
		}
		known = !fate.left
	}
	if !known {
		// A number that might just have been given: a gateway's view is a little behind, so nobody can tell from outside that it was not.
		t = auth.Ticket{Room: v.Room, Epoch: v.Epoch, Number: v.Issued + 1 + rand.Int64N(8), JoinedAt: v.LineTime(time.Now())} //nolint:gosec // No secret.
	}
	visit := d.inShadow(v, t)
	if !known && visit.ETA != nil {
		t.EstimateLow, t.EstimateHigh = visit.ETA.Low, visit.ETA.High
	}
	d.shadows.join(again, t)
	token, err := d.keys.SignShadow(t)
	visit.Ticket = token
	return visit, err
}

// inShadow is what the holder of a shadow ticket is told.
func (d *Desk) inShadow(v *View, t auth.Ticket) Visit {
	place := Place{Room: v.Room, Epoch: t.Epoch, Number: t.Number, State: v.Standing()}
	ahead := int64(0)
	if place.State != Prequeue {
		ahead = shadowAhead + (t.JoinedAt.UnixMilli()+t.Number)%shadowSpread
		if v.Crowd != nil {
			ahead = max(ahead, v.Ahead(v.Rank(t.Number)))
		}
	}
	return d.told(v, place, ahead)
}

// shadowTicket finds a shadow ticket among the tokens that a visitor sent; it is asked when none of them is a ticket. Once the shadow line
// is switched off its tickets are worth nothing, and who holds one joins as anybody does.
func (d *Desk) shadowTicket(v *View, tokens [][]byte) (token []byte, t auth.Ticket, ok bool) {
	if v.Policy.Guards.Shadow != WatchEnforce {
		return nil, t, false
	}
	for _, token := range tokens {
		if t, err := d.keys.VerifyShadow(token, v.Room); err == nil {
			return token, t, true
		}
	}
	return nil, t, false
}

// shadowStatus is Status for whoever holds a shadow ticket.
func (d *Desk) shadowStatus(v *View, token []byte, t auth.Ticket) (Visit, error) {
	if t.Epoch != v.Epoch {
		return Visit{}, ErrTicketSuperseded
	}
	fate := d.shadows.fate(t)
	if fate.moves > t.Moves {
		return Visit{}, ErrTicketMoved
	}
	visit := d.inShadow(v, t)
	if fate.left {
		visit = d.told(v, Place{Room: v.Room, Epoch: t.Epoch, Number: t.Number, State: Expired}, 0)
	}
	if d.keys.Outdated(token) { // signed anew when a key was replaced, as any ticket is
		if again, err := d.keys.SignShadow(t); err == nil {
			visit.Ticket = again
		}
	}
	return visit, nil
}

// leaveShadow gives a shadow place up.
func (d *Desk) leaveShadow(v *View, t auth.Ticket) error {
	if t.Epoch != v.Epoch {
		return nil
	}
	return d.shadows.leave(t)
}
