package schedule_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	vegeta "github.com/tsenart/vegeta/v12/lib"

	"anteroom/internal/testenv"
	"anteroom/loadtest/schedule"
)

func TestMain(m *testing.M) { testenv.VerifyNoLeaks(m) }

var limits = schedule.Limits{Workers: 32, Connections: 8, Timeout: time.Minute, MaxBody: 1 << 16}

func server(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func get(url string) vegeta.Target { return vegeta.Target{Method: http.MethodGet, URL: url} }

func TestRunSendsChainsOfDependentRequests(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if len(r.Header.Values("X-Vegeta-Seq"))+len(r.Header.Values("X-Anteroom-Job")) > 0 {
			t.Error("the generator's own headers left the process")
		}
		fmt.Fprint(w, strings.TrimPrefix(r.URL.Path, "/"))
	})
	const visitors, steps = 50, 6
	q := schedule.NewQueue()
	var finished atomic.Int64
	var step func(v, n int) *schedule.Job
	step = func(v, n int) *schedule.Job {
		return &schedule.Job{Due: time.Now(), Target: get(fmt.Sprintf("%s/%d-%d", url, v, n)), Done: func(a schedule.Answer) {
			if a.Err != nil || string(a.Body) != fmt.Sprintf("%d-%d", v, n) {
				t.Errorf("visitor %d step %d got %q, %v", v, n, a.Body, a.Err)
			}
			if n == steps {
				finished.Add(1)
				return
			}
			q.Push(step(v, n+1))
		}}
	}
	for v := range visitors {
		q.Push(step(v, 1))
	}
	sent := schedule.Run(t.Context(), q, limits)
	require.EqualValues(t, visitors*steps, sent)
	require.EqualValues(t, visitors*steps, hits.Load())
	require.EqualValues(t, visitors, finished.Load())
	require.Zero(t, q.Pending())
}

func TestLatencyCountsFromTheDueTime(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	started := make(chan struct{}, 8)
	url := server(t, func(http.ResponseWriter, *http.Request) { started <- struct{}{}; <-release })
	q := schedule.NewQueue()
	due := time.Now().Add(-time.Second) // long overdue, as behind a stalled server
	var mu sync.Mutex
	var answers []schedule.Answer
	for range 2 {
		q.Push(&schedule.Job{Due: due, Target: get(url), Done: func(a schedule.Answer) {
			mu.Lock()
			defer mu.Unlock()
			answers = append(answers, a)
		}})
	}
	var released time.Time
	go func() { <-started; released = time.Now(); close(release) }()
	one := limits
	one.Connections = 1 // the second request has to wait for the connection
	schedule.Run(t.Context(), q, one)
	require.Len(t, answers, 2)
	for _, a := range answers {
		require.NoError(t, a.Err)
		require.Equal(t, due, a.Due)
		require.GreaterOrEqual(t, a.Answered.Sub(a.Due), time.Second)
		require.False(t, a.Sent.After(a.Answered))
	}
	// Whoever was answered first may be the last to say so.
	slices.SortFunc(answers, func(a, b schedule.Answer) int { return a.Sent.Compare(b.Sent) })
	require.True(t, answers[0].Sent.Before(released))
	require.True(t, answers[1].Sent.After(released), "a request that waits for a connection has not been sent")
}

func TestJobsGoInTheOrderOfTheirDueTimes(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []string
	url := server(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, r.URL.Path)
	})
	q := schedule.NewQueue()
	now := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	// Three that are overdue, pushed in another order, go one after another on the only worker. The last one's answer brings a fourth, while
	// Pace already waits for the late one, which is due in an hour.
	one := limits
	one.Workers = 1
	done := func(schedule.Answer) {}
	last := func(schedule.Answer) {
		q.Push(&schedule.Job{Due: time.Now(), Target: get(url + "/4"), Done: func(schedule.Answer) { stop() }})
	}
	q.Push(
		&schedule.Job{Due: now.Add(time.Hour), Target: get(url + "/late"), Done: done},
		&schedule.Job{Due: now.Add(-1 * time.Second), Target: get(url + "/3"), Done: last},
		&schedule.Job{Due: now.Add(-3 * time.Second), Target: get(url + "/1"), Done: done},
		&schedule.Job{Due: now.Add(-2 * time.Second), Target: get(url + "/2"), Done: done},
	)
	schedule.Run(ctx, q, one)
	require.Equal(t, []string{"/1", "/2", "/3", "/4"}, order)
	require.Equal(t, 1, q.Pending(), "the late one")
}

