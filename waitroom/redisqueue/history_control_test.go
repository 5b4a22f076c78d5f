package redisqueue_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom/queuetest"
)

// Three lines on a real Redis, each broken in a way in which lines are. The check of the history must find out each; it is the same check.

// brokenLine is one Redis as several gateways see it, each by its own client.
type brokenLine struct {
	t       *testing.T
	clients []rueidis.Client
	prefix  string
}

func newBrokenLine(t *testing.T) *brokenLine {
	t.Helper()
	env := testenv.Redis(t)
	l := &brokenLine{t: t, prefix: env.Prefix, clients: make([]rueidis.Client, 4)}
	for i := range l.clients {
		l.clients[i] = dial(t, env.URL)
	}
	return l
}

// visitors are clients who go from gateway to gateway, each join at the next one.
type visitors [32]int

// next is the gateway where a client joins now.
func (v *visitors) next(client, gateways int) int {
	v[client]++ // by one join at a time
	return (client + v[client]) % gateways
}

// number runs a command through a gateway and returns the number it answers, 0 for nil.
func (l *brokenLine) number(gateway int, command string, key string, args ...string) (int64, error) {
	c := l.clients[gateway%len(l.clients)]
	n, err := c.Do(l.t.Context(), c.B().Arbitrary(command).Keys(l.prefix+":"+key).Args(args...).Build()).AsInt64()
	if rueidis.IsRedisNil(err) {
		return 0, nil
	}
	return n, err
}

// TestHistoryControlBatches: gateways fetch numbers by the hundred and hand them out as people come. Who joins at the other gateway gets a
// number from another hundred. It cannot go well by chance: for the numbers of one client to rise all the time, each gateway would have to fetch a
// new hundred between two of its visits, three times as often in all as there are hundreds.
func TestHistoryControlBatches(t *testing.T) {
	t.Parallel()
	l := newBrokenLine(t)
	type stock struct {
		sync.Mutex
		next, last int64
	}
	stocks := make([]stock, len(l.clients))
	var on visitors
	journal, err := queuetest.Storm(5000, len(on), func(client int) (int64, error) {
		gateway := on.next(client, len(stocks))
		s := &stocks[gateway]
		s.Lock()
		defer s.Unlock()
		if s.next == s.last {
			last, err := l.number(gateway, "INCRBY", "issued", "100")
			if err != nil {
				return 0, err
			}
			s.next, s.last = last-100, last
		}
		s.next++
		return s.next, nil
	})
	require.NoError(t, err)
	requireFoundOut(t, journal)
}

// TestHistoryControlClocks: the place is the time of joining by the gateway's own clock, and one clock is a minute slow: who goes
// on to that gateway sooner has a place before the one of just before.
func TestHistoryControlClocks(t *testing.T) {
	t.Parallel()
	l := newBrokenLine(t)
	skew := []time.Duration{0, -time.Minute, 0, 0}
	var on visitors
	journal, err := queuetest.Storm(5000, len(on), func(client int) (int64, error) {
		gateway := on.next(client, len(skew))
		at := time.Now().Add(skew[gateway]).UnixMicro()
		id, err := l.number(gateway, "INCR", "ids")
		if err != nil {
			return 0, err
		}
		_, err = l.number(gateway, "ZADD", "line", strconv.FormatInt(at, 10), strconv.FormatInt(id, 10))
		return id, err
	})
	require.NoError(t, err)

	// The numbers were given by Redis and are in order; those who were admitted by the clocks' order are not.
	require.NoError(t, queuetest.CheckFIFO(journal))
	c := l.clients[0]
	order, err := c.Do(t.Context(), c.B().Zrange().Key(l.prefix+":line").Min("0").Max("-1").Build()).AsIntSlice()
	require.NoError(t, err)
	for i := range journal {
		journal[i].Admitted = int64(slices.Index(order, journal[i].Number))
	}
	requireFoundOut(t, journal)
}

// TestHistoryControlReadThenWrite: a join reads the counter, and then writes it. The first two have both read before either writes.
func TestHistoryControlReadThenWrite(t *testing.T) {
	t.Parallel()
	l := newBrokenLine(t)
	var (
		readers atomic.Int64
		first   sync.WaitGroup
	)
	first.Add(2)
	journal, err := queuetest.Storm(5000, 32, func(client int) (int64, error) {
		issued, err := l.number(client, "GET", "issued")
		if readers.Add(1) <= 2 {
			first.Done()
			first.Wait()
		}
		if err != nil {
			return 0, err
		}
		c := l.clients[client%len(l.clients)]
		return issued + 1, c.Do(context.Background(), c.B().Set().Key(l.prefix+":issued").Value(fmt.Sprint(issued+1)).Build()).Error()
	})
	require.NoError(t, err)
	requireFoundOut(t, journal)
}

func requireFoundOut(t *testing.T, journal []queuetest.Joined) {
	t.Helper()
	err := queuetest.CheckFIFO(journal)
	require.Error(t, err, "the broken line must be found out")
	t.Logf("found out: %v", err)
}
