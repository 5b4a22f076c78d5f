package visit

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// localTime is how the back office writes a time of the room's schedule; ours are in UTC.
const localTime = "2006-01-02T15:04:05"

// beaconValue stands for what a public beacon would have said. Nobody is to be convinced by a rehearsal that the draw was fair, only
// that it can be recomputed.
const beaconValue = "load-laboratory-round-1"

// gather starts the line anew and opens a pre-queue for a draw. A draw must come before the first admission, so the places of before are lost.
func (d *desk) gather(ctx context.Context) error {
	now, err := d.read(ctx)
	if err != nil {
		return err
	}
	if err := d.do(ctx, http.MethodPost, d.path()+"/reset", map[string]int64{"version": now.Version}, nil); err != nil {
		return fmt.Errorf("start the line anew for the draw: %w", err)
	}
	d.drawn = true
	return d.change(ctx, map[string]any{
		"method": "draw", "beacon": "load laboratory, round 1", "time_zone": "UTC", "prequeue_at": "", "open_at": localised(time.Now().Add(time.Hour)),
	})
}

// opens says when the draw is made.
func (d *desk) opens(ctx context.Context, at time.Time) error {
	return d.change(ctx, map[string]any{"open_at": localised(at)})
}

// localised rounds up: the room opens no earlier than was said.
func localised(at time.Time) string {
	return at.Add(time.Second - 1).UTC().Truncate(time.Second).Format(localTime)
}

// giveBeacon waits until the entrants are sealed and gives the draw its beacon's value.
func (d *desk) giveBeacon(ctx context.Context) error {
	return until(ctx, 250*time.Millisecond, func() (bool, error) {
		now, err := d.read(ctx)
		if err != nil || now.Live.Draw != "sealed" {
			return now.Live.Draw == "drawn", err
		}
		err = d.do(ctx, http.MethodPost, d.path()+"/draw/beacon", map[string]string{"value": beaconValue}, nil)
		return err == nil, err
	})
}
