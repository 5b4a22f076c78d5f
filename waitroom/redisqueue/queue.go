// Package redisqueue is the line of a waiting room in Redis: every transition is one Lua script, so any number of gateways may
// call it at once.
package redisqueue

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/rueidis"

	"anteroom/waitroom"
)

// DefaultTimeout bounds every call that has no earlier deadline of its own.
const DefaultTimeout = time.Second

// Queue implements waitroom.Queue. It keeps nothing in memory and is safe for concurrent use.
type Queue struct {
	client  rueidis.Client
	prefix  string
	timeout time.Duration
	clock   func() time.Time // nil: the clock of Redis
}

var _ waitroom.Queue = (*Queue)(nil)

// Option changes a Queue while it is made.
type Option func(*Queue)

// WithTimeout bounds every call by d instead of DefaultTimeout.
func WithTimeout(d time.Duration) Option { return func(q *Queue) { q.timeout = d } }

// WithClock makes the scripts believe in this clock instead of that of Redis. It is for tests: gateways' clocks differ.
func WithClock(now func() time.Time) Option { return func(q *Queue) { q.clock = now } }

// New makes a Queue on a client (see Dial), whose keys all begin with the prefix. The caller closes the client.
func New(client rueidis.Client, prefix string, options ...Option) *Queue {
	q := &Queue{client: client, prefix: prefix, timeout: DefaultTimeout}
	for _, option := range options {
		option(q)
	}
	return q
}

// Ping fails with "line-unavailable" while Redis does not answer.
func (q *Queue) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	return judged(q.client.Do(ctx, q.client.B().Ping().Build()).Error())
}

// now is the first argument of every script.
func (q *Queue) now() string {
	if q.clock == nil {
		return "0"
	}
	return decimal(q.clock().UnixMilli())
}

// run executes a transition and returns what it says, after its verdict was found to be "ok".
func (q *Queue) run(ctx context.Context, script *rueidis.Lua, room string, args ...string) (*reply, error) {
	if !waitroom.ValidRoom(room) {
		return nil, waitroom.ErrRoomUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	values, err := script.Exec(ctx, q.client, q.keys(room), append([]string{q.now()}, args...)).ToArray()
	if err != nil {
		return nil, judged(err)
	}
	r := &reply{values: values}
	if err := verdict(r.text()); err != nil {
		return nil, err
	}
	return r, nil
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
