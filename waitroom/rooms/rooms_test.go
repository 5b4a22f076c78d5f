package rooms

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

func TestMain(m *testing.M) { testenv.VerifyNoLeaks(m) }

// deadline is for a machine that does much else; nothing is concluded from how long it took.
const deadline = 2 * time.Minute

// cut is a line whose calls can be made to fail, one kind by one.
type cut struct {
	waitroom.Line
	tick, hear, crowd atomic.Bool
	heard, failed     atomic.Int64 // calls of Hear
}

var errCut = errors.New("cut")

func (c *cut) Tick(ctx context.Context, room string, since time.Time) (waitroom.Snapshot, []waitroom.Revocation, error) {
	if c.tick.Load() {
		return waitroom.Snapshot{}, nil, errCut
	}
	return c.Line.Tick(ctx, room, since)
}

func (c *cut) Hear(ctx context.Context, room string, turn waitroom.Turn, heard []waitroom.Chunk) error {
	if c.hear.Load() {
		c.failed.Add(1)
		return errCut
	}
	c.heard.Add(1)
	return c.Line.Hear(ctx, room, turn, heard)
}

func (c *cut) Crowd(ctx context.Context, room string, turn waitroom.Turn) (*waitroom.Crowd, error) {
	if c.crowd.Load() {
		return nil, errCut
	}
	return c.Line.Crowd(ctx, room, turn)
}

// live starts a gateway's view of a line with one room in hold.
func live(t *testing.T) (*cut, *Rooms) {
	t.Helper()
	line := &cut{Line: queuetest.NewModel(time.Now)}
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.GhostSeconds = waitroom.ModeHold, 3600 // nobody falls silent while a test waits
	_, err := line.Create(t.Context(), "arena", policy)
	require.NoError(t, err)
	rooms := New(line, slog.New(slog.DiscardHandler))
	start(t, rooms)
	return line, rooms
}

func start(t *testing.T, rooms *Rooms) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- rooms.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-stopped:
			assert.NoError(t, err)
		case <-time.After(deadline):
			t.Error("the rooms do not stop")
		}
	})
	require.True(t, testenv.Eventually(func() bool { return rooms.Ready(t.Context()) == nil }))
}

func find(t *testing.T, rooms *Rooms) waitroom.Room {
	t.Helper()
	room, err := rooms.Find([]byte("arena"))
	require.NoError(t, err)
	return room
}

// until waits for the view to be as wanted.
func until(t *testing.T, room waitroom.Room, want func(*waitroom.View) bool, why ...any) {
	t.Helper()
	require.True(t, testenv.Eventually(func() bool { return want(room.View()) }), why...)
}

func join(t *testing.T, line waitroom.Line) waitroom.Place {
	t.Helper()
	place, err := line.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)
	return place
}

func TestTheCrowdFollowsTheLine(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	_, err := rooms.Find([]byte("nowhere"))
	require.ErrorIs(t, err, waitroom.ErrRoomUnknown)
	room := find(t, rooms)
	require.NotNil(t, room.View().Crowd, "no view without a crowd")
	place := join(t, line)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Upto == 2 && v.Crowd.Count() == 2 })
	require.NoError(t, line.Leave(t.Context(), "arena", place.Epoch, 1))
	until(t, room, func(v *waitroom.View) bool { return v.Waiting() == 1 })
	_, ahead, waiting := room.View().Locate(2)
	assert.True(t, waiting)
	assert.Zero(t, ahead)
}

func TestHeartbeatsReachTheLineAfterItsReturn(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	room := find(t, rooms)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Count() == 1 })
	line.hear.Store(true)
	room.Hear(room.View().Turn(), 1)
	require.True(t, testenv.Eventually(func() bool { return line.failed.Load() > 0 }))
	require.Zero(t, line.heard.Load())
	line.hear.Store(false)
	require.True(t, testenv.Eventually(func() bool { return line.heard.Load() > 0 }))
}

func TestAResetBringsItsOwnCrowd(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	room := find(t, rooms)
	join(t, line)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Count() == 2 })
	before := room.View()
	_, err := line.Reset(t.Context(), "arena")
	require.NoError(t, err)
	until(t, room, func(v *waitroom.View) bool { return v.Epoch > before.Epoch })
	assert.Zero(t, room.View().Crowd.Upto, "ranks of before mean other people")
	// Heartbeats of before are of no use, and do no harm.
	room.Hear(before.Turn(), 1)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Count() == 1 })
}

func TestAFailedReadingKeepsTheCrowd(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	room := find(t, rooms)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Count() == 1 })
	line.crowd.Store(true)
	join(t, line)
	until(t, room, func(v *waitroom.View) bool { return v.Issued == 2 })
	assert.Positive(t, room.View().Crowd.Count())
	assert.EqualValues(t, 2, room.View().Waiting(), "who came since is taken for present")
	line.crowd.Store(false)
	until(t, room, func(v *waitroom.View) bool { return v.Crowd.Count() == 2 })
}

func TestNoRoomWithoutACrowd(t *testing.T) {
	t.Parallel()
	line, _ := live(t)
	line.crowd.Store(true)
	late := New(line, slog.New(slog.DiscardHandler))
	t.Cleanup(late.wg.Wait) // the test's context has ended by then
	late.discover(t.Context())
	_, err := late.Find([]byte("arena"))
	require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
	line.crowd.Store(false)
	one := (*late.known.Load())["arena"]
	require.True(t, testenv.Eventually(func() bool { return one.view.Load() != nil }))
}

func TestAnOutageMakesTheViewStaleAndItsEndRenewsIt(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	room := find(t, rooms)
	line.tick.Store(true)
	until(t, room, func(v *waitroom.View) bool { // a tick that was under way may renew it once more
		err := rooms.Ready(t.Context())
		return v.Stale(time.Now()) && err != nil && strings.Contains(err.Error(), "the view of room arena")
	})
	line.tick.Store(false)
	until(t, room, func(v *waitroom.View) bool { return !v.Stale(time.Now()) })
}

func TestAnEndedPassIsRevokedOnEveryGateway(t *testing.T) {
	t.Parallel()
	line, rooms := live(t)
	other := New(line, slog.New(slog.DiscardHandler))
	start(t, other)
	open := waitroom.ModeOpen
	_, err := line.Change(t.Context(), "arena", waitroom.PolicyChange{Mode: &open})
	require.NoError(t, err)
	place := join(t, line)
	require.Equal(t, waitroom.Admitted, place.State)
	require.NoError(t, line.Evict(t.Context(), "arena", place.Epoch, place.Number))
	for _, gateway := range []*Rooms{rooms, other} {
		room := find(t, gateway)
		require.True(t, testenv.Eventually(func() bool { return room.Revoked(place.Epoch, place.Number) }))
	}
	late := New(line, slog.New(slog.DiscardHandler))
	start(t, late)
	assert.True(t, find(t, late).Revoked(place.Epoch, place.Number), "a gateway knows all that were ended before it is ready")
}
