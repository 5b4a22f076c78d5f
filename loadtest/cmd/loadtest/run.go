package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"anteroom/loadtest/report"
)

// The exit codes.
const (
	kept      = 0
	broken    = 1
	usage     = 2
	cannotRun = 3
)

// run is the command.
func run(ctx context.Context, args []string, out, log io.Writer) int {
	s, err := parse(args, log)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return kept
	case err != nil:
		return usage
	}
	r, err := s.load(ctx, log)
	if err != nil {
		fmt.Fprintln(log, "loadtest:", err)
		return cannotRun
	}
	r.Command = "loadtest " + strings.Join(args, " ")
	if err := s.write(r, out); err != nil {
		fmt.Fprintln(log, "loadtest:", err)
		return cannotRun
	}
	if r.Verdict != "PASS" {
		return broken
	}
	return kept
}

// progress prints lines with the time of day.
func progress(log io.Writer) func(line string) {
	return func(line string) { fmt.Fprintln(log, time.Now().Format("15:04:05"), line) }
}

// whileAlive ends the context when a program has died, with what is known of it as the cause.
func whileAlive(ctx context.Context, died <-chan error) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case why := <-died:
			cancel(why)
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (s *common) write(r *report.Report, out io.Writer) error {
	if s.out != "" {
		if err := r.WriteJSON(s.out); err != nil {
			return err
		}
	}
	if s.html != "" {
		if err := r.WriteHTML(s.html); err != nil {
			return err
		}
	}
	return r.WriteText(out)
}
