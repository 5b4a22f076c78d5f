package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"anteroom/waitroom"
)

// How often a gateway does what it does; as the real one.
const (
	tickEvery   = 100 * time.Millisecond
	hearEvery   = time.Second
	crowdEvery  = time.Second
	callTimeout = 5 * time.Second
)

// gateway is one of the gateways that the drill is.
type gateway struct {
	index   int
	line    waitroom.Line
	s       settings
	journal *journal
	trouble *trouble
	crew    *crew
	silent  atomic.Bool

	view     atomic.Pointer[waitroom.Snapshot]
	crowd    atomic.Pointer[waitroom.Crowd]
	released atomic.Int64
	hears    atomic.Int64
	revoked  atomic.Int64 // revocations told, those told twice included
	ticks    durations
}

// pulse does what a gateway does by itself until ctx ends.
func (g *gateway) pulse(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { every(ctx, tickEvery, g.tick) })
	all.Go(func() { every(ctx, min(hearEvery, g.s.Beat/2), g.hear) })
	all.Go(func() { g.readCrowds(ctx) })
	all.Go(func() { g.release(ctx) })
	all.Wait()
}

// every calls do at once and then on each tick of the clock; one that is still at it misses ticks.
func every(ctx context.Context, pause time.Duration, do func(context.Context)) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for ctx.Err() == nil {
		do(ctx)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// tick calls the line until it says that nothing more is due.
func (g *gateway) tick(ctx context.Context) {
	for ctx.Err() == nil {
		var since time.Time
		if v := g.view.Load(); v != nil {
			since = v.RevokedUpto
		}
		limit, cancel := context.WithTimeout(ctx, g.s.CallTimeout)
		began := time.Now()
		snapshot, revoked, err := g.line.Tick(limit, g.s.Room, since)
		cancel()
		if err != nil {
			g.trouble.note(ctx, "tick", err)
			return
		}
		g.ticks.add(time.Since(began))
		g.revoked.Add(int64(len(revoked)))
		g.view.Store(&snapshot)
		if !snapshot.Behind {
			return
		}
	}
}

// hear tells the line who was heard: of the crew, the chunks whose time has come.
func (g *gateway) hear(ctx context.Context) {
	v := g.view.Load()
	if v == nil {
		return
	}
	ghosts := int64(1)
	if g.silent.Load() { // asked before the bits are copied: who is heard may be more than is said here, never less
		ghosts = 0
	}
	epoch, heard := g.crew.due(time.Now(), v.Serving)
	if len(heard) == 0 {
		return
	}
	limit, cancel := context.WithTimeout(ctx, g.s.CallTimeout)
	defer cancel()
	sent := time.Now()
	if err := g.line.Hear(limit, g.s.Room, waitroom.Turn{Epoch: epoch}, heard); err != nil {
		g.trouble.note(ctx, "hear", err)
		return // they stay due
	}
	answered := time.Now()
	g.crew.told(heard, sent.Add(g.s.Beat))
	g.hears.Add(1)
	for _, chunk := range heard {
		g.journal.write("hear", g.index, sent, answered, epoch, chunk.Index, ghosts)
	}
}

// readCrowds keeps the crowd as fresh as a gateway does.
func (g *gateway) readCrowds(ctx context.Context) {
	stamp := int64(-1)
	every(ctx, crowdEvery, func(ctx context.Context) {
		v := g.view.Load()
		if v == nil || v.Stamp == stamp {
			return
		}
		limit, cancel := context.WithTimeout(ctx, g.s.CallTimeout)
		defer cancel()
		crowd, err := g.line.Crowd(limit, g.s.Room, v.Turn())
		if err != nil {
			g.trouble.note(ctx, "crowd", err)
			return
		}
		stamp = v.Stamp
		g.crowd.Store(crowd)
	})
}
