package visit

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"anteroom/loadtest/drawing"
	"anteroom/loadtest/journal"
)

// localTime is how the back office writes a time of the room's schedule; ours are in UTC.
const localTime = "2006-01-02T15:04:05"

// beaconValue stands for what a public beacon would have said. Nobody is to be convinced by a rehearsal that the draw was fair, only
// that it can be recomputed.
const beaconValue = "load-laboratory-round-1"

// gather starts the line anew and opens a pre-queue for a draw. A draw must come before the first admission, so the places of before are lost.
// It returns when the draw's commitment is public, of which it keeps a copy: what is published later is held against it.
func (c *crowd) gather(ctx context.Context, d *desk) error {
	var before serving // an epoch is later than all before it, and a gateway may go on telling of the last one for a second
	if err := d.do(ctx, http.MethodGet, c.path("/serving"), nil, &before); err != nil {
		return fmt.Errorf("read the room's epoch: %w", err)
	}
	now, err := d.read(ctx)
	if err != nil {
		return err
	}
	if err := d.do(ctx, http.MethodPost, d.path()+"/reset", map[string]int64{"version": now.Version}, nil); err != nil {
		return fmt.Errorf("start the line anew for the draw: %w", err)
	}
	d.drawn = true
	err = d.change(ctx, map[string]any{
		"method": "draw", "beacon": "load laboratory, round 1", "time_zone": "UTC", "prequeue_at": "", "open_at": localised(time.Now().Add(time.Hour)),
	})
	if err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(ctx, copyTime)
	defer cancel()
	err = until(limit, 100*time.Millisecond, func() (bool, error) { return c.copyDraw(limit, drawing.Committed, before.Epoch) })
	if err != nil {
		return fmt.Errorf("read the draw's commitment: %w", err)
	}
	return nil
}

// copyTime is how long it may take until what a draw has come to is public; it takes a second.
const copyTime = 10 * time.Second

// copyDraw keeps a copy of the draw's document if it is in a state and of a later epoch, and says whether it was.
func (c *crowd) copyDraw(ctx context.Context, state string, after int64) (bool, error) {
	text, _, err := c.publishedDraw(ctx)
	if err != nil {
		return false, err
	}
	document, err := drawing.Parse(text)
	if err != nil || document.State != state || document.Epoch <= after {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.copies = append(c.copies, string(text))
	return true, nil
}

// publishedDraw is the draw's document from any gateway that is up, and that gateway.
func (c *crowd) publishedDraw(ctx context.Context) (text []byte, gateway string, err error) {
	err = c.visit(ctx, func(v *client) (err error) {
		gateway = v.base
		text, err = read(ctx, gateway+c.path("/draw"))
		return err
	})
	return text, gateway, err
}

// opens says when the draw is made.
func (d *desk) opens(ctx context.Context, at time.Time) error {
	return d.change(ctx, map[string]any{"open_at": localised(at)})
}

// localised rounds up: the room opens no earlier than was said.
func localised(at time.Time) string {
	return at.Add(time.Second - 1).UTC().Truncate(time.Second).Format(localTime)
}

// giveBeacon waits until the entrants are sealed, keeps a copy of what was published of them, and gives the draw its beacon's value. Where no
// copy is to be had the draw is made all the same: people wait for it.
func (c *crowd) giveBeacon(ctx context.Context, d *desk) error {
	var sealed time.Time // when it was seen first
	copied := false
	return until(ctx, 250*time.Millisecond, func() (bool, error) {
		now, err := d.read(ctx)
		if err != nil || now.Live.Draw != drawing.Sealed {
			return now.Live.Draw == drawing.Drawn, err
		}
		if sealed.IsZero() {
			sealed = time.Now()
		}
		if !copied {
			if copied, err = c.copyDraw(ctx, drawing.Sealed, 0); !copied && time.Since(sealed) < copyTime {
				return false, err
			}
		}
		err = d.do(ctx, http.MethodPost, d.path()+"/draw/beacon", map[string]string{"value": beaconValue}, nil)
		return err == nil, err
	})
}

// recordDraw takes what was published of the draw into the audit. What another gateway publishes is kept as well where it is not the same.
func (c *crowd) recordDraw(ctx context.Context, a *journal.Audit) error {
	text, gateway, err := c.publishedDraw(ctx)
	if err != nil {
		return fmt.Errorf("read the draw: %w", err)
	}
	c.mu.Lock()
	a.Draw = &journal.Draw{Document: string(text), Earlier: slices.Clone(c.copies)}
	c.mu.Unlock()
	for _, other := range c.gateways {
		if same, err := read(ctx, other+c.path("/draw")); err == nil && string(same) != string(text) {
			a.Draw.Earlier = append(a.Draw.Earlier, string(same))
		}
	}
	document, err := drawing.Parse(text)
	if err != nil {
		return err
	}
	if len(document.Entrants) == 0 && document.EntrantsURL != "" {
		base, err := url.Parse(gateway)
		if err != nil {
			return err
		}
		entrants, err := base.Parse(document.EntrantsURL)
		if err != nil {
			return fmt.Errorf("the address of the draw's entrants: %w", err)
		}
		if a.Draw.Entrants, err = read(ctx, entrants.String()); err != nil {
			return err
		}
	}
	_, err = drawing.Open(document, a.Draw.Entrants)
	return err
}
