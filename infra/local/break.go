package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// What a fault does to a running system. Names are those of Process. Different parts may be broken at once, one part by one caller at a time.

// Names of the servers behind the services.
const (
	Redis      = "Redis"
	PostgreSQL = "PostgreSQL"
)

var errStopping = errors.New("the system is being stopped")

// Kill ends a program as kill -9 does, and what it has started with it. Died does not tell of it.
func (s *System) Kill(name string) error {
	p := s.Process(name)
	if p == nil {
		return fmt.Errorf("there is no %s here to kill", name)
	}
	s.mu.Lock()
	s.killed[p] = true
	s.mu.Unlock()
	p.Kill()
	return nil
}

// Restart starts a program again that Kill has ended, with the settings that it had, and returns when it is ready. A service listens where it
// did. Redis and PostgreSQL go on with what they had written, at another address, to which Via must lead.
func (s *System) Restart(ctx context.Context, name string) error {
	if name == Redis || name == PostgreSQL {
		return s.restartBacking(ctx, name)
	}
	s.mu.Lock()
	var found *service
	for _, service := range s.services {
		if service.Name() == name {
			found = service
		}
	}
	s.mu.Unlock()
	if found == nil {
		return fmt.Errorf("there is no %s here to start again", name)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for { // until its port is free
		p, err := s.startAgain(found)
		if err != nil {
			return err
		}
		err = s.awaitOne(ctx, p, found.ready, nil)
		if err == nil {
			s.watch(p) // not earlier: one that ends for want of its port is no surprise
			return nil
		}
		if !portWasTaken(ctx, p) {
			return err
		}
	}
}

// startAgain gives a service another life. What it says goes into a file of its own, so that the log of the life before stays.
func (s *System) startAgain(of *service) (*process.Process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stopping:
		return nil, errStopping
	default:
	}
	of.lives++
	spec := of.spec
	spec.Log = filepath.Join(s.LogDir, fmt.Sprintf("%s.life-%d.log", spec.Name, of.lives))
	p, err := process.Start(spec)
	if err != nil {
		return nil, err
	}
	of.Process = p
	return p, s.lock.Note(p)
}

// portWasTaken reports whether a program ended because somebody's connection has its port at the moment, and lets that moment pass.
func portWasTaken(ctx context.Context, p *process.Process) bool {
	select {
	case <-p.Done():
	default:
		return false
	}
	if !p.PortTaken() {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(100 * time.Millisecond):
		return true
	}
}

// restartBacking starts one of the servers again in its folder.
func (s *System) restartBacking(ctx context.Context, name string) error {
	o, part := s.backingOptions(), "redis"
	given := o.RedisURL != ""
	if name == Redis {
		o.DatabaseURL = "the other one is running"
	} else {
		part, given = "postgres", o.DatabaseURL != ""
		o.RedisURL = "the other one is running"
	}
	if given || s.o.Via == nil {
		return fmt.Errorf("%s cannot be started again: it was given, or no way leads to where it would be", name)
	}
	b, err := startAlone(ctx, o)
	if err != nil {
		return err
	}
	if err := s.keep(ctx, b); err != nil {
		return err
	}
	for _, p := range b.Children {
		s.watch(p)
	}
	address := b.RedisURL
	if name == PostgreSQL {
		address = b.DatabaseURL
	}
	_, err = s.via(part, address)
	return err
}

// keep takes a server into what Stop stops, unless that has begun.
func (s *System) keep(ctx context.Context, b *backing.Backing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stopping:
		return errors.Join(errStopping, b.Stop(ctx))
	default:
	}
	s.backings = append(s.backings, b)
	return nil
}

// startAlone tries until the last process of the life before has noticed that the others are dead.
func startAlone(ctx context.Context, o backing.Options) (*backing.Backing, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		b, err := backing.Start(ctx, o)
		var inUse *process.InUseError
		if !errors.As(err, &inUse) {
			return b, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(50 * time.Millisecond):
		}
	}
}
