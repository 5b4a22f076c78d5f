package queuetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

func testUnknownRoom(t *testing.T, open Open) {
	q, ctx := one(t, open, NewClock()), t.Context()
	for _, room := range []string{"nowhere", "", "UPPER", "a}b", "a b", "nowhere\x00"} {
		_, join := q.Join(ctx, room, waitroom.Entrant{Account: "a"})
		_, many := q.JoinMany(ctx, room, 3)
		_, look := q.Look(ctx, room, 1, 1)
		_, _, tick := q.Tick(ctx, room, time.Time{})
		_, crowd := q.Crowd(ctx, room, waitroom.Turn{Epoch: 1})
		_, change := q.Change(ctx, room, waitroom.PolicyChange{})
		_, reset := q.Reset(ctx, room)
		_, end := q.End(ctx, room, waitroom.Over)
		_, ledger := q.Ledger(ctx, room, 1, 10)
		_, _, last := q.LastLine(ctx, room)
		_, drawing := q.Drawing(ctx, room)
		_, seal := q.Seal(ctx, room)
		_, beacon := q.Beacon(ctx, room, "x")
		_, entrants := q.Entrants(ctx, room)
		_, finish := q.Finish(ctx, room, [32]byte{}, nil)
		for i, err := range []error{
			join, many, look, tick, crowd, change, reset, end, ledger, last, drawing, seal, beacon, entrants, finish,
			q.Leave(ctx, room, 1, 1), q.Release(ctx, room, 1, 1), q.Evict(ctx, room, 1, 1), q.Append(ctx, room, 1, "line"),
			q.Touch(ctx, room, 1, []waitroom.Session{{Number: 1}}), q.Hear(ctx, room, waitroom.Turn{Epoch: 1}, Chunks(1)),
		} {
			require.ErrorIs(t, err, waitroom.ErrRoomUnknown, "room %q, call %d", room, i)
		}
	}
	rooms, err := q.Rooms(ctx)
	require.NoError(t, err)
	require.Empty(t, rooms)
}

func testRooms(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open), t.Context()
	f.EnterMany(3)

	_, err := f.Create(ctx, "theatre", waitroom.DefaultPolicy())
	require.NoError(t, err)
	_, err = f.Create(ctx, "no such name", waitroom.DefaultPolicy())
	require.ErrorIs(t, err, waitroom.ErrRoomName)
	_, err = f.Create(ctx, "other", waitroom.Policy{})
	require.Equal(t, "policy-invalid", fault.From(err).Type)
	rooms, err := f.Rooms(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{Room, "theatre"}, rooms)

	message := "Bitte warten: \"gleich\" <b> 잠시만 기다려 주세요"
	before := f.Do()
	after := f.Set(waitroom.PolicyChange{Message: &message, RatePerMinute: ptr(int64(7))})
	want := before.Policy
	want.Message, want.RatePerMinute = message, 7
	require.Equal(t, want, after.Policy)
	require.Equal(t, before.Version+1, after.Version)
	require.Equal(t, before.Epoch, after.Epoch)
	require.EqualValues(t, 3, after.Issued)

	for field, change := range map[string]waitroom.PolicyChange{
		"max_active":      {MaxActive: ptr(int64(0))},
		"rate_per_minute": {RatePerMinute: ptr(int64(0))},
		"open_at":         {PrequeueAt: ptr("2026-12-01T20:00:00"), OpenAt: ptr("2026-12-01T19:00:00")},
		"close_at":        {OpenAt: ptr("2026-12-01T19:00:00"), CloseAt: ptr("2026-12-01T19:00:00")},
		"time_zone":       {TimeZone: ptr("Mars/Olympus")},
		"beacon":          {Method: ptr(waitroom.MethodDraw)},
	} {
		_, err = f.Change(ctx, Room, change)
		require.Equal(t, "policy-invalid", fault.From(err).Type, field)
		require.Equal(t, field, fault.From(err).Fields[0].Name)
	}
	require.Equal(t, after.Version, f.Do().Version, "a refused change changes nothing")

	replaced, err := f.Create(ctx, Room, waitroom.DefaultPolicy())
	require.NoError(t, err)
	require.Equal(t, waitroom.DefaultPolicy(), replaced.Policy)
	require.Equal(t, after.Version+1, replaced.Version)
	require.EqualValues(t, 3, replaced.Issued, "the line is untouched")
	require.EqualValues(t, 4, f.Enter().Number)
}

