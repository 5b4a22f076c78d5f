package waitroom

import (
	"time"

	"anteroom/internal/auth"
)

// offerShadow is Offer for whoever holds a shadow ticket.
func (d *Desk) offerShadow(v *View, t auth.Ticket, returnTo string) (MoveLink, error) {
	if t.Epoch != v.Epoch {
		return MoveLink{}, ErrTicketSuperseded
	}
	code, err := NewMoveCode(t.Epoch, t.Number)
	if err != nil {
		return MoveLink{}, err
	}
	expires := time.UnixMilli(v.LineTime(time.Now()).Add(MoveLife).UnixMilli()).UTC() // as the line tells times
	if err := d.shadows.offer(Offer{Ticket: t, Digest: code.Digest(), ReturnTo: returnTo}, expires); err != nil {
		return MoveLink{}, err
	}
	return MoveLink{URL: "/waitroom/v1/" + v.Room + "/move/" + code.String(), Number: t.Number, ExpiresAt: expires}, nil
}

// claimShadow is Claim for a code that offerShadow has given at this gateway; ok reports whether it is one.
func (d *Desk) claimShadow(v *View, code MoveCode, key string) (visit Visit, returnTo string, ok bool, err error) {
	if code.Epoch != v.Epoch {
		return Visit{}, "", false, nil // to be told so by the line, as for any other
	}
	offer, ok, err := d.shadows.claim(code.Digest(), MoveKey(key), v.LineTime(time.Now()))
	if !ok || err != nil {
		return Visit{}, "", ok, err
	}
	visit = d.inShadow(v, offer.Ticket)
	visit.Ticket, err = d.keys.SignShadow(offer.Ticket)
	return visit, offer.ReturnTo, true, err
}
