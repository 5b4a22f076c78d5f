// Command loadtest loads a waiting room, writes down what every visitor saw, and says from that alone whether the promises held.
//
// It ends with 0 when all did and every service level was met, 1 when a promise was broken, 2 when a service level was missed,
// and 3 when it could not measure what it had to. docs/loadtest.md is its manual.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// errInterrupted is why the context ended when somebody asked for the end.
var errInterrupted = errors.New("interrupted")

// echo is how long after the first signal another one is taken for the same: some programs that start others send each signal twice.
const echo = 500 * time.Millisecond

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		first := time.Now()
		cancel(errInterrupted)
		for range signals {
			if time.Since(first) > echo {
				break
			}
		}
		// What was started ends with this process; the journal has all but the last second.
		fmt.Fprintln(os.Stderr, "\nloadtest: ended at once. `loadtest check` and `loadtest report` read the journal as far as it goes.")
		os.Exit(unmeasured)
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
