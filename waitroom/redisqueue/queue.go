// Package redisqueue is the line of a waiting room in Redis: every transition is one Lua script, so any number of gateways may
// call it at once.
package redisqueue

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/rueidis"

	"anteroom/waitroom"
)

// DefaultTimeout bounds every call that has no earlier deadline of its own.
const DefaultTimeout = time.Second

// DefaultMargin is how far the numbers jump when another Redis process serves the line than before.
const DefaultMargin = waitroom.FailoverGap

// Queue implements waitroom.Line. It is safe for concurrent use.
type Queue struct {
	client     rueidis.Client
	prefix     string
	timeout    time.Duration
	margin     int64
	durability Durability
	batches    func(room string, joins int64) // may be nil
	clock      func() time.Time               // nil: the clock of Redis

	commits sync.Map // room → *committer
	turns   sync.Map // room → *turn
	heights sync.Map // room → *atomic.Pointer[height]
}

var _ waitroom.Line = (*Queue)(nil)

// Option changes a Queue while it is made.
type Option func(*Queue)

// WithTimeout bounds every call by d instead of DefaultTimeout.
func WithTimeout(d time.Duration) Option { return func(q *Queue) { q.timeout = d } }

// WithClock makes the scripts believe in this clock instead of that of Redis. It is for tests: gateways' clocks differ.
func WithClock(now func() time.Time) Option { return func(q *Queue) { q.clock = now } }

// WithMargin is for tests: what a failover has lost may be given again when the margin is too small.
func WithMargin(n int64) Option { return func(q *Queue) { q.margin = n } }

// WithDurability declares what a place must have survived before it is acknowledged.
func WithDurability(d Durability) Option { return func(q *Queue) { q.durability = d } }

// WithBatches tells how many joins each call took along. The function must return at once, and be safe for concurrent use.
func WithBatches(tell func(room string, joins int64)) Option {
	return func(q *Queue) { q.batches = tell }
}

// New makes a Queue on a client (see Dial), whose keys all begin with the prefix. The caller closes the client.
func New(client rueidis.Client, prefix string, options ...Option) *Queue {
	q := &Queue{client: client, prefix: prefix, timeout: DefaultTimeout, margin: DefaultMargin}
	for _, option := range options {
		option(q)
	}
	return q
}

// Ping fails with "line-unavailable" while Redis does not answer, or does not keep what the durability declares.
func (q *Queue) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	if err := q.client.Do(ctx, q.client.B().Ping().Build()).Error(); err != nil {
		return judged(err)
	}
	return q.durability.check(ctx, q.client)
}

// now is the first argument of every script.
func (q *Queue) now() string {
	if q.clock == nil {
		return "0"
	}
	return decimal(q.clock().UnixMilli())
}

// run executes a transition and returns what it says, after its verdict was found to be "ok".
func (q *Queue) run(ctx context.Context, s *script, room string, args ...string) (*reply, error) {
	if !waitroom.ValidRoom(room) {
		return nil, waitroom.ErrRoomUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	return read1(s.exec(ctx, q.client, q.roomKey(room), q.args(room, args))[0])
}

// runSafely is run for a transition that somebody is told of: it returns only when the outcome is as durable as was declared.
func (q *Queue) runSafely(ctx context.Context, s *script, room string, args ...string) (*reply, error) {
	if q.durability.Replicas == 0 {
		return q.run(ctx, s, room, args...)
	}
	if !waitroom.ValidRoom(room) {
		return nil, waitroom.ErrRoomUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	return q.durability.exec(ctx, q.client, s, q.roomKey(room), q.args(room, args))
}

func (q *Queue) args(room string, rest []string) []string {
	return append([]string{q.now(), q.jump(room)}, rest...)
}

// read1 reads the answer of a script.
func read1(result rueidis.RedisResult) (*reply, error) {
	values, err := result.ToArray()
	if err != nil {
		return nil, judged(err)
	}
	r := &reply{values: values}
	if err := verdict(r); err != nil {
		return nil, err
	}
	return r, nil
}

// byRank runs a transition whose first arguments are epoch, gen, rank and number. When the order of ranks turns out to be another
// one than was known here, it is read and the call is made once more: it has done nothing.
func (q *Queue) byRank(ctx context.Context, s *script, room string, epoch, number int64, rest ...string) (*reply, int64, error) {
	for attempt := 0; ; attempt++ {
		turn := q.turn(room)
		gen, rank := turn.place(epoch, number)
		args := append([]string{decimal(epoch), decimal(gen), decimal(rank), decimal(number)}, rest...)
		r, err := q.runSafely(ctx, s, room, args...)
		if !errors.Is(err, errTurn) || attempt > 0 {
			return r, rank, err
		}
		if err := q.learnTurn(ctx, room); err != nil {
			return nil, 0, err
		}
	}
}
