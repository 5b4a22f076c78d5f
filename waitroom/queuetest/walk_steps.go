package queuetest

import (
	"bytes"
	"context"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// steps are all that can happen; the one without a name is done after each. Some stand there twice, to come more often.
func (w *walk) steps() map[string]func(*rapid.T) {
	steps := map[string]func(*rapid.T){
		"": w.present, "join": w.join, "join as": w.joinAs, "join many": w.joinMany, "look": w.lookAtAnyone, "hear": w.hear,
		"tick": w.tickOnce, "ticks": w.ticks, "wait": w.wait, "leave": w.quit(waitroom.Queue.Leave), "release": w.quit(waitroom.Queue.Release),
		"evict": w.quit(waitroom.Queue.Evict), "touch": w.touch, "change": w.change, "draw": w.draw, "end": w.end, "press": w.press,
	}
	for _, again := range []string{"join", "look", "hear", "tick", "ticks", "release"} {
		steps[again+" again"] = steps[again]
	}
	steps["reset"] = w.reset
	return steps
}

func (w *walk) anyone() int64 {
	if w.record.issued == 0 {
		w.Skip("nobody is here yet")
	}
	return rapid.Int64Range(w.lowest(), w.record.issued).Draw(w.T, "number")
}

func (w *walk) join(*rapid.T) { w.joined(waitroom.Entrant{}) }

func (w *walk) joinAs(*rapid.T) {
	names := rapid.SampledFrom([]string{"", "a", "b"})
	w.joined(waitroom.Entrant{Account: names.Draw(w.T, "account"), Key: names.Draw(w.T, "key")})
}

func (w *walk) joined(who waitroom.Entrant) {
	answer := w.both(func(l waitroom.Line) (any, error) { return l.Join(w.Context(), Room, who) })
	if p, ok := answer.(waitroom.Place); ok {
		if !p.Again {
			w.record.joined(p.Number, 1)
		}
		if w.last.Policy.Method == waitroom.MethodPassthrough && !p.Again {
			w.record.beside[p.Rank] = true
		}
		w.record.place(p)
	}
}

func (w *walk) joinMany(*rapid.T) {
	count := rapid.SampledFrom([]int64{1, 2, 5, 20, 50}).Draw(w.T, "count")
	answer := w.both(func(l waitroom.Line) (any, error) { return l.JoinMany(w.Context(), Room, count) })
	if b, ok := answer.(waitroom.Block); ok {
		w.record.joined(b.First, b.Count)
	}
}

func (w *walk) lookAtAnyone(*rapid.T) {
	number := w.anyone()
	if rapid.IntRange(0, 19).Draw(w.T, "wrong") == 13 {
		epoch, beyond := w.last.Epoch+rapid.Int64Range(-1, 1).Draw(w.T, "epoch"), w.record.issued+1
		w.both(func(l waitroom.Line) (any, error) { return l.Look(w.Context(), Room, epoch, beyond) })
	}
	w.look(number)
}

func (w *walk) hear(*rapid.T) {
	ranks := []int64{w.anyone(), w.anyone(), w.anyone()}
	if rapid.Bool().Draw(w.T, "many") {
		for rank := max(1, w.record.issued-1500); rank <= w.record.issued; rank += 2 { // so many that they go as a bitmap
			ranks = append(ranks, rank)
		}
	}
	turn := w.last.Turn()
	w.both(func(l waitroom.Line) (any, error) { return nil, l.Hear(w.Context(), Room, turn, Chunks(ranks...)) })
}

func (w *walk) tickOnce(*rapid.T) {
	w.advance(rapid.SampledFrom([]int64{0, 1, 100, 100, 100, 999, 1000}).Draw(w.T, "ms"))
	w.tick()
}

// ticks lets some time go by as it does with gateways at work, mostly.
func (w *walk) ticks(*rapid.T) {
	step := rapid.SampledFrom([]int64{100, 250, 1000, 4999, 5000}).Draw(w.T, "step")
	for range rapid.IntRange(1, 12).Draw(w.T, "count") {
		w.advance(step)
		w.tick()
	}
}

// wait lets time go by without a tick: a moment, or an outage.
func (w *walk) wait(*rapid.T) {
	w.advance(rapid.SampledFrom([]int64{1, 100, 1000, 4000, 5001, 30_000, 60_000, 3_600_000}).Draw(w.T, "ms"))
}

func (w *walk) advance(ms int64) {
	if ms > 0 {
		w.settle()
		w.clock.Advance(time.Duration(ms) * time.Millisecond)
	}
}

func (w *walk) touch(*rapid.T) {
	sessions := []waitroom.Session{}
	for range rapid.IntRange(0, 3).Draw(w.T, "count") {
		ago := rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(w.T, "ago")
		sessions = append(sessions, waitroom.Session{Number: w.anyone(), AdmittedAt: w.clock.Now().Add(-ago)})
	}
	w.both(func(l waitroom.Line) (any, error) { return nil, l.Touch(w.Context(), Room, w.last.Epoch, sessions) })
}

func (w *walk) end(*rapid.T) {
	reason := rapid.SampledFrom([]string{waitroom.SoldOut, waitroom.Over, "", "", ""}).Draw(w.T, "reason")
	w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.End(w.Context(), Room, reason) }))
}

