package main

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// tripCounter stands before PostgreSQL and counts what waits for an answer: a Sync or a simple Query of the protocol
// (https://www.postgresql.org/docs/current/protocol-message-formats.html).
type tripCounter struct {
	trips atomic.Int64
	mu    sync.Mutex
	texts []string // of the statements
}

// through listens before the database at the address and returns the address of it.
func (c *tripCounter) through(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	require.NoError(t, err)
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var relays sync.WaitGroup
	t.Cleanup(func() { stop(); _ = l.Close(); relays.Wait() })
	relays.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			relays.Go(func() { c.relay(ctx, client, server) })
		}
	})
	u.Host = l.Addr().String()
	return u.String()
}

func (c *tripCounter) relay(ctx context.Context, client net.Conn, server string) {
	upstream, err := net.Dial("tcp", server)
	if err != nil {
		_ = client.Close()
		return
	}
	closeBoth := func() { _, _ = client.Close(), upstream.Close() }
	defer context.AfterFunc(ctx, closeBoth)()
	var answers sync.WaitGroup
	answers.Go(func() { _, _ = io.Copy(client, upstream); closeBoth() })
	c.forward(upstream, client)
	closeBoth()
	answers.Wait()
}

// forward passes the client's messages on: the first has no type, the others begin with one and their length.
func (c *tripCounter) forward(upstream io.Writer, client io.Reader) {
	for first := true; ; first = false {
		head := make([]byte, 5)
		if first {
			head = head[:4]
		}
		if _, err := io.ReadFull(client, head); err != nil {
			return
		}
		rest := make([]byte, binary.BigEndian.Uint32(head[len(head)-4:])-4)
		if _, err := io.ReadFull(client, rest); err != nil {
			return
		}
		if !first {
			c.count(head[0], rest)
		}
		if _, err := upstream.Write(append(head, rest...)); err != nil {
			return
		}
	}
}

func (c *tripCounter) count(kind byte, rest []byte) {
	switch kind {
	case 'P': // Parse: a name and a text, each ended by a zero
		if parts := strings.Split(string(rest), "\x00"); len(parts) > 1 {
			c.mu.Lock()
			c.texts = append(c.texts, parts[1])
			c.mu.Unlock()
		}
	case 'S', 'Q':
		c.trips.Add(1)
	}
}

// during counts the round trips that a step takes, and names its statements.
func (c *tripCounter) during(step func()) (trips int64, texts []string) {
	before := c.trips.Load()
	c.mu.Lock()
	c.texts = nil
	c.mu.Unlock()
	step()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trips.Load() - before, c.texts
}

// TestTheRoundTripsOfASale counts those of each step once the connections know their statements. The simulator, which is the provider's side, has connections
// of its own.
func TestTheRoundTripsOfASale(t *testing.T) {
	t.Parallel()
	counter := &tripCounter{}
	s := newSystem(t, change{settings: func(set *settings) {
		set.database, set.pool = counter.through(t, set.database), 2 // two connections soon know all
	}})
	b := s.guest()
	buy := func(seat int64, step func(name string, work func())) {
		var hold booking.Hold
		var order booking.Order
		step("hold", func() { hold = b.hold(seat) })
		step("order", func() { order = b.place(hold) })
		step("pay", func() { b.settled(order, "pay-"+hold.ID) })
		step("read the order", func() { b.do("GET", "/api/v1/orders/"+order.ID, "").want(200) })
	}
	// What runs beside (health, the catalogue's second, describing a statement once a connection) is not of the sale: the fewest of some sales are its own.
	fewest := map[string]int64{}
	s.exec(`UPDATE shows SET max_per_buyer = 60`)
	for i, seat := range s.small {
		if i >= 6 && fewest["hold"] == 1 && fewest["order"] == 1 && fewest["read the order"] == 1 {
			break
		}
		buy(seat, func(name string, work func()) {
			trips, texts := counter.during(work)
			if least, seen := fewest[name]; !seen || trips < least {
				fewest[name] = trips
				t.Logf("%s: %d round trips: %q", name, trips, texts)
			}
		})
	}
	require.EqualValues(t, 1, fewest["hold"])
	require.EqualValues(t, 1, fewest["order"])
	require.EqualValues(t, 1, fewest["read the order"])
	require.Positive(t, fewest["pay"], "the counter sees what it is to count")
}
