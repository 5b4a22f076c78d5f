package redisqueue

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/rueidis"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// Durability is what a place must have survived before it is acknowledged. The zero value asks for nothing that Redis does not do by
// itself. The price is shared by all joins of a batch.
type Durability struct {
	// Fsync says that Redis writes its log to disk before it answers (appendonly yes, appendfsync always). It is Redis that does so;
	// while it is set up otherwise, Ping fails.
	Fsync bool
	// Replicas is how many replicas must have a join or an admission before anybody is told of it (WAIT), 0 to 10.
	Replicas int
	// Timeout bounds the waiting for them; DefaultTimeout/2 when zero. After it the outcome counts as unknown.
	Timeout time.Duration
}

// exec runs a script and then waits. WAIT speaks of the writes of its own connection: the two go together, over one.
func (d Durability) exec(ctx context.Context, client rueidis.Client, s *script, key string, args []string) (*reply, error) {
	patience := d.Timeout
	if patience == 0 {
		patience = DefaultTimeout / 2
	}
	wait := client.B().Wait().Numreplicas(int64(d.Replicas)).Timeout(patience.Milliseconds()).Build()
	results := s.exec(ctx, client, key, args, wait)
	r, err := read1(results[0])
	if err != nil {
		return nil, err
	}
	have, err := results[1].AsInt64()
	if err != nil {
		return nil, judged(err)
	}
	if have < int64(d.Replicas) {
		return nil, unavailable(fmt.Errorf("%w: %d of %d", errReplicas, have, d.Replicas))
	}
	return r, nil
}

// check fails while Redis is not set up as declared.
func (d Durability) check(ctx context.Context, client rueidis.Client) error {
	if !d.Fsync {
		return nil
	}
	for _, setting := range [][2]string{{"appendonly", "yes"}, {"appendfsync", "always"}} {
		name, want := setting[0], setting[1]
		got, err := client.Do(ctx, client.B().ConfigGet().Parameter(name).Build()).AsStrMap()
		if err != nil {
			return judged(err)
		}
		if got[name] != want {
			return fault.New(fault.Unavailable, waitroom.ErrLineUnavailable.Type, "Redis has %s %s, but the durability that is declared needs %s.", name, got[name], want)
		}
	}
	return nil
}
