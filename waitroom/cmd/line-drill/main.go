// Command line-drill is millions of visitors without their browsers: it does to a line what several gateways with a great crowd do to
// it, and nothing else. It is a tool of the load laboratory, which starts it beside real gateways; it stands here because only the
// waiting room's own programs may use the engine.
//
// It is led through its standard input, one command a line, and answers on its standard output, one JSON object a line; see
// commands.go. What it did is written to a journal, which the laboratory judges; see journal.go. The drill itself judges nothing.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"anteroom/internal/service"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := service.Main("line-drill", os.Args[1:], os.Stderr, map[string]func([]string) error{
		"run": func(args []string) error {
			s, err := parse(args, os.Stderr)
			if err != nil {
				return err
			}
			return run(ctx, s, dial(s), os.Stdin, os.Stdout)
		},
	})
	stop()
	os.Exit(code)
}
