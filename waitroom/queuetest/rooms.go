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
	q, ctx := open(t, NewClock()), t.Context()
	for _, room := range []string{"nowhere", "", "UPPER", "a}b", "a b"} {
		_, join := q.Join(ctx, room)
		_, status := q.Status(ctx, room, 1, 1)
		_, _, tick := q.Tick(ctx, room, time.Time{})
		_, change := q.Change(ctx, room, waitroom.PolicyChange{})
		for _, err := range []error{
			join, status, q.Leave(ctx, room, 1, 1), q.Release(ctx, room, 1, 1), q.Touch(ctx, room, 1, []int64{1}), tick, change,
		} {
			require.ErrorIs(t, err, waitroom.ErrRoomUnknown, "room %q", room)
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
	after := f.Set(waitroom.PolicyChange{Message: &message, RatePerMinute: ptr(7)})
	want := before.Policy
	want.Message, want.RatePerMinute = message, 7
	require.Equal(t, want, after.Policy)
	require.Equal(t, before.Version+1, after.Version)
	require.Equal(t, before.Epoch, after.Epoch)
	require.EqualValues(t, 3, after.Issued)

	_, err = f.Change(ctx, Room, waitroom.PolicyChange{MaxActive: ptr(0)})
	require.Equal(t, "max_active", fault.From(err).Fields[0].Name)
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
	f.Set(waitroom.PolicyChange{Version: &version, MaxActive: ptr(5)})
	_, err := f.Change(t.Context(), Room, waitroom.PolicyChange{Version: &version, MaxActive: ptr(6)})
	require.ErrorIs(t, err, waitroom.ErrRoomChanged)

	// Of changes made at the same time on the same knowledge exactly one is taken; those that name no version all are,
	// and none undoes another.
	version++
	var named, unnamed [4]error
	var all sync.WaitGroup
	for i := range named {
		all.Go(func() {
			_, named[i] = f.Change(t.Context(), Room, waitroom.PolicyChange{Version: &version, GhostSeconds: ptr(60)})
		})
	}
	all.Wait()
	changes := []waitroom.PolicyChange{{MaxActive: ptr(8)}, {RatePerMinute: ptr(9)}, {PollMinMS: ptr(500)}, {SessionIdleSeconds: ptr(50)}}
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

func ptr(v int64) *int64 { return &v }