func (w *walk) reset(*rapid.T) {
	if rapid.IntRange(0, 3).Draw(w.T, "really") != 2 {
		w.Skip("seldom")
	}
	w.settle()
	w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.Reset(w.Context(), Room) }))
}

func (w *walk) change(*rapid.T) {
	w.settle() // what was admitted under the policy before
	next := w.anyPolicy()
	change := waitroom.Whole(next, nil)
	switch rapid.IntRange(0, 3).Draw(w.T, "what") {
	case 0:
		change = waitroom.PolicyChange{RatePerMinute: &next.RatePerMinute, MaxActive: &next.MaxActive}
	case 1:
		change = waitroom.PolicyChange{Mode: &next.Mode}
	case 2:
		change = waitroom.PolicyChange{Version: ptr(w.last.Version + rapid.Int64Range(-1, 0).Draw(w.T, "version")), Method: &next.Method, Beacon: &next.Beacon, OpenAt: &next.OpenAt}
	}
	w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.Change(w.Context(), Room, change) }))
}

// draw does the next thing that a draw needs, or one out of turn.
func (w *walk) draw(*rapid.T) {
	step := rapid.SampledFrom([]string{"seal", "beacon", "finish", "seal or beacon or finish"}).Draw(w.T, "step")
	d, err := w.lines[0].Drawing(w.Context(), Room)
	require.NoError(w, err)
	if step == "seal or beacon or finish" {
		switch {
		case d.State == waitroom.DrawSealed && d.BeaconValue == "":
			step = "beacon"
		case d.State == waitroom.DrawSealed:
			step = "finish"
		default:
			step = "seal"
		}
	}
	root, present := [32]byte{1}, []byte{}
	if step == "finish" && d.BeaconValue != "" {
		root, present = w.drawnPresent(d)
	}
	w.both(func(l waitroom.Line) (any, error) {
		switch step {
		case "seal":
			return l.Seal(w.Context(), Room)
		case "beacon":
			return l.Beacon(w.Context(), Room, "value")
		}
		return l.Finish(w.Context(), Room, root, present)
	})
	w.settle()
}

// press reports pressure, by one gateway or by several at once.
func (w *walk) press(*rapid.T) {
	w.settle() // what was admitted at the rate before
	for range rapid.IntRange(1, 3).Draw(w.T, "gateways that report") {
		w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.Press(w.Context(), Room, "p95 840 ms > 500 ms") }))
	}
}