func testStaleChange(t *testing.T, open Open) {
	f := NewFixture(t, open)
	version := f.Do().Version
	f.Set(waitroom.PolicyChange{Version: &version, MaxActive: ptr(int64(5))})
	_, err := f.Change(t.Context(), Room, waitroom.PolicyChange{Version: &version, MaxActive: ptr(int64(6))})
	require.ErrorIs(t, err, waitroom.ErrRoomChanged)

	// Of changes made at the same time on the same knowledge exactly one is taken; those that name no version all are,
	// and none undoes another.
	version++
	var named, unnamed [4]error
	var all sync.WaitGroup
	for i := range named {
		all.Go(func() {
			_, named[i] = f.Change(t.Context(), Room, waitroom.PolicyChange{Version: &version, GhostSeconds: ptr(int64(60))})
		})
	}
	all.Wait()
	changes := []waitroom.PolicyChange{
		{MaxActive: ptr(int64(8))}, {RatePerMinute: ptr(int64(9))}, {PollMinMS: ptr(int64(500))}, {SessionIdleSeconds: ptr(int64(50))},
	}
	for i := range unnamed {
		all.Go(func() { _, unnamed[i] = f.Change(t.Context(), Room, changes[i]) })
	}
	all.Wait()
	taken := 0
	for i := range named {
		if named[i] == nil {
			taken++
		} else {
			require.ErrorIs(t, named[i], waitroom.ErrRoomChanged)
		}
	}
	require.Equal(t, 1, taken)
	require.NoError(t, errors.Join(unnamed[:]...))
	s := f.Do()
	require.Equal(t, version+5, s.Version)
	require.Equal(t, []int64{60, 8, 9, 500, 50}, []int64{
		s.Policy.GhostSeconds, s.Policy.MaxActive, s.Policy.RatePerMinute, s.Policy.PollMinMS, s.Policy.SessionIdleSeconds,
	})
}

// testSeveralRooms: joins, admissions, ends and resets of one room leave the others as they were. One name begins like the other.
func testSeveralRooms(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	const other = Room + "-2"
	_, err := f.Create(ctx, other, easyPolicy(slots(2)))
	require.NoError(t, err)
	who := waitroom.Entrant{Account: "kim", Key: "k"}
	for range 3 {
		f.Enter()
		_, err := f.Join(ctx, other, waitroom.Entrant{})
		require.NoError(t, err)
	}
	require.EqualValues(t, 4, f.EnterAs(who).Number)
	_, err = f.Reset(ctx, other)
	require.NoError(t, err)
	p, err := f.Join(ctx, other, who)
	require.NoError(t, err)
	require.EqualValues(t, 1, p.Number)
	require.False(t, p.Again, "the account has a place in another room only")

	s := f.Do()
	require.EqualValues(t, []int64{4, 1, 1}, []int64{s.Issued, s.Serving, s.Active})
	s, _, err = f.Tick(ctx, other, time.Time{})
	require.NoError(t, err)
	require.EqualValues(t, []int64{1, 1, 1}, []int64{s.Issued, s.Serving, s.Active})
	_, err = f.End(ctx, other, waitroom.SoldOut)
	require.NoError(t, err)
	require.Empty(t, f.Do().Ended)
	require.EqualValues(t, 5, f.Enter().Number)
	require.NoError(t, f.Release(ctx, other, f.Epoch, 1))
	require.NoError(t, f.Leave(ctx, other, p.Epoch, 2))
	require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, f.States(1, 2))
}
