package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// testGhost: with 45 s allowed, someone silent counts for 45 s at least and for 67.5 s at most, and a tick more.
func testGhost(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold), slots(1))
	f.EnterMany(3)
	f.Pass(45*time.Second, 2)
	require.EqualValues(t, 3, f.Crowded().Count(), "45 s are not longer than 45 s")
	f.Pass(24*time.Second, 2)
	require.EqualValues(t, 1, f.Crowded().Count())
	require.True(t, f.Crowded().Present(2))
	require.EqualValues(t, 0, f.Crowded().Ahead(2))
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue)})
	require.EqualValues(t, 2, f.Do().Serving, "number 1 does not hold up the line")
	f.Pass(69*time.Second, 2)
	require.EqualValues(t, 1, f.Do().AdmittedTotal)
}

func testReturn(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	f.EnterMany(3)
	require.EqualValues(t, 1, f.Do().Serving)
	f.Pass(69*time.Second, 1, 3)
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	require.EqualValues(t, 3, f.Do().Serving, "number 2 was silent and is passed over")
	f.EnterMany(1)
	f.Pass(300*time.Second, 3, 4)
	require.Equal(t, waitroom.Waiting, f.At(2).State, "back within 300 s")
	require.EqualValues(t, 1, f.Crowded().Ahead(4))
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 3))
	s := f.Do()
	require.EqualValues(t, []int64{3, 3}, []int64{s.Serving, s.AdmittedTotal})
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Passed, waitroom.Waiting}, f.States(2, 3, 4), "the lowest number present is next")
}

// testReturnFromFar: those who come back from far behind, by a look or by being heard, are next.
func testReturnFromFar(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeHold), slots(50)), t.Context()
	_, err := f.JoinMany(ctx, Room, 3000)
	require.NoError(t, err)
	others := []int64{1, 2, 3, 4}
	for rank := int64(2000); rank <= 3000; rank++ {
		others = append(others, rank)
	}
	turn := waitroom.Turn{Epoch: f.Epoch}
	for range 4 {
		f.Pass(20 * time.Second)
		require.NoError(t, f.Hear(ctx, Room, turn, Chunks(others...)))
	}
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue)})
	require.EqualValues(t, 2045, f.Do().Serving, "four, and 46 of those from 2000 on")
	slot := func(from int64) { // becomes free, and is taken
		t.Helper()
		require.NoError(t, f.Release(ctx, Room, f.Epoch, from))
		f.Clock.Advance(100 * time.Millisecond)
		f.Do()
	}
	require.Equal(t, waitroom.Waiting, f.At(1900).State)
	slot(1)
	require.Equal(t, waitroom.Admitted, f.At(1900).State)
	require.NoError(t, f.Hear(ctx, Room, turn, Chunks(70)))
	slot(2)
	require.Equal(t, waitroom.Admitted, f.At(70).State)
	many := []int64{}
	for rank := int64(100); rank < 1900; rank += 2 {
		many = append(many, rank)
	}
	require.NoError(t, f.Hear(ctx, Room, turn, Chunks(many...)), "so many that they may be told in another form")
	slot(3)
	require.Equal(t, waitroom.Admitted, f.At(100).State)
	require.EqualValues(t, 2045, f.Do().Serving)
}

// testReturnKeepsPlace: who came back in time and polls on waits for as long as it takes.
func testReturnKeepsPlace(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1), func(p *waitroom.Policy) { p.SessionLimitSeconds, p.ReturnGraceSeconds = 3600, 60 })
	f.EnterMany(3)
	f.Do()
	f.Pass(69*time.Second, 1, 3)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	require.EqualValues(t, 3, f.Do().Serving)
	f.Pass(50*time.Second, 3)
	require.Equal(t, waitroom.Waiting, f.At(2).State)
	f.Pass(10*time.Minute, 2, 3)
	require.Equal(t, []waitroom.State{waitroom.Waiting, waitroom.Admitted}, f.States(2, 3))
}

func testReturnTooLate(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(3)
	f.Do()
	f.Pass(69*time.Second, 1, 3)
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 1))
	require.EqualValues(t, 3, f.Do().Serving)
	// The line remembers when it passed someone over to one part in 256 of the grace, in the visitor's favour.
	f.Pass(303*time.Second, 3)
	require.Equal(t, []waitroom.State{waitroom.Expired, waitroom.Admitted}, f.States(2, 3))
	require.NoError(t, f.Release(t.Context(), Room, f.Epoch, 3))
	require.EqualValues(t, 2, f.Do().AdmittedTotal)
	require.Equal(t, waitroom.Expired, f.At(2).State)
}

// testSilenceAlone: where nobody behind was admitted, silence takes nothing away, however long.
func testSilenceAlone(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(3)
	f.Do()
	f.Pass(20*time.Minute, 1)
	require.Zero(t, f.Crowded().Count())
	require.Equal(t, []waitroom.State{waitroom.Passed, waitroom.Waiting, waitroom.Waiting}, f.States(1, 2, 3))
	f.Clock.Advance(100 * time.Millisecond)
	require.EqualValues(t, 2, f.Do().Serving)
}

