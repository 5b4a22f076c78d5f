package redisqueue

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// requireAllWait asks for each acknowledged place, and so lets each be heard.
func requireAllWait(t *testing.T, q *Queue, epoch int64, journal []queuetest.Joined) {
	t.Helper()
	require.NoError(t, eachPlace(journal, func(j *queuetest.Joined) error {
		p, err := look(t, q, epoch, j.Number)
		if err == nil && p.State != waitroom.Waiting {
			err = fmt.Errorf("number %d is %s", j.Number, p.State)
		}
		return err
	}))
}

// requireServedInOrder opens the room and ticks until everybody of the journal is admitted: everyone acknowledged is, first in, first
// out in real time.
func requireServedInOrder(t *testing.T, q *Queue, epoch int64, journal []queuetest.Joined) {
	t.Helper()
	requireAllWait(t, q, epoch, journal)
	mode, highest := waitroom.ModeQueue, int64(0)
	persist(t, "opening", func() (waitroom.Snapshot, error) {
		return q.Change(t.Context(), "arena", waitroom.PolicyChange{Mode: &mode})
	})
	for _, j := range journal {
		highest = max(highest, j.Number)
	}
	require.True(t, testenv.Eventually(func() bool {
		s, _, err := q.Tick(t.Context(), "arena", time.Now())
		return err == nil && s.Serving >= highest
	}), "the line does not move")
	require.NoError(t, eachPlace(journal, func(j *queuetest.Joined) error {
		p, err := look(t, q, epoch, j.Number)
		if err == nil && p.State != waitroom.Admitted {
			err = fmt.Errorf("number %d is %s", j.Number, p.State)
		}
		j.Admitted = p.AdmittedAt.UnixMilli()
		return err
	}))
	require.NoError(t, queuetest.CheckFIFO(journal))
}

func look(t *testing.T, q *Queue, epoch, number int64) (waitroom.Place, error) {
	return patiently(func() (waitroom.Place, error) { return q.Look(t.Context(), "arena", epoch, number) })
}

// eachPlace calls f for every line of a journal, several at a time, and returns the first error.
func eachPlace(journal []queuetest.Joined, f func(j *queuetest.Joined) error) error {
	const at = 32
	var all sync.WaitGroup
	errs := make([]error, at)
	for worker := range at {
		all.Go(func() {
			for i := worker; i < len(journal) && errs[worker] == nil; i += at {
				errs[worker] = f(&journal[i])
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// duplicates is how many numbers were acknowledged more than once.
func duplicates(journal []queuetest.Joined) (n int) {
	given := map[int64]bool{}
	for _, j := range journal {
		if given[j.Number] {
			n++
		}
		given[j.Number] = true
	}
	return n
}

func highestOf(journal []queuetest.Joined) (highest int64) {
	for _, j := range journal {
		highest = max(highest, j.Number)
	}
	return highest
}
