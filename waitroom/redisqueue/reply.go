package redisqueue

import (
	"fmt"
	"time"

	"github.com/redis/rueidis"
)

// reply reads the values that a script returned, one after the other. The first failure is kept, and checked once, at the end.
type reply struct {
	values []rueidis.RedisMessage
	next   int
	err    error
}

func (r *reply) take() *rueidis.RedisMessage {
	if r.next >= len(r.values) {
		if r.err == nil {
			r.err = fmt.Errorf("the script returned %d values, value %d was wanted", len(r.values), r.next+1)
		}
		return nil
	}
	r.next++
	return &r.values[r.next-1]
}

func read[T any](r *reply, parse func(*rueidis.RedisMessage) (T, error)) (value T) {
	message := r.take()
	if message == nil {
		return value
	}
	value, err := parse(message)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("value %d of the script: %w", r.next, err)
	}
	return value
}

func (r *reply) text() string    { return read(r, (*rueidis.RedisMessage).ToString) }
func (r *reply) number() int64   { return read(r, (*rueidis.RedisMessage).AsInt64) }
func (r *reply) texts() []string { return read(r, (*rueidis.RedisMessage).AsStrSlice) }

// moment reads milliseconds since 1970; 0 is the zero time.
func (r *reply) moment() time.Time {
	if ms := r.number(); ms != 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}
