package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"anteroom/loadtest/journal"
)

// auditTime bounds the audit: a run that was interrupted is to end soon, and be judged all the same.
const auditTime = time.Minute

// audit gathers what can be known only after the load. It has its own deadline and does not end with ctx. What cannot be had is named as missing.
func (c *crowd) audit(ctx context.Context, s System, p *prepared) journal.Audit {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	a := journal.Audit{Missing: p.missing}
	if a.Missing["tokens"] == "" {
		c.checkTokens(p, &a)
	}
	if c.o.Part > 0 {
		return a
	}
	a.TriesWanted = c.profile.Hostile
	miss := func(what string, err error) {
		if err != nil && a.Missing[what] == "" {
			a.Missing[what] = err.Error()
		}
	}
	if a.Missing["gated"] == "" {
		miss("gated", c.countGated(ctx, s, p, &a))
	}
	if a.Missing["sales"] == "" {
		miss("sales", c.countSales(ctx, p, &a))
	}
	miss("recount", recount(ctx, s, &a))
	if a.Missing["canaries"] == "" {
		miss("canaries", c.countCanaries(ctx, &a))
	}
	if c.draws() {
		miss("draw", c.recordDraw(ctx, &a))
	}
	return a
}

// checkTokens verifies every pass and receipt that was received.
func (c *crowd) checkTokens(p *prepared, a *journal.Audit) {
	c.mu.Lock()
	tokens := c.tokens
	c.mu.Unlock()
	for _, t := range tokens {
		claims, err := p.keys.Verify(t.token, t.typ)
		a.TokensChecked++
		switch {
		case err != nil:
			a.BadTokens = append(a.BadTokens, fmt.Sprintf("%s of number %d: %v", t.typ, t.number, err))
		case claims.Number != t.number || claims.Epoch != t.epoch || claims.Audience+claims.Room != c.profile.Show:
			a.BadTokens = append(a.BadTokens, fmt.Sprintf("%s of number %d says number %d of %s", t.typ, t.number, claims.Number, claims.Audience+claims.Room))
		}
	}
}

func (c *crowd) countGated(ctx context.Context, s System, p *prepared, a *journal.Audit) error {
	now, err := gatedRequests(ctx, s.BookingOps)
	if err != nil {
		return err
	}
	if now.since != p.gated.since {
		return errors.New("booking was started anew during the run and has forgotten what it had counted")
	}
	a.GatedAtBooking = now.count - p.gated.count
	return nil
}

func (c *crowd) countSales(ctx context.Context, p *prepared, a *journal.Audit) error {
	paid, err := paidOrders(ctx, p.desk.client, c.profile.Show)
	if err != nil {
		return err
	}
	for _, o := range paid {
		if !p.paidBefore[o.ID] {
			a.Paid = append(a.Paid, o)
		}
	}
	return nil
}

func recount(ctx context.Context, s System, a *journal.Audit) (err error) {
	if s.Recount == nil {
		return errors.New("booking's checker cannot be run: its database was not given")
	}
	a.Recount, a.RecountCommand, err = s.Recount(ctx)
	return err
}

// hopeless is so long a wait that a last scout does not come in before the audit must be over.
const hopeless = auditTime / 3

// countCanaries sends a last scout to see whether the seats that only hostile tries asked for are still free. Where the line is too long for that, because the
// run was cut short, what a visitor saw last has to do.
func (c *crowd) countCanaries(ctx context.Context, a *journal.Audit) error {
	err := c.lastLook(ctx)
	offered, taken, looked := c.plan.found()
	if !looked {
		return errors.Join(errors.New("nobody has seen the seats after the hostile tries"), err)
	}
	a.CanariesOffered, a.CanariesTaken = offered, taken
	return nil
}

func (c *crowd) lastLook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, hopeless)
	defer cancel()
	var last *scout
	err := c.visit(ctx, func(v *client) (err error) {
		last, err = enlist(ctx, v.base, c.profile.Show)
		return err
	})
	if err != nil {
		return err
	}
	defer last.close()
	if rate := max(c.policy.RatePerMinute, 1); time.Duration(last.place.Ahead)*time.Minute/time.Duration(rate) > hopeless {
		return errors.Join(fmt.Errorf("a last scout has %d people ahead", last.place.Ahead), last.leave(ctx))
	}
	if err := last.admitted(ctx); err != nil {
		return errors.Join(err, last.leave(context.WithoutCancel(ctx)))
	}
	taken, err := last.seatState(ctx, c.plan.size())
	if err != nil {
		return err
	}
	c.plan.look(taken)
	return last.release(ctx)
}
