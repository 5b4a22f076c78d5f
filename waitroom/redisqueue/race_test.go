package redisqueue_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

const raceCap = 10

// TestLimitsUnderConcurrentTicks: four admit at once, again and again, through two gateways; the cap holds each time, and is used.
func TestLimitsUnderConcurrentTicks(t *testing.T) {
	t.Parallel()
	gateways := gatewaysByRedisClock(t, 2, func(p *waitroom.Policy) {
		p.Mode, p.RatePerMinute, p.MaxActive = waitroom.ModeQueue, 6_000_000, raceCap
	})
	_, err := gateways[0].JoinMany(t.Context(), queuetest.Room, 5000)
	require.NoError(t, err)
	s, _, err := gateways[0].Tick(t.Context(), queuetest.Room, time.Now())
	require.NoError(t, err)
	released := int64(0)
	most := mostAdmitted(t, func(client int) error {
		_, _, err := gateways[client%2].Tick(t.Context(), queuetest.Room, time.Now())
		return err
	}, func() (active int64) {
		for number := released + 1; number <= released+4*raceCap; number++ {
			p, err := gateways[1].Look(t.Context(), queuetest.Room, s.Epoch, number)
			require.NoError(t, err)
			if p.State == waitroom.Admitted {
				active++
				require.Equal(t, released+active, number, "the lowest numbers and no others")
				require.NoError(t, gateways[0].Release(t.Context(), queuetest.Room, s.Epoch, number))
			}
		}
		require.EqualValues(t, raceCap, active, "never more, and not fewer")
		released += active
		return active
	})
	require.EqualValues(t, raceCap, most)
}

// TestLimitsControl shows that the check above finds an admission that reads and then writes.
func TestLimitsControl(t *testing.T) {
	t.Parallel()
	l := newBrokenLine(t)
	args := []string{}
	for number := range 5000 {
		args = append(args, strconv.Itoa(number), strconv.Itoa(number))
	}
	_, err := l.number(0, "ZADD", "waiting", args...)
	require.NoError(t, err)
	most := mostAdmitted(t, func(client int) error {
		active, err := l.number(client, "SCARD", "active")
		c := l.clients[client]
		for ; err == nil && active < raceCap; active++ {
			next, popErr := c.Do(t.Context(), c.B().Zpopmin().Key(l.prefix+":waiting").Build()).AsZScore()
			if popErr != nil {
				return popErr
			}
			_, err = l.number(client, "SADD", "active", next.Member)
		}
		return err
	}, func() int64 {
		active, err := l.number(0, "SCARD", "active")
		require.NoError(t, err)
		_, err = l.number(0, "DEL", "active")
		require.NoError(t, err)
		return active
	})
	require.Greater(t, most, int64(raceCap), "the broken admission must be found out")
}

const rounds = 100

// mostAdmitted lets four admit, again and again and each time at once, and returns the most sessions that were ever active. count counts
// them and ends them, so that there is room for more.
func mostAdmitted(t *testing.T, admit func(client int) error, count func() int64) (most int64) {
	t.Helper()
	for range rounds {
		var failures [4]error
		var all sync.WaitGroup
		for client := range failures {
			all.Go(func() { failures[client] = admit(client) })
		}
		all.Wait()
		require.NoError(t, errors.Join(failures[:]...))
		most = max(most, count())
	}
	return most
}

// TestLastSlot: two who join at the same moment through two gateways, one slot free: one is in, the other waits, in the order of their numbers.
func TestLastSlot(t *testing.T) {
	t.Parallel()
	gateways := gatewaysByRedisClock(t, 2, func(p *waitroom.Policy) {
		p.Mode, p.RatePerMinute, p.MaxActive = waitroom.ModeOpen, 6_000_000, 1
	})
	for range 200 {
		var places [2]waitroom.Place
		var failures [2]error
		start := make(chan struct{})
		var both sync.WaitGroup
		for i, q := range gateways {
			both.Go(func() {
				<-start
				places[i], failures[i] = q.Join(t.Context(), queuetest.Room, waitroom.Entrant{})
			})
		}
		close(start)
		both.Wait()
		require.NoError(t, failures[0])
		require.NoError(t, failures[1])
		first, second := places[0], places[1]
		if first.Number > second.Number {
			first, second = second, first
		}
		require.Equal(t, []waitroom.State{waitroom.Admitted, waitroom.Waiting}, []waitroom.State{first.State, second.State})
		require.NoError(t, gateways[0].Leave(t.Context(), queuetest.Room, second.Epoch, second.Number))
		require.NoError(t, gateways[1].Release(t.Context(), queuetest.Room, first.Epoch, first.Number))
	}
}
