// Package faults does to a system what a profile says shall go wrong, undoes it in time, and notes both.
package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// Controls is a system whose parts can be broken and mended. Faults of different parts may be under way at once.
type Controls interface {
	// Can says why a fault cannot be done to this system; nil when it can.
	Can(f profile.Fault) error

	// Begin does a fault. The note says in words to what it was done. On an error nothing is broken.
	Begin(ctx context.Context, f profile.Fault) (note string, mend Mend, err error)
}

// Mend undoes a fault and returns when the part answers again. It fails when the part does not until ctx ends.
type Mend func(ctx context.Context) error

// mendTime bounds how long a part may take to answer again: PostgreSQL reads its log first.
const mendTime = 2 * time.Minute

// Check says what of the list cannot be done to the system. Controls that are nil are a system that was not brought up by the laboratory.
func Check(c Controls, list []profile.Fault) error {
	if len(list) == 0 {
		return nil
	}
	if c == nil {
		return errors.New("faults can be done only to a system that the load laboratory has brought up itself, and this one was given")
	}
	for i, f := range list {
		if err := c.Can(f); err != nil {
			return fmt.Errorf("fault %d (%s): %w", i+1, describe(f), err)
		}
		for j, other := range list[:i] {
			if overlap(f, other) {
				return fmt.Errorf("fault %d (%s) overlaps fault %d (%s): the end of one would undo the other", i+1, describe(f), j+1, describe(other))
			}
		}
	}
	return nil
}

func describe(f profile.Fault) string {
	return fmt.Sprintf("%s %s at %s for %s", f.What, f.How, time.Duration(f.At), time.Duration(f.For))
}

// overlap reports whether two faults of the same part are under way at once; the network is a part of all others.
func overlap(a, b profile.Fault) bool {
	same := a.What == b.What || a.What == "network" || b.What == "network"
	return same && a.At <= b.At+b.For && b.At <= a.At+a.For
}

// Run does each fault when it is due, start plus its At, and undoes it For later. When ctx ends, what is under way is undone at once and
// what was not due yet is left out. note hears each thing done as it happens, from one goroutine at a time for one fault and from several
// for several. It returns when nothing is broken any more. A fault that could not be done is left out and told of in the error; one that could
// not be undone is an error after which no other begins.
func Run(ctx context.Context, c Controls, list []profile.Fault, start time.Time, note func(journal.Fault)) error {
	if err := Check(c, list); err != nil {
		return err
	}
	clock := journal.NewClock()
	list = slices.SortedStableFunc(slices.Values(list), func(a, b profile.Fault) int { return int(a.At - b.At) })
	leftOut := make([]error, len(list))
	group, ctx := errgroup.WithContext(ctx)
	for i, f := range list {
		group.Go(func() (err error) {
			leftOut[i], err = one(ctx, c, f, start, clock, note)
			return err
		})
	}
	return errors.Join(append(leftOut, group.Wait())...)
}

// one waits for a fault, does it and undoes it; or says why it could not be done, or undone.
func one(ctx context.Context, c Controls, f profile.Fault, start time.Time, clock journal.Clock, note func(journal.Fault)) (notDone, notUndone error) {
	due := start.Add(time.Duration(f.At))
	if !until(ctx, due) {
		return nil, nil
	}
	said := func(done bool, words string) {
		note(journal.Fault{At: clock.At(time.Now()), What: f.What, How: f.How, Done: done, Note: words})
	}
	// Noted before it is done: what goes wrong a moment later must not look like the system's own fault.
	said(false, "")
	words, mend, err := c.Begin(ctx, f)
	if err != nil {
		said(true, "it could not be done: "+firstLine(err))
		return fmt.Errorf("%s: %w", describe(f), err), nil
	}
	until(ctx, due.Add(time.Duration(f.For)))
	mending, cancel := context.WithTimeout(context.WithoutCancel(ctx), mendTime)
	defer cancel()
	if err := mend(mending); err != nil {
		said(true, "it could not be undone: "+firstLine(err))
		return nil, fmt.Errorf("undo %s: %w", describe(f), err)
	}
	said(true, words)
	return nil, nil
}

// until waits for a moment, and reports false when ctx ended first.
func until(ctx context.Context, moment time.Time) bool {
	timer := time.NewTimer(time.Until(moment))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
