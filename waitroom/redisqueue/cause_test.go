package redisqueue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestRedisLoads: while Redis, restarted, still reads its log, operations say so; afterwards the line goes on.
func TestRedisLoads(t *testing.T) {
	t.Parallel()
	// Redis' own means for such tests: it pauses for so many µs before each command of its log, here until somebody has seen that it loads.
	r := newRefuser(t, enough, append([]string{"--key-load-delay", "1000"}, redistest.Durable...)...)
	client := connect(t, testenv.Patient(t, r.URL()))
	var writes []rueidis.Completed
	for range 30_000 { // it answers after each 1024
		writes = append(writes, client.B().Incr().Key("n").Build())
	}
	for _, result := range client.DoMulti(t.Context(), writes...) {
		require.NoError(t, result.Error())
	}
	r.Kill()
	loaded := make(chan struct{})
	var (
		asked sync.WaitGroup
		once  sync.Once
		mu    sync.Mutex
		seen  = map[string]int{}
	)
	for _, name := range []string{"join", "join many", "tick", "look, waiting", "hear, many", "touch"} {
		operation := r.operations(context.Background())[name]
		asked.Go(func() {
			again := time.NewTicker(10 * time.Millisecond)
			defer again.Stop()
			for {
				cause := Cause(operation())
				mu.Lock()
				seen[cause]++
				mu.Unlock()
				if cause == CauseLoading {
					once.Do(func() { _, _ = r.Do("CONFIG", "SET", "key-load-delay", "0") }) // without it, it takes half a minute longer
				}
				select {
				case <-again.C:
				case <-loaded:
					return
				}
			}
		})
	}
	r.Restart()
	close(loaded)
	asked.Wait()
	require.Positive(t, seen[CauseLoading])
	for cause := range seen {
		require.Contains(t, []string{CauseGone, CauseLoading, CauseTimeout, ""}, cause, "%v", seen)
	}
	r.requireGoesOn(t)
}

// TestCauses: those that no Redis gives here, and what is no outage.
func TestCauses(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		CauseGone:  unavailable(rueidis.ErrClosing),
		CauseOther: unavailable(context.Canceled),
	} {
		require.Equal(t, want, Cause(err))
		require.Equal(t, want, Cause(fmt.Errorf("joining: %w", err)))
	}
	require.Equal(t, CauseOther, Cause(waitroom.ErrLineUnavailable))
	for _, err := range []error{nil, waitroom.ErrRoomFull, errors.New("a script failed"), context.DeadlineExceeded} {
		require.Empty(t, Cause(err))
	}
}