func testHear(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeHold)), t.Context()
	_, err := f.JoinMany(ctx, Room, 2000)
	require.NoError(t, err)
	turn := waitroom.Turn{Epoch: f.Epoch}
	many := make([]int64, 0, 1000)
	for rank := int64(2); rank <= 2000; rank += 2 {
		many = append(many, rank)
	}
	for range 10 {
		f.Pass(20 * time.Second)
		require.NoError(t, f.Hear(ctx, Room, turn, Chunks(many...)))
		require.NoError(t, f.Hear(ctx, Room, turn, Chunks(3, 4)), "a few, and one who was told already")
		require.NoError(t, f.Hear(ctx, Room, turn, nil))
		require.NoError(t, f.Hear(ctx, Room, turn, []waitroom.Chunk{{Index: 0, Bits: []byte{0, 0, 0x80}}}), "cut short: rank 16")
	}
	c := f.Crowded()
	require.EqualValues(t, 1001, c.Count())
	require.Equal(t, []bool{false, true, true, true, false}, []bool{c.Present(1), c.Present(2), c.Present(3), c.Present(4), c.Present(5)})
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue), MaxActive: ptr(int64(3))})
	require.EqualValues(t, 4, f.Do().Serving)
	require.NoError(t, f.Hear(ctx, Room, turn, Chunks(1, 2, 3)))
	c = f.Crowded()
	require.Equal(t, []bool{true, false, false}, []bool{c.Present(1), c.Present(2), c.Present(3)}, "admitted ones are left out")
	require.NoError(t, f.Hear(ctx, Room, turn, Chunks(2001, 2002, 2003, 70_000, waitroom.ChunkRanks, 10*waitroom.ChunkRanks)))
	f.Set(waitroom.PolicyChange{MaxActive: ptr(int64(1_000_000)), RatePerMinute: ptr(int64(1_000_000))})
	s := f.Do()
	for range 20 {
		f.Clock.Advance(100 * time.Millisecond)
		s = f.Do()
	}
	require.EqualValues(t, []int64{2000, 1002}, []int64{s.Serving, s.AdmittedTotal}, "ranks that nobody has are not heard")
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(1, 5))
}

func testHearSuperseded(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, mode(waitroom.ModeHold)), t.Context()
	f.EnterMany(2)
	for _, turn := range []waitroom.Turn{{Epoch: f.Epoch - 1}, {Epoch: f.Epoch + 1}, {}, {Epoch: f.Epoch, Drawn: true}} {
		require.ErrorIs(t, f.Hear(ctx, Room, turn, Chunks(1)), waitroom.ErrTicketSuperseded)
		_, err := f.Crowd(ctx, Room, turn)
		require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
	}
}

// testCrowd: the counts are right at once after each thing that changes them, and the stamp says that they may have changed.
func testCrowd(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(2)), t.Context()
	require.Zero(t, f.Crowded().Count())
	stamps := map[int64]string{f.Do().Stamp: "nobody"}
	check := func(what string, present ...int64) {
		t.Helper()
		c, s := f.Crowded(), f.Do()
		require.Equal(t, s.Issued, c.Upto, what)
		require.EqualValues(t, len(present), c.Count(), what)
		here := map[int64]bool{}
		for i, rank := range present {
			here[rank] = true
			require.EqualValues(t, i, c.Ahead(rank), what)
		}
		for rank := int64(1); rank <= s.Issued; rank++ {
			require.Equal(t, here[rank], c.Present(rank), "%s: rank %d", what, rank)
		}
		require.Empty(t, stamps[s.Stamp], "the stamp after %s", what)
		stamps[s.Stamp] = what
	}
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeHold)})
	f.EnterMany(6)
	check("joins", 1, 2, 3, 4, 5, 6)
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, 2))
	check("leaving", 1, 3, 4, 5, 6)
	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeQueue)})
	f.Do()
	check("admissions", 4, 5, 6)
	require.NoError(t, f.Evict(ctx, Room, f.Epoch, 5))
	check("evicting", 4, 6)
	f.Pass(69*time.Second, 1, 3, 6)
	check("silence", 6)
	f.At(4)
	check("coming back", 4, 6)
	f.Pass(69*time.Second, 1, 3)
	check("silence again")
	require.NoError(t, f.Hear(ctx, Room, waitroom.Turn{Epoch: f.Epoch}, Chunks(6)))
	check("hearing", 6)
}

func testOutage(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	f.EnterMany(3)
	f.Do()
	f.Clock.Advance(10 * time.Minute) // nothing ticks, so nobody could have been heard
	s := f.Do()
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, f.Crowded().Count()})
	s = f.Pass(44 * time.Second)
	require.EqualValues(t, []int64{1, 2}, []int64{s.Active, f.Crowded().Count()})
	s = f.Pass(25 * time.Second)
	require.EqualValues(t, []int64{1, 0}, []int64{s.Active, f.Crowded().Count()}, "silence counts from when ticking went on")
}
