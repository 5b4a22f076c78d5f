package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// releaseRemainder tells who gives the session back early; see the setting release-every.
const releaseRemainder = 3

// releaseEvery is how often the drill looks who gives a session back.
const releaseEvery = 200 * time.Millisecond

// releaseCalls is how many releases of one gateway are under way at once.
const releaseCalls = 64

// release gives sessions back some time after the line has come to their numbers.
func (g *gateway) release(ctx context.Context) {
	step := int64(g.s.ReleaseEvery)
	if step == 0 {
		return
	}
	type seen struct {
		at      time.Time
		serving int64
	}
	var history []seen
	next := int64(releaseRemainder)
	every(ctx, releaseEvery, func(ctx context.Context) {
		v, now := g.view.Load(), time.Now()
		if v == nil {
			return
		}
		history = append(history, seen{now, v.Serving})
		upto := int64(0)
		for len(history) > 0 && now.Sub(history[0].at) >= g.s.ReleaseAfter {
			upto, history = history[0].serving, history[1:]
		}
		var calls errgroup.Group
		calls.SetLimit(releaseCalls)
		for ; next <= upto; next += step {
			if !g.crew.has(next) {
				continue
			}
			number := next
			calls.Go(func() error {
				if ctx.Err() != nil {
					return nil
				}
				// What is on its way when the drill ends is waited for: the line may have done it, so it counts.
				call, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.s.CallTimeout)
				defer cancel()
				if err := g.line.Release(call, g.s.Room, v.Epoch, number); err != nil {
					g.trouble.note(ctx, "release", err) // the session then ends by its limit
					return nil
				}
				g.released.Add(1)
				return nil
			})
		}
		_ = calls.Wait() // the calls return no errors
	})
}
