package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// execute starts both, runs a command with their addresses in its environment, and returns its exit code.
func execute(args []string) (code int, err error) {
	o, command, cleanUp, err := settings("exec", args)
	if err != nil {
		return 0, err
	}
	defer cleanUp()
	program, err := exec.LookPath(command[0])
	if err != nil {
		return 0, err
	}

	// From here on a signal must not end us before what we started has ended.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	starting, cancel := context.WithCancel(context.Background())
	defer cancel()
	type result struct {
		b   *backing.Backing
		err error
	}
	started := make(chan result, 1)
	go func() { b, err := backing.Start(starting, o); started <- result{b, err} }()
	var early os.Signal
	var r result
	select {
	case r = <-started:
	case early = <-signals:
		cancel()
		r = <-started
	}
	if r.err != nil {
		return 0, r.err
	}
	defer func() { err = errors.Join(err, stop(r.b)) }()
	if early != nil {
		return 128 + int(early.(syscall.Signal)), nil
	}

	// At a terminal the command shares our group, so that it can use the terminal and gets its Ctrl-C;
	// else it has a group of its own, so that a signal passed on reaches its children too.
	terminal := isTerminal(os.Stdin)
	p, err := process.Start(process.Spec{Path: program, Args: command[1:], SameGroup: terminal,
		Env:   append(os.Environ(), "REDIS_URL="+r.b.RedisURL, "DATABASE_URL="+r.b.DatabaseURL),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
	if err != nil {
		return 0, err
	}
	dead := died(r.b)
	for {
		select {
		case <-p.Done():
			return p.ExitCode(), nil
		case s := <-signals:
			if !terminal || s != syscall.SIGINT {
				p.Signal(s.(syscall.Signal))
			}
		case err := <-dead:
			// The command is left to find out by itself; tests of outages may want just that.
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// isTerminal asks what only a terminal can answer; the null device, for one, is a character device too.
func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return err == nil
}
