package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"anteroom/waitroom"
)

// blockCalls is how many blocks of one gateway are under way at once. A real gateway has one group of joins under way; two keep
// the line busy while an answer is on its way.
const blockCalls = 2

// maxLost is how many calls may go without an answer before the drill gives up.
const maxLost = 1000

// sprint lets people join in blocks as fast as the line takes them.
func (d *drill) sprint(ctx context.Context) (int, error) { return d.blocks(ctx, d.s.Sprint, 0) }

// rest lets everybody join who has not, in blocks, spread evenly over the time given.
func (d *drill) rest(ctx context.Context) (int, error) {
	return d.blocks(ctx, d.s.Visitors-d.s.Sprint-d.s.Singles, d.s.JoinFor)
}

// blocks lets people join over all gateways at once; block b is due b shares of the time after the beginning.
func (d *drill) blocks(ctx context.Context, people int, over time.Duration) (int, error) {
	size := d.s.Block
	all := (people + size - 1) / size
	began := time.Now()
	var taken atomic.Int64
	calls, ctx := errgroup.WithContext(ctx)
	for i := range d.s.Gateways * blockCalls {
		g := d.gateways[i%d.s.Gateways]
		calls.Go(func() error {
			for {
				b := int(taken.Add(1)) - 1
				if b >= all {
					return nil
				}
				if err := until(ctx, began.Add(over*time.Duration(b)/time.Duration(all))); err != nil {
					return err
				}
				if err := g.joinMany(ctx, int64(min(size, people-b*size))); err != nil {
					return err
				}
			}
		})
	}
	return people, calls.Wait()
}

// singles lets people join one by one, so that the line's own way of putting calls together is at work.
func (d *drill) singles(ctx context.Context) (int, error) {
	var taken atomic.Int64
	calls, ctx := errgroup.WithContext(ctx)
	for i := range d.s.Gateways * d.s.Callers {
		g := d.gateways[i%d.s.Gateways]
		calls.Go(func() error {
			for int(taken.Add(1)) <= d.s.Singles {
				if err := g.join(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return d.s.Singles, calls.Wait()
}

func (g *gateway) joinMany(ctx context.Context, count int64) error {
	return g.again(ctx, count, func(ctx context.Context) (waitroom.Block, error) {
		return g.line.JoinMany(ctx, g.s.Room, count)
	})
}

func (g *gateway) join(ctx context.Context) error {
	return g.again(ctx, 1, func(ctx context.Context) (waitroom.Block, error) {
		place, err := g.line.Join(ctx, g.s.Room, waitroom.Entrant{})
		return waitroom.Block{Epoch: place.Epoch, First: place.Number, Count: 1}, err
	})
}

// again calls until there is an answer, and keeps account of every call.
func (g *gateway) again(ctx context.Context, count int64, call func(context.Context) (waitroom.Block, error)) error {
	for {
		limit, cancel := context.WithTimeout(ctx, g.s.CallTimeout)
		sent := time.Now()
		block, err := call(limit)
		cancel()
		if err == nil {
			// Before the time is taken, so that whatever is heard after the answer includes these people.
			g.crew.add(block.Epoch, block.First, block.Count, time.Now().Add(g.s.Beat))
			g.journal.write("join", g.index, sent, time.Now(), block.Epoch, block.First, block.Count)
			return nil
		}
		answered := time.Now()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !errors.Is(err, waitroom.ErrLineUnavailable) {
			return fmt.Errorf("join: %w", err) // the line says no; it will not say otherwise
		}
		g.journal.write("lost", g.index, sent, answered, 0, 0, count)
		if g.trouble.note(ctx, "join", err) > maxLost {
			return fmt.Errorf("join: %w; gave up after %d such calls", err, maxLost)
		}
		if err := until(ctx, answered.Add(100*time.Millisecond)); err != nil {
			return err
		}
	}
}

// until waits for a moment.
func until(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
