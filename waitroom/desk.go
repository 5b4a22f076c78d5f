package waitroom

import (
	"context"
	"errors"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// lineTimeout bounds one call of the line.
const lineTimeout = 2 * time.Second

// Desk serves visitors: it gives places out as signed tickets, tells where they stand, and signs passes. Safe for concurrent use.
type Desk struct {
	queue  Queue
	rooms  Rooms
	keys   *auth.Keys
	passes *auth.PassVerifier
	seen   *witness
	guard  Guard         // may be nil
	edge   *auth.EdgeKey // may be nil

	renewals renewals
	shadows  shadowDeeds
}

var _ Gatekeeper = (*Desk)(nil)

// NewDesk makes a desk.
func NewDesk(queue Queue, rooms Rooms, keys *auth.Keys, passes *auth.PassVerifier, seen Observer) *Desk {
	return &Desk{queue: queue, rooms: rooms, keys: keys, passes: passes, seen: newWitness(seen)}
}

// Guarded makes the desk ask the guard about everybody who wants a new place. It is called before the desk is used.
func (d *Desk) Guarded(guard Guard) { d.guard = guard }

// Challenge makes a puzzle for who wants to join; it reports false when the room wants none. It fails with the errors of Rooms.Find.
func (d *Desk) Challenge(room string, who Applicant) (Challenge, bool, error) {
	r, err := d.up(room)
	if err != nil || d.guard == nil {
		return Challenge{}, false, err
	}
	c, wanted := d.guard.Challenge(r.View(), who)
	return c, wanted, nil
}

// Join returns the place that a ticket holds, or takes a new one when there is no ticket or it no longer counts.
// It fails with the errors of Rooms.Find, Guard.Judge and Queue.Join.
func (d *Desk) Join(ctx context.Context, room string, tickets [][]byte, who Applicant) (Visit, error) {
	r, err := d.up(room)
	if err != nil {
		return Visit{}, err
	}
	replaced, undo := "", func() {}
	if len(tickets) > 0 {
		visit, err := d.Status(ctx, room, tickets)
		switch why := notHeld(visit.State, err); {
		case err == nil && why == "":
			if visit.Ticket != "" {
				return visit, nil
			}
			token, _, err := d.ticket(room, tickets)
			if err != nil {
				token, _, _ = d.shadowTicket(r.View(), tickets)
			}
			visit.Ticket = string(token)
			return visit, nil
		case why == "":
			return Visit{}, err
		default:
			replaced = why
		}
	}
	if d.guard != nil {
		ruling, err := d.guard.Judge(r.View(), who)
		switch {
		case err != nil:
			return Visit{}, err
		case ruling.Shadow:
			visit, err := d.shadow(r.View(), who)
			visit.Replaced = replaced
			return visit, err
		}
		who.Entrant = ruling.Entrant
		if ruling.Undo != nil {
			undo = ruling.Undo
		}
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	place, err := d.queue.Join(limit, room, who.Entrant)
	if err != nil {
		// Whoever asks again all through an outage must not find the limit used up at its end. Who hung up gets nothing back: a robot could
		// take any number of places that way.
		if fault.From(err).Code == fault.Unavailable && ctx.Err() == nil {
			undo()
		}
		return Visit{}, err
	}
	t, err := d.taken(limit, place, who.Entrant)
	if err != nil {
		return Visit{}, err
	}
	visit, err := d.visit(r.View(), place)
	if err != nil {
		return Visit{}, err
	}
	visit.Replaced = replaced
	if visit.ETA != nil {
		t.EstimateLow, t.EstimateHigh = visit.ETA.Low, visit.ETA.High
	}
	d.seen.admitted(place, t)
	visit.Ticket, err = d.keys.SignTicket(t)
	return visit, err
}

// notHeld says, as the type of an error, why a ticket holds no place any more; empty when it does, or when that cannot be told.
func notHeld(state State, err error) string {
	switch {
	case errors.Is(err, auth.ErrTicketInvalid), errors.Is(err, auth.ErrTicketOtherRoom), errors.Is(err, ErrTicketSuperseded), errors.Is(err, ErrTicketMoved):
		return fault.From(err).Type
	case err != nil:
		return ""
	case state == Passed || state == Expired:
		return "ticket-" + string(state)
	default:
		return ""
	}
}

// Status tells where a ticket stands and is its heartbeat. Who waits is told from the gateway's view, without a call of the line; the
// line is asked about the others. It fails with the errors of Rooms.Find, auth.Keys.VerifyTicket and Queue.Look.
func (d *Desk) Status(ctx context.Context, room string, tickets [][]byte) (Visit, error) {
	r, err := d.up(room)
	if err != nil {
		return Visit{}, err
	}
	token, t, err := d.ticket(room, tickets)
	view := r.View()
	if err != nil {
		if token, t, ok := d.shadowTicket(view, tickets); ok {
			return d.shadowStatus(view, token, t)
		}
		return Visit{}, err
	}
	if r.Moved(t.Epoch, t.Number) > t.Moves {
		return Visit{}, ErrTicketMoved
	}
	if t.Epoch == view.Epoch {
		if rank, ahead, waiting := view.Locate(t.Number); waiting {
			r.Hear(view.Turn(), rank)
			visit := d.told(view, Place{Epoch: t.Epoch, Number: t.Number, State: view.Standing()}, ahead)
			visit.Ticket = d.anew(token, t)
			return visit, nil
		}
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	place, err := d.queue.Look(limit, room, t.Epoch, t.Number)
	if err != nil {
		return Visit{}, err
	}
	if place.State == Admitted {
		if err := d.inForce(limit, t); err != nil {
			return Visit{}, err
		}
	}
	d.seen.looked(view, place)
	d.seen.admitted(place, t)
	visit, err := d.visit(r.View(), place)
	visit.Ticket = d.anew(token, t)
	return visit, err
}

// Receipt is the ticket as a statement that anyone can verify. It needs no line, so it works during an outage.
func (d *Desk) Receipt(room string, tickets [][]byte) (string, error) {
	r, err := d.rooms.Find([]byte(room))
	if errors.Is(err, ErrRoomUnknown) {
		return "", err
	}
	_, t, err := d.ticket(room, tickets)
	if err != nil {
		if r != nil {
			if _, t, ok := d.shadowTicket(r.View(), tickets); ok {
				return d.keys.SignShadowReceipt(t)
			}
		}
		return "", err
	}
	return d.keys.SignReceipt(t)
}

// Leave gives a waiting place up; leaving twice changes nothing.
func (d *Desk) Leave(ctx context.Context, room string, tickets [][]byte) error {
	r, err := d.up(room)
	if err != nil {
		return err
	}
	_, t, err := d.ticket(room, tickets)
	if err != nil {
		if _, t, ok := d.shadowTicket(r.View(), tickets); ok {
			return d.leaveShadow(r.View(), t)
		}
		return err
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	switch err := d.inForce(limit, t); {
	case errors.Is(err, ErrTicketSuperseded):
		return nil
	case err != nil:
		return err
	}
	if err := d.queue.Leave(limit, room, t.Epoch, t.Number); err != nil && !errors.Is(err, ErrTicketSuperseded) {
		return err
	}
	return nil
}

// Release gives the slot of a pass back. The pass is worthless on this gateway from then on, even when the line cannot be told: the
// call then fails, and may be repeated. A pass that has run out has nothing to give back.
func (d *Desk) Release(ctx context.Context, room string, passes [][]byte) error {
	r, err := d.rooms.Find([]byte(room))
	if err != nil {
		return err
	}
	p, err := d.pass(r, passes)
	if errors.Is(err, auth.ErrPassExpired) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Number == 0 { // see Detour: it holds no slot, and others have the same
		return nil
	}
	r.Revoke(p.Epoch, p.Number)
	if _, err := d.up(room); err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(ctx, lineTimeout)
	defer cancel()
	if err := d.queue.Release(limit, room, p.Epoch, p.Number); err != nil && !errors.Is(err, ErrTicketSuperseded) {
		return err
	}
	return nil
}

// Serving is the newest view of a room, as everybody may see it. It fails with the errors of Rooms.Find, and while the line is down.
func (d *Desk) Serving(room string) (*View, error) {
	r, err := d.up(room)
	if err != nil {
		return nil, err
	}
	return r.View(), nil
}

// up finds a room whose line answers. A crowd that asks while the line is down is told so at once, without one waiting call each.
func (d *Desk) up(room string) (Room, error) {
	r, err := d.rooms.Find([]byte(room))
	if err != nil {
		return nil, err
	}
	if r.View().Stale(time.Now()) {
		return nil, ErrLineUnavailable
	}
	return r, nil
}

// ticket finds the first good one of the tokens that a visitor sent. The error is that of the first.
func (d *Desk) ticket(room string, tokens [][]byte) (token []byte, t auth.Ticket, err error) {
	err = auth.ErrTicketMissing
	for i, token := range tokens {
		t, why := d.keys.VerifyTicket(token, room)
		if why == nil {
			return token, t, nil
		}
		if i == 0 {
			err = why
		}
	}
	return nil, auth.Ticket{}, err
}

// pass finds the first good one of the passes that a visitor sent. The error is that of the first.
func (d *Desk) pass(r Room, tokens [][]byte) (p auth.Pass, err error) {
	view := r.View()
	now := view.LineTime(time.Now())
	err = auth.ErrPassMissing
	for i, token := range tokens {
		p, why := d.passes.Verify(token, view.Room, now)
		if why == nil {
			return p, nil
		}
		if i == 0 {
			err = why
		}
	}
	return auth.Pass{}, err
}

// visit tells a place to its holder, with the pass when it is admitted.
func (d *Desk) visit(v *View, place Place) (Visit, error) {
	ahead := int64(0)
	if place.State == Waiting || place.State == Closed {
		ahead = v.Ahead(place.Rank)
	}
	visit := d.told(v, place, ahead)
	if place.State != Admitted {
		return visit, nil
	}
	p := auth.Pass{Room: v.Room, Epoch: place.Epoch, Number: place.Number, AdmittedAt: place.AdmittedAt, ExpiresAt: place.ExpiresAt, EndsAt: place.ExpiresAt}
	if p.Number != 0 { // see Detour: that is short, and not renewed
		p.ExpiresAt = v.Policy.PassEnd(v.LineTime(time.Now()), p.EndsAt)
	}
	pass, err := d.keys.SignPass(p)
	if err != nil {
		return Visit{}, err
	}
	visit.Pass, visit.PassExpiresAt, visit.AdmittedAt = pass, &p.ExpiresAt, &place.AdmittedAt
	visit.passLeft = p.ExpiresAt.Sub(v.LineTime(time.Now()))
	if err := d.addEdgePass(&visit, p); err != nil {
		return Visit{}, err
	}
	visit.ClaimInMS = claimIn(v, place.ExpiresAt, time.Now())
	return visit, nil
}

// told is what anyone with a place is told.
func (d *Desk) told(v *View, place Place, ahead int64) Visit {
	now := time.Now()
	eta, known, pollAfter := v.Outlook(place.State, ahead, now)
	visit := Visit{
		Room: v.Room, State: place.State, Number: place.Number, Epoch: place.Epoch, Ahead: ahead,
		PollAfterMS: pollAfter, Ended: v.Ended, Message: v.Policy.Message, Mode: v.Policy.Mode, OnOutage: v.Policy.OnOutage,
		Draw: v.Draw, DrawnPosition: drawnPosition(v, place.Number), Brand: v.Brand,
	}
	if known {
		visit.ETA = &eta
	}
	if opens := v.Schedule.OpenAt; place.State == Prequeue && !opens.IsZero() {
		visit.OpensAt, visit.OpensInMS = &opens, max(opens.Sub(v.LineTime(now)).Milliseconds(), 0)
	}
	return visit
}

// detourLife is how long someone goes on who was let in without the line. The gate takes such a pass only while the line is down.
const detourLife = 5 * time.Minute

// Detour signs a pass for number 0, which nobody has: it holds no slot, and no gateway takes it once its line is back.
func (d *Desk) Detour(r Room) (Visit, error) {
	v := r.View()
	now := v.LineTime(time.Now())
	life := min(detourLife, time.Duration(v.Policy.SessionLimitSeconds)*time.Second)
	return d.visit(v, Place{Epoch: v.Epoch, State: Admitted, AdmittedAt: now, ExpiresAt: now.Add(life)})
}