func TestAnswersThatNeverCome(t *testing.T) {
	t.Parallel()
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<17))
			return
		}
		panic(http.ErrAbortHandler)
	})
	q := schedule.NewQueue()
	var failed atomic.Int64
	for _, path := range []string{"/cut", "/long"} {
		q.Push(&schedule.Job{Due: time.Now(), Target: get(url + path), Done: func(a schedule.Answer) {
			if a.Err != nil && a.Status == 0 {
				failed.Add(1)
			}
		}})
	}
	schedule.Run(t.Context(), q, limits)
	require.EqualValues(t, 2, failed.Load())
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	url := server(t, func(http.ResponseWriter, *http.Request) {})
	q := schedule.NewQueue()
	ctx, cancel := context.WithCancel(t.Context())
	q.Push(&schedule.Job{Due: time.Now(), Target: get(url), Done: func(schedule.Answer) { cancel() }})
	q.Push(&schedule.Job{Due: time.Now().Add(time.Hour), Target: get(url), Done: func(schedule.Answer) { t.Error("sent after the end") }})
	schedule.Run(ctx, q, limits)
	require.Equal(t, 1, q.Pending())
	q.Push(&schedule.Job{Due: time.Now(), Target: get(url)})
	require.Equal(t, 1, q.Pending(), "a closed queue takes no jobs")
}

func TestWhatIsNoRequestIsDoneWhenItIsDue(t *testing.T) {
	t.Parallel()
	var hits, inFlight, most atomic.Int64
	var late atomic.Int64
	url := server(t, func(http.ResponseWriter, *http.Request) { hits.Add(1) })
	q := schedule.NewQueue()
	begun := time.Now()
	q.Push(&schedule.Job{Due: begun.Add(50 * time.Millisecond), Call: func() {
		if time.Since(begun) < 50*time.Millisecond {
			t.Error("it was done before it was due")
		}
		for range 3 {
			q.Push(&schedule.Job{Due: begun, Target: get(url), Done: func(schedule.Answer) {}})
		}
	}})
	watched := limits
	watched.Sent = func(lag time.Duration) {
		if lag >= 50*time.Millisecond {
			late.Add(1)
		}
	}
	watched.InFlight = func(change int) {
		if now := inFlight.Add(int64(change)); now > most.Load() {
			most.Store(now)
		}
	}
	require.EqualValues(t, 3, schedule.Run(t.Context(), q, watched))
	require.EqualValues(t, 3, hits.Load())
	require.EqualValues(t, 3, late.Load(), "all were due before they were pushed")
	require.Zero(t, inFlight.Load())
	require.Positive(t, most.Load())
}

func TestLanesComeFromTheirOwnAddresses(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux takes all of 127.0.0.0/8 for this machine")
	}
	var mu sync.Mutex
	from := map[string]string{}
	url := server(t, func(_ http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		mu.Lock()
		defer mu.Unlock()
		from[r.URL.Path] = host
	})
	q := schedule.NewQueue()
	for lane := range 3 {
		q.Push(&schedule.Job{Due: time.Now(), Lane: lane, Target: get(fmt.Sprintf("%s/%d", url, lane)), Done: func(schedule.Answer) {}})
	}
	spread := limits
	spread.Lanes = 3
	spread.Source = func(lane int) net.IP {
		if lane == 2 {
			return nil
		}
		return net.IPv4(127, 0, 3, byte(1+lane))
	}
	schedule.Run(t.Context(), q, spread)
	require.Equal(t, map[string]string{"/0": "127.0.3.1", "/1": "127.0.3.2", "/2": "127.0.0.1"}, from)
}

func TestRequestsUnderWayEndSoonAfterTheContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	url := server(t, func(http.ResponseWriter, *http.Request) { cancel(); <-release })
	t.Cleanup(func() { close(release) }) // before the server is closed, which waits for its handlers
	q := schedule.NewQueue()
	var given schedule.Answer
	q.Push(&schedule.Job{Due: time.Now(), Target: get(url), Done: func(a schedule.Answer) { given = a }})
	drained := limits
	drained.Drain = time.Millisecond
	require.EqualValues(t, 1, schedule.Run(ctx, q, drained), "it does not wait for the timeout of a minute")
	require.ErrorIs(t, given.Err, context.Canceled)
	require.Zero(t, given.Status)
}