// anyPolicy draws small limits, so that all of them are met in a short walk.
func (w *walk) anyPolicy() waitroom.Policy {
	between := func(name string, low, high int64) int64 { return rapid.Int64Range(low, high).Draw(w.T, name) }
	p := waitroom.DefaultPolicy()
	p.Mode = rapid.SampledFrom([]waitroom.Mode{
		waitroom.ModeOpen, waitroom.ModeOpen, waitroom.ModeQueue, waitroom.ModeQueue, waitroom.ModeQueue, waitroom.ModeHold,
		waitroom.ModeDraining, waitroom.ModeClosed,
	}).Draw(w.T, "mode")
	p.Method = rapid.SampledFrom([]waitroom.Method{
		waitroom.MethodFIFO, waitroom.MethodFIFO, waitroom.MethodFIFO, waitroom.MethodFIFO, waitroom.MethodDraw,
		waitroom.MethodReject, waitroom.MethodPassthrough,
	}).Draw(w.T, "method")
	p.RatePerMinute, p.BurstSeconds = between("rate", 1, 300), between("burst", 1, 60)
	if stage := rapid.SampledFrom([]waitroom.Watch{waitroom.WatchOff, waitroom.WatchOff, waitroom.WatchOnly, waitroom.WatchEnforce}).Draw(w.T, "adaptive"); stage != waitroom.WatchOff {
		p.Adaptive = waitroom.Adaptive{Stage: stage, MinRatePerMinute: between("least", 1, p.RatePerMinute), TargetP95MS: 500, MaxErrorPercent: 5}
	}
	p.MaxActive = rapid.SampledFrom([]int64{1, 2, 3, 4, 6, 40}).Draw(w.T, "cap")
	p.SessionIdleSeconds, p.SessionLimitSeconds = between("idle", 1, 20), between("limit", 1, 40)
	p.GhostSeconds, p.ReturnGraceSeconds = between("ghost", 2, 10), between("grace", 0, 20)
	p.PollMinMS, p.PollMaxMS, p.Beacon = 100, 1000, "beacon"
	opens := []time.Duration{-time.Hour, -time.Hour, 20 * time.Second, 10 * time.Minute}
	if p.OpenAt = ""; p.Method == waitroom.MethodDraw || rapid.IntRange(0, 9).Draw(w.T, "scheduled") == 6 {
		p.OpenAt = NewClock().Now().Add(rapid.SampledFrom(opens).Draw(w.T, "opens")).Format(waitroom.ScheduleLayout)
	}
	return p
}

// drawnPresent is what a gateway computes before Finish, with the model's order.
func (w *walk) drawnPresent(d waitroom.Draw) (root [32]byte, present []byte) {
	bitmap, err := w.lines[0].Entrants(w.Context(), Room)
	require.NoError(w, err)
	want, err := w.model.Entrants(w.Context(), Room)
	require.NoError(w, err)
	require.Equal(w, trimmed(want), trimmed(bitmap))
	entrants, err := draw.NewEntrants(d.Entrants, bitmap)
	require.NoError(w, err)
	order, err := DrawnOrder(Room, d, entrants.Root())
	require.NoError(w, err)
	return entrants.Root(), draw.PermuteBitmap(order, entrants.Bitmap(), d.Entrants)
}

// trimmed leaves out trailing zeros, which say nothing.
func trimmed(bitmap []byte) []byte { return append([]byte{}, bytes.TrimRight(bitmap, "\x00")...) }

// quit does one of the three that end what a number has, now and then for an epoch that is not the room's.
func (w *walk) quit(do func(waitroom.Queue, context.Context, string, int64, int64) error) func(*rapid.T) {
	return func(*rapid.T) {
		number, epoch := w.anyone(), w.last.Epoch
		if rapid.IntRange(0, 19).Draw(w.T, "wrong") == 13 {
			epoch--
		}
		w.both(func(l waitroom.Line) (any, error) { return nil, do(l, w.Context(), Room, epoch, number) })
	}
}
