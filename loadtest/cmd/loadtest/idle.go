package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"anteroom/loadtest/idle"
	"anteroom/loadtest/launch"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

// idleSettings are the command line of the suite idle.
type idleSettings struct {
	common
	options idle.Options
}

// parseIdle reads the command line. What is wrong with it has been printed when the error is not nil.
func parseIdle(args []string, log io.Writer) (suite, error) {
	s := &idleSettings{options: idle.Defaults()}
	o := &s.options
	f := s.flags(idleName, log)
	f.Int(&o.Connections, "connections", o.Connections, "connections that wait, 64 to 1000000; as many open files and some more must be allowed")
	f.Int(&o.Polls, "polls", o.Polls, "polls a second on them, while they ask, 1 to 1000000")
	f.Int(&o.Requests, "requests", o.Requests, "admitted requests a second beside, 1 to 100000")
	f.Duration(&o.Time, "time", o.Time, "of each of the two measurements, 1s to 1h")
	f.Bool(&o.TLS, "tls", o.TLS, "the gateway speaks TLS itself, with a certificate made for the run")
	if err := s.parse(f, args); err != nil {
		return nil, err
	}
	err := within([]bound{{"connections", o.Connections, 64, 1_000_000}, {"polls", o.Polls, 1, 1_000_000}, {"requests", o.Requests, 1, 100_000}})
	if err == nil && (o.Time < time.Second || o.Time > time.Hour) {
		err = fmt.Errorf("--time must be from 1s to 1h, is %s", o.Time)
	}
	if err != nil {
		return nil, f.Fail(err)
	}
	return s, nil
}

func (s *idleSettings) load(ctx context.Context, log io.Writer) (*report.Report, error) {
	s.options.Progress = progress(log)
	if err := idle.EnoughFiles(s.options.Connections); err != nil {
		return nil, err
	}
	upstream, err := idle.StartUpstream(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		if err := upstream.Stop(stop); err != nil {
			fmt.Fprintln(log, "loadtest: stop:", err)
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
		more, client, err := idle.Secure(dir, upstream.URL)
		if err != nil {
			return nil, err
		}
		flags, secure = append(flags, more...), client
	}
	line, err := launch.StartLine(ctx, launch.LineOptions{Gateways: 1, Fsync: "no", Progress: s.options.Progress, Upstream: upstream.URL, Flags: flags})
	if err != nil {
		return nil, err
	}
	defer func() {
		if stop := line.Stop(); stop != nil {
			fmt.Fprintln(log, "loadtest: stop:", stop)
		}
	}()
	ctx, cancel := whileAlive(ctx, line.Died)
	defer cancel(nil)
	system := idle.System{Gateway: line.Gateways[0], Private: strings.TrimSuffix(line.Ready[0], "/readyz"), PID: line.PIDs["waitroom-1"], TLS: secure, SetRoom: line.SetRoom}
	outcome, err := idle.Run(ctx, system, s.options)
	if err != nil {
		return nil, err
	}
	r := &report.Report{Schema: report.Schema, Suite: idleName, Machine: machine.This(), System: line.Facts, Settings: s.options}
	outcome.Fill(r)
	return r, nil
}
