package redisqueue

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// failover kills the primary in the middle of a storm, when at least 500 acknowledged joins have not reached the replica, promotes that, and
// lets the storm go on. It returns the journal, and the highest number that the replica knew of.
func failover(t *testing.T, pair *redistest.Pair, queues []*Queue) (journal []queuetest.Joined, known int64) {
	t.Helper()
	s := begin(t, 16, queues...)
	s.awaitMore(500)
	pair.Lag()
	s.awaitMore(500)
	pair.Primary.Kill()
	known = issued(t, pair.Replica)
	pair.Promote()
	s.awaitMore(1000)
	return s.end(), known
}

// issued reads a server's counter as it is.
func issued(t *testing.T, server *redistest.Server) int64 {
	t.Helper()
	text, err := server.Do("HGET", "wr:{arena}:room", "issued")
	require.NoError(t, err)
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// TestPrimaryKilledInAStorm: the promoted replica has lost joins that were acknowledged. Their tickets are good all the same, no number is
// given twice, and all are admitted in the order in which they came, before and after.
func TestPrimaryKilledInAStorm(t *testing.T) {
	t.Parallel()
	pair := redistest.StartPair(t)
	queues := gateways(t, 3, pair.URL())
	room := create(t, queues[0], "arena", gathering())
	journal, known := failover(t, pair, queues)
	lost := 0
	for _, j := range journal {
		if j.Number > known && j.Number < DefaultMargin {
			lost++
		}
	}
	require.GreaterOrEqual(t, lost, 500, "nothing was lost, so this shows nothing")
	require.Zero(t, duplicates(journal))
	requireServedInOrder(t, queues[1], room.Epoch, journal)
}

// TestPrimaryKilledWithoutTheJump is the control: numbers are given twice.
func TestPrimaryKilledWithoutTheJump(t *testing.T) {
	t.Parallel()
	pair := redistest.StartPair(t)
	queues := gateways(t, 3, pair.URL(), WithMargin(0))
	create(t, queues[0], "arena", gathering())
	journal, _ := failover(t, pair, queues)
	require.Positive(t, duplicates(journal))
	require.Error(t, queuetest.CheckFIFO(journal))
}

// TestSessionsLostInAFailover: the promoted replica does not know of five of ten admitted. While it admits no one, those are told again by the
// gateways that see them, and the cap holds. The control tells nothing: five more are admitted, and fifteen have a pass.
func TestSessionsLostInAFailover(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"told again": true, "control": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := redistest.StartPair(t)
			// The test moves the line's clock, by its ticks alone: what is to be done in a time is done in it, however slow the machine is.
			begun, steps := time.Now(), atomic.Int64{}
			clock := func() time.Time { return begun.Add(time.Duration(steps.Load()) * 100 * time.Millisecond) }
			q := gateways(t, 1, pair.URL(), WithClock(clock))[0]
			tick := func() waitroom.Snapshot {
				steps.Add(1)
				return persist(t, "a tick", func() (waitroom.Snapshot, error) {
					s, _, err := q.Tick(t.Context(), "arena", time.Now())
					return s, err
				})
			}
			const slots, lost = 10, 5
			room := create(t, q, "arena", gathering(func(p *waitroom.Policy) { p.Mode, p.MaxActive = waitroom.ModeQueue, slots }))
			before := patient(t, pair.Primary.URL(), WithClock(clock)) // who joins is to join once
			admit := func(people, active int64) {
				_, err := before.JoinMany(t.Context(), "arena", people)
				require.NoError(t, err)
				require.True(t, testenv.Eventually(func() bool { return tick().Active == active }))
			}
			admit(slots-lost, slots-lost)
			pair.Lag()
			admit(2*slots, slots)
			sessions := make([]waitroom.Session, slots)
			for i := range sessions {
				p, err := look(t, q, room.Epoch, int64(i+1))
				require.NoError(t, err)
				require.Equal(t, waitroom.Admitted, p.State)
				sessions[i] = waitroom.Session{Number: p.Number, AdmittedAt: p.AdmittedAt}
			}
			pair.Primary.Kill()
			pair.Promote()

			moved := tick()
			require.EqualValues(t, slots-lost, moved.Active, "nothing was lost, so this shows nothing")
			for number := int64(slots + 1); number <= 3*slots-lost; number++ { // who waits asks again
				p, err := look(t, q, room.Epoch, number)
				require.NoError(t, err)
				require.Equal(t, waitroom.Waiting, p.State)
			}
			if !told {
				var s waitroom.Snapshot
				require.True(t, testenv.Eventually(func() bool {
					s = tick()
					return s.AdmittedTotal >= moved.AdmittedTotal+lost
				}))
				require.EqualValues(t, slots+lost, s.Serving, "the line is five further, and the first ten still have their passes")
				require.GreaterOrEqual(t, s.AsOf.Sub(moved.AsOf), 2*time.Second, "admissions pause after a failover")
				return
			}
			// Passes of lost sessions can be given back and taken away like others.
			obey(t, "releasing", func() error { return q.Release(t.Context(), "arena", room.Epoch, 8) })
			obey(t, "evicting", func() error { return q.Evict(t.Context(), "arena", room.Epoch, 9) })
			obey(t, "touching", func() error { return q.Touch(t.Context(), "arena", room.Epoch, sessions) })
			var s waitroom.Snapshot
			revoked := persist(t, "asking for revocations", func() (revoked []waitroom.Revocation, err error) {
				s, revoked, err = q.Tick(t.Context(), "arena", time.Time{})
				return revoked, err
			})
			require.EqualValues(t, slots-2, s.Active)
			require.ElementsMatch(t, []waitroom.Revocation{{Epoch: room.Epoch, Number: 8}, {Epoch: room.Epoch, Number: 9}}, revoked)
			require.True(t, testenv.Eventually(func() bool { return tick().Serving == slots+2 }), "their slots go to who is next")
			require.EqualValues(t, slots, tick().Active)
			require.True(t, testenv.Eventually(func() bool {
				s := tick()
				require.EqualValues(t, slots, s.Active, "never more than the cap, nor fewer")
				return s.AsOf.Sub(moved.AsOf) > 3*time.Second
			}))
			obey(t, "releasing", func() error { return q.Release(t.Context(), "arena", room.Epoch, 3) })
			require.True(t, testenv.Eventually(func() bool { return tick().Serving > slots+2 }), "the line goes on")
			s = tick()
			require.EqualValues(t, slots+3, s.Serving, "with who is next")
			require.EqualValues(t, slots, s.Active)
		})
	}
}
