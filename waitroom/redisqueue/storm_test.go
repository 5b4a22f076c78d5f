package redisqueue

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// enough is how long anything may take on a machine that does much else at the same time.
const enough = 90 * time.Second

// gateways makes so many of them on one address, each with a client of its own. A call gives up soon, so that an outage shows; on a
// machine that is merely slow it is asked again.
func gateways(t testing.TB, n int, url string, options ...Option) []*Queue {
	t.Helper()
	all := make([]*Queue, n)
	for i := range all {
		all[i] = New(connect(t, url), "wr", append([]Option{WithTimeout(3 * time.Second)}, options...)...)
	}
	return all
}

// patient is a gateway for what happens while nothing is away: it waits for as long as a busy machine may take, and nothing is asked again.
func patient(t testing.TB, url string, options ...Option) *Queue {
	t.Helper()
	return gateways(t, 1, testenv.Patient(t, url), append([]Option{WithTimeout(enough)}, options...)...)[0]
}

// gathering is a room in which everybody waits and nobody is admitted, and silence does not matter.
func gathering(changes ...func(*waitroom.Policy)) waitroom.Policy {
	p := waitroom.DefaultPolicy()
	p.Mode, p.GhostSeconds, p.MaxActive, p.RatePerMinute = waitroom.ModeHold, 3600, 1_000_000, 10_000_000
	p.SessionIdleSeconds, p.SessionLimitSeconds = 86_400, 86_400
	for _, change := range changes {
		change(&p)
	}
	return p
}

func create(t testing.TB, q *Queue, room string, policy waitroom.Policy) waitroom.Snapshot {
	t.Helper()
	return persist(t, "making the room", func() (waitroom.Snapshot, error) { return q.Create(t.Context(), room, policy) })
}

// persist asks until there is an answer.
func persist[T any](t testing.TB, what string, ask func() (T, error)) T {
	t.Helper()
	answer, err := patiently(ask)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return answer
}

// patiently asks again while the line is unavailable: a client has several connections, and notices of each by itself that it is broken.
func patiently[T any](ask func() (T, error)) (answer T, err error) {
	testenv.Eventually(func() bool {
		answer, err = ask()
		return !errors.Is(err, waitroom.ErrLineUnavailable)
	})
	return answer, err
}

// obey tells the line something until it has heard.
func obey(t testing.TB, what string, tell func() error) {
	t.Helper()
	persist(t, what, func() (struct{}, error) { return struct{}{}, tell() })
}

// storm is many clients of several gateways who join again and again, whatever happens, and keep a journal of what was acknowledged.
type storm struct {
	t     *testing.T
	begun time.Time
	stop  chan struct{}
	all   sync.WaitGroup

	mu      sync.Mutex
	journal []queuetest.Joined
	refused []refusal
	defects []error
}

// refusal is a join that was not acknowledged.
type refusal struct {
	sent time.Duration
	err  error
}

// begin lets so many clients of each gateway join room "arena".
func begin(t *testing.T, clients int, queues ...*Queue) *storm {
	t.Helper()
	s := &storm{t: t, begun: time.Now(), stop: make(chan struct{})}
	for _, q := range queues {
		for range clients {
			s.all.Go(func() { s.client(q) })
		}
	}
	t.Cleanup(func() { s.end() })
	return s
}

func (s *storm) client(q *Queue) {
	pace := time.NewTicker(10 * time.Millisecond) // so that there is not too much to check
	defer pace.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-pace.C:
		}
		sent := time.Since(s.begun)
		p, err := q.Join(s.t.Context(), "arena", waitroom.Entrant{})
		answered := time.Since(s.begun)
		s.mu.Lock()
		switch {
		case err == nil:
			s.journal = append(s.journal, queuetest.Joined{Sent: sent, Answered: answered, Number: p.Number, Admitted: queuetest.NotAdmitted})
		case errors.Is(err, waitroom.ErrLineUnavailable):
			s.refused = append(s.refused, refusal{sent, err})
		default:
			s.defects = append(s.defects, err)
		}
		s.mu.Unlock()
	}
}

// now is a moment of the journal.
func (s *storm) now() time.Duration { return time.Since(s.begun) }

// acknowledged is the journal so far.
func (s *storm) acknowledged() []queuetest.Joined {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal[:len(s.journal):len(s.journal)]
}

// awaitMore returns when so many joins that were sent from now on have been acknowledged.
func (s *storm) awaitMore(n int) {
	s.t.Helper()
	from := s.now()
	require.True(s.t, testenv.Eventually(func() bool {
		count := 0
		for _, j := range s.acknowledged() {
			if j.Sent >= from {
				count++
			}
		}
		return count >= n
	}), "the storm does not go on: %v", s.lastRefusal())
}

// awaitRefused returns when so many joins that were sent from a moment on have been refused for a cause.
func (s *storm) awaitRefused(from time.Duration, n int, cause string) {
	s.t.Helper()
	require.True(s.t, testenv.Eventually(func() bool {
		count := 0
		for _, err := range s.refusedFrom(from) {
			if Cause(err) == cause {
				count++
			}
		}
		return count >= n
	}), "nothing is refused")
}

func (s *storm) refusedFrom(from time.Duration) (errs []error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.refused {
		if r.sent >= from {
			errs = append(errs, r.err)
		}
	}
	return errs
}

func (s *storm) lastRefusal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.refused); n > 0 {
		return errors.Unwrap(s.refused[n-1].err)
	}
	return nil
}

// end lets the storm die down and returns its journal. Whatever was not acknowledged was refused as an outage.
func (s *storm) end() []queuetest.Joined {
	s.t.Helper()
	select {
	case <-s.stop:
	default:
		close(s.stop)
	}
	s.all.Wait()
	require.Empty(s.t, s.defects)
	return s.journal
}
