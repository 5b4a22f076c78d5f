package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"anteroom/loadtest/faults"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/visit"
)

// runSuite runs the suite that the first word names.
func runSuite(ctx context.Context, args []string, t terminal) int {
	suite := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		suite, args = args[0], args[1:]
	}
	switch suite {
	case "":
		suite = "SUITE" // the settings are the same for every profile
		if len(args) == 0 || !asksForHelp(args[0]) {
			return t.fail(errors.New("run wants the name of a suite first, such as: loadtest run join-storm (loadtest list tells of all)"))
		}
	case tenMillion:
		return runTenMillion(ctx, args, t)
	case idle:
		return runIdle(ctx, args, t)
	case all:
		return runAll(ctx, args, t)
	}
	s, err := parseRun(suite, args, t.log)
	if err != nil {
		return t.fail(err)
	}
	return s.run(ctx, t)
}

func asksForHelp(arg string) bool { return arg == "--help" || arg == "-help" || arg == "-h" }

// run loads the system, judges the journal and writes the report.
func (s *settings) run(ctx context.Context, t terminal) int {
	board := boardOn(t.log)
	defer board.Close()
	stop := context.AfterFunc(ctx, func() {
		board.Line("loadtest: " + context.Cause(ctx).Error() + ": the load ends, and what was measured will be reported. A second Ctrl-C ends at once.")
	})
	defer stop()
	if s.target != nil { // refused before anything is written or sent
		if err := faults.Check(nil, s.profile.Faults); err != nil {
			return t.fail(err)
		}
	}
	if err := folder(s.out); err != nil {
		return t.fail(err)
	}
	journals := s.journals()
	lack := s.load(ctx, journals, board)
	board.Close()
	for _, err := range lack {
		fmt.Fprintln(t.log, "loadtest:", err)
	}
	written := journals[:0]
	for _, path := range journals {
		if _, err := os.Stat(path); err == nil {
			written = append(written, path)
		}
	}
	if len(written) == 0 { // nothing was measured
		return unmeasured
	}
	return conclude(written, s.out, t, lack...)
}

// journals are the files that the generators will write.
func (s *settings) journals() []string {
	if s.generators == 1 {
		return []string{filepath.Join(s.out, "run.journal")}
	}
	var paths []string
	for i := range s.generators {
		paths = append(paths, filepath.Join(s.out, fmt.Sprintf("run-%d.journal", i+1)))
	}
	return paths
}

// load brings a system up unless one was given, and runs the profile against it. The errors are why not all could be measured that had to be.
func (s *settings) load(ctx context.Context, journals []string, board *progress.Board) (lack []error) {
	options := visit.Options{
		Seed: uint64(s.seed), Parts: s.generators, Suite: s.suite, Command: s.command, Commit: commit(), Board: board, //nolint:gosec // Not negative.
	}
	var target visit.System
	if s.target != nil {
		target = *s.target
	} else {
		system, err := launch.Start(ctx, launch.Options{Gateways: s.gateways, Faults: len(s.profile.Faults) > 0, Progress: lines{board}})
		if err != nil {
			return []error{whyOf(ctx, err)}
		}
		defer func() {
			board.Line("taking the system down")
			if err := system.Stop(); err != nil {
				lack = append(lack, fmt.Errorf("take the system down: %w", err))
			}
		}()
		if err := faults.Check(system, s.profile.Faults); err != nil {
			return []error{err}
		}
		var cancel context.CancelCauseFunc
		ctx, cancel = whileAlive(ctx, system.Died)
		defer cancel(nil)
		target = system.System
		options.Faults = func(ctx context.Context, start time.Time, note func(journal.Fault)) {
			if err := faults.Run(ctx, system, s.profile.Faults, start, note); err != nil {
				lack = append(lack, err) // read when the run is over, and this with it
			}
		}
	}
	others, err := s.startOthers(ctx, target, options, journals, board)
	if err != nil {
		return []error{err}
	}
	if s.generators > 1 {
		options.Ready, options.Others = others.ready, others.over
	}
	err = visit.Run(ctx, target, s.profile, journals[0], options)
	lack = append(lack, others.end(ctx)...)
	if err != nil {
		lack = append(lack, whyOf(ctx, err))
	} else if why := context.Cause(ctx); why != nil && !errors.Is(why, errInterrupted) {
		lack = append(lack, why) // a program of the system ended by itself
	}
	return lack
}

// whyOf is the error, or what ended the context and so caused it.
func whyOf(ctx context.Context, err error) error {
	if why := context.Cause(ctx); why != nil && (errors.Is(err, context.Canceled) || errors.Is(why, errInterrupted)) {
		return why
	}
	return err
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

// boardOn shows progress on what is standard error, or stands for it in a test.
func boardOn(log io.Writer) *progress.Board {
	if f, ok := log.(*os.File); ok {
		return progress.For(f, os.Getenv)
	}
	return progress.New(log, false)
}

// lines writes each line to a board.
type lines struct{ board *progress.Board }

func (l lines) Write(text []byte) (int, error) {
	l.board.Line(string(text))
	return len(text), nil
}

// commit is that of the sources of this program; empty when it was not built within their repository.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				changed = " with changes"
			}
		}
	}
	if revision == "" {
		return ""
	}
	return revision + changed
}
