package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"anteroom/loadtest/launch"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/report"
)

// runOwn runs a suite that has a driver of its own, and a report instead of a journal.
func (t terminal) runOwn(ctx context.Context, out, command string, load func(context.Context, *progress.Board) (*report.Report, error)) int {
	board := boardOn(t.log)
	defer board.Close()
	if err := folder(out); err != nil {
		return t.fail(err)
	}
	r, err := load(ctx, board)
	switch {
	case errors.Is(context.Cause(ctx), errInterrupted) && r == nil:
		return t.fail(fmt.Errorf("%w before anything was measured: there is no report", errInterrupted))
	case err != nil:
		return t.fail(err)
	}
	r.Command = command
	if err := write(r, out, t); err != nil {
		return t.fail(err)
	}
	return r.ExitCode()
}

// timed writes lines with the time of day.
func timed(board *progress.Board) func(line string) {
	return func(line string) { board.Line(time.Now().Format("15:04:05") + " " + line) }
}

func stopLine(line *launch.Line, board *progress.Board) {
	if err := line.Stop(); err != nil {
		board.Line("loadtest: stop: " + err.Error())
	}
}
