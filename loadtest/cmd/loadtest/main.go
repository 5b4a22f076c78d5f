// Command loadtest runs a load suite and says whether the promises held.
//
// It ends with 0 when they did, 1 when one was broken, 2 on a bad command line, 3 when the suite itself could not be run.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
