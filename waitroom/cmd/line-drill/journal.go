package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// journal is the drill's account of what it did, one line a call that was made. Times are nanoseconds by the drill's own clock, which
// the command clock shows; sent is not later than the call, answered not earlier than its return.
//
//	join  gateway sent answered epoch first count   these numbers were given
//	lost  gateway sent answered 0     0     count   this many may have been given numbers that nobody knows
//	hear  gateway sent answered epoch chunk ghosts  everybody of this gateway in the chunk was heard; ghosts: 1 with, 0 without those who fall silent
//
// Safe for concurrent use.
type journal struct {
	mu    sync.Mutex
	file  *os.File
	out   *bufio.Writer
	clock time.Time
	err   error // the first one
}

func newJournal(path string) (*journal, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &journal{file: f, out: bufio.NewWriterSize(f, 1<<16), clock: time.Now()}, nil
}

// at is a time of the journal. Differences are monotonic: a step of the wall clock does not show.
func (j *journal) at(t time.Time) int64 { return j.clock.UnixNano() + int64(t.Sub(j.clock)) }

func (j *journal) write(what string, gateway int, sent, answered time.Time, epoch, first, count int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err := fmt.Fprintln(j.out, what, gateway, j.at(sent), j.at(answered), epoch, first, count)
	if j.err == nil {
		j.err = err
	}
}

// close writes what is left and returns the first error there was.
func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(j.err, j.out.Flush(), j.file.Close())
}
