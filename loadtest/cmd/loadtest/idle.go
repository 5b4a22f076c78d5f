package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"anteroom/internal/service"
	idling "anteroom/loadtest/idle"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/progress"
	"anteroom/loadtest/report"
)

// idleSettings are the command line of the suite idling.
type idleSettings struct {
	out     string
	options idling.Options
}

// parseIdle reads the command line. What is wrong with it has been printed when the error is not nil.
func parseIdle(args []string, log io.Writer) (*idleSettings, error) {
	s := &idleSettings{options: idling.Defaults()}
	o := &s.options
	f := service.NewFlags("loadtest run "+idle, "LOADTEST", log)
	f.String(&s.out, "out", ".", "folder for report.json and report.html; what another run left there is replaced")
	f.Int(&o.Connections, "connections", o.Connections, "connections that wait, 64 to 1000000; as many open files and some more must be allowed")
	f.Int(&o.Polls, "polls", o.Polls, "polls a second on them, while they ask, 1 to 1000000")
	f.Int(&o.Requests, "requests", o.Requests, "admitted requests a second beside, 1 to 100000")
	f.Duration(&o.Time, "time", o.Time, "of each of the two measurements, 1s to 1h")
	f.Bool(&o.TLS, "tls", o.TLS, "the gateway speaks TLS itself, with a certificate made for the run")
	words, err := parse(f, args)
	if err != nil {
		return nil, err
	}
	err = within([]bound{{"connections", o.Connections, 64, 1_000_000}, {"polls", o.Polls, 1, 1_000_000}, {"requests", o.Requests, 1, 100_000}})
	if err == nil && (o.Time < time.Second || o.Time > time.Hour) {
		err = fmt.Errorf("--time must be from 1s to 1h, is %s", o.Time)
	}
	if err == nil && len(words) > 0 {
		err = fmt.Errorf("%q is not a setting", words[0])
	}
	if err != nil {
		return nil, f.Fail(err)
	}
	return s, nil
}

// runIdle runs the suite. A run that is interrupted has measured nothing: its figures are there at the end alone.
func runIdle(ctx context.Context, args []string, t terminal) int {
	s, err := parseIdle(args, t.log)
	if err != nil {
		return t.fail(err)
	}
	return t.runOwn(ctx, s.out, shown("loadtest run "+idle, args), s.load)
}

func (s *idleSettings) load(ctx context.Context, board *progress.Board) (*report.Report, error) {
	s.options.Progress = timed(board)
	if err := idling.EnoughFiles(s.options.Connections); err != nil {
		return nil, err
	}
	upstream, err := idling.StartUpstream(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		if err := upstream.Stop(stop); err != nil {
			board.Line("loadtest: stop: " + err.Error())
		}
	}()
	flags := []string{"--profiles"}
	var secure *tls.Config
	if s.options.TLS {
		dir, err := os.MkdirTemp("", "anteroom-idle-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		more, client, err := idling.Secure(dir, upstream.URL)
		if err != nil {
			return nil, err
		}
		flags, secure = append(flags, more...), client
	}
	line, err := launch.StartLine(ctx, launch.LineOptions{Gateways: 1, Fsync: "no", Progress: s.options.Progress, Upstream: upstream.URL, Flags: flags})
	if err != nil {
		return nil, err
	}
	defer stopLine(line, board)
	ctx, cancel := whileAlive(ctx, line.Died)
	defer cancel(nil)
	system := idling.System{Gateway: line.Gateways[0], Private: strings.TrimSuffix(line.Ready[0], "/readyz"), PID: line.PIDs["waitroom-1"], TLS: secure, SetRoom: line.SetRoom}
	outcome, err := idling.Run(ctx, system, s.options)
	if err != nil {
		return nil, err
	}
	r := &report.Report{Schema: report.Schema, Suite: idle, Commit: commit(), Machine: machine.This(), System: line.Facts, Settings: s.options}
	outcome.Fill(r)
	return r, nil
}
