package queuetest

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Walk lets anything happen in any order through 1 to 4 gateways, compares every answer with the model's and who is present after every
// step, and checks the promises on what was answered. A walk that fails is shrunk to a short one.
func Walk(t rapid.TB, open Open) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		clock := NewClock()
		lines, done := open(clock, rapid.IntRange(1, 4).Draw(rt, "gateways"))
		defer done()
		w := &walk{T: rt, lines: lines, model: NewModel(clock.Now), clock: clock, record: newRecord()}
		policy := w.anyPolicy()
		if rapid.IntRange(0, 49).Draw(rt, "border") == 13 {
			w.toTheBorder(policy)
		}
		w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.Create(w.Context(), Room, policy) }))
		rt.Repeat(w.steps())
		for number := w.lowest(); number <= w.record.issued; number++ {
			w.look(number)
		}
		if rapid.IntRange(0, 19).Draw(rt, "use") == 6 {
			w.use()
		}
		require.Empty(rt, w.record.violations(), "seen from outside")
	})
}

// walk is one run: the line under test beside its model.
type walk struct {
	*rapid.T
	lines  []waitroom.Line
	model  *Model
	clock  *Clock
	last   waitroom.Snapshot // of the line under test
	record *record
}

// toTheBorder gives almost as many numbers as a chunk has, to people who fall silent at once.
func (w *walk) toTheBorder(policy waitroom.Policy) {
	policy.Mode, policy.Method = waitroom.ModeHold, waitroom.MethodFIFO
	w.snapshot(w.both(func(l waitroom.Line) (any, error) { return l.Create(w.Context(), Room, policy) }))
	for _, count := range []int64{waitroom.MaxBlock, waitroom.ChunkRanks - 10 - waitroom.MaxBlock} {
		b := w.both(func(l waitroom.Line) (any, error) { return l.JoinMany(w.Context(), Room, count) })
		if b == nil {
			return // not open yet
		}
		w.record.joined(b.(waitroom.Block).First, count)
	}
	for range 4 {
		w.advance(5000)
		w.tick()
	}
}

// lowest is the first of the numbers that a walk has to do with; at the border it is not about the others.
func (w *walk) lowest() int64 { return max(1, w.record.issued-80) }

// both does the same to the line, through any gateway, and to its model, and returns what both answered.
func (w *walk) both(do func(waitroom.Line) (any, error)) any {
	gateway := rapid.IntRange(0, len(w.lines)-1).Draw(w.T, "gateway")
	got, err := do(w.lines[gateway])
	want, wantErr := do(w.model)
	if wantErr != nil || err != nil {
		require.Error(w, err, "the model: %v", wantErr)
		require.Error(w, wantErr, "the line: %v", err)
		require.Equal(w, names(wantErr), names(err))
		return nil
	}
	require.Equal(w, plain(want), plain(got))
	return got
}

// names are the type of an error and the fields that it names.
func names(err error) []string {
	f := fault.From(err)
	list := []string{f.Type}
	for _, field := range f.Fields {
		list = append(list, field.Name)
	}
	return list
}

// plain leaves out what a line may answer as it likes.
func plain(answer any) any {
	switch a := answer.(type) {
	case waitroom.Snapshot:
		a.Primary, a.Stamp, a.Order = "", 0, nil
		return a
	case waitroom.Draw:
		a.Seed = [32]byte{}
		a.SealedAt = a.SealedAt.UTC()
		return a
	}
	return answer
}

// snapshot takes note of a snapshot that both have answered. The model learns the line's secret seed, or it could not know the order.
func (w *walk) snapshot(answer any) {
	s, ok := answer.(waitroom.Snapshot)
	if !ok {
		return // both refused
	}
	w.last = s
	w.record.snapshot(s)
	if s.Draw == waitroom.DrawCommitted {
		d, err := w.lines[0].Drawing(w.Context(), Room)
		require.NoError(w, err)
		w.model.rooms[Room].draw.Seed = d.Seed
	}
	if s.Order != nil {
		for number := w.lowest(); number <= s.Issued+2; number++ {
			require.Equal(w, w.model.rooms[Room].rank(number), s.Rank(number))
		}
	}
}

func (w *walk) look(number int64) {
	answer := w.both(func(l waitroom.Line) (any, error) { return l.Look(w.Context(), Room, w.last.Epoch, number) })
	w.record.place(answer)
}

func (w *walk) tick() {
	since := w.clock.Now().Add(-rapid.SampledFrom([]time.Duration{0, time.Second, 10 * time.Second, 100 * time.Hour}).Draw(w.T, "since"))
	var revoked [2][]waitroom.Revocation
	n := 0
	w.snapshot(w.both(func(l waitroom.Line) (any, error) {
		s, r, err := l.Tick(w.Context(), Room, since)
		revoked[n] = r
		n++
		return s, err
	}))
	require.ElementsMatch(w, revoked[1], revoked[0])
	w.present(w.T) // so that there is a crowd before each tick and one after it
}

// settle makes a change that changes nothing: the snapshot tells all that was admitted up to now, before the clock moves on.
func (w *walk) settle() {
	w.snapshot(w.both(func(l waitroom.Line) (any, error) {
		return l.Change(context.Background(), Room, waitroom.PolicyChange{})
	}))
}

// present compares who is present, and counts how the crowd counts.
func (w *walk) present(*rapid.T) {
	turn := waitroom.Turn{Epoch: w.last.Epoch, Drawn: w.last.Order != nil}
	got, err := w.lines[0].Crowd(w.Context(), Room, turn)
	require.NoError(w, err)
	want, err := w.model.Crowd(w.Context(), Room, turn)
	require.NoError(w, err)
	require.Equal(w, want.Upto, got.Upto)
	here := map[int64]bool{}
	for rank := int64(1); rank <= got.Upto; rank++ {
		if want.Present(rank) != got.Present(rank) || got.Ahead(rank) != int64(len(here)) {
			require.Failf(w, "another crowd", "rank %d: present %t, not %t; ahead %d, not %d",
				rank, got.Present(rank), want.Present(rank), got.Ahead(rank), len(here))
		}
		if got.Present(rank) {
			here[rank] = true
		}
	}
	require.EqualValues(w, len(here), got.Count())
	w.record.crowd(w.clock.Now().UnixMilli(), w.last.Epoch, here)
}
