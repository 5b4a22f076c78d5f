package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/backing/process"
	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
)

// TestAGatewayIsKilledInAStorm: one of two gateways is killed with -9 while visitors join through both. Whoever it answered has a place that
// the other one knows and vouches for, no number was given twice, and of two joins one after the other the later has the
// later number, whichever gateways they went through, before and after.
func TestAGatewayIsKilledInAStorm(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, redistest.Durable...)
	keys := filepath.Join(t.TempDir(), "keys.json")
	tell(t, "keys", "init", "--keys-file", keys)
	tell(t, "room", "put", "arena", "--redis-url", redis.URL(), "mode=hold", "ghost_seconds=3600")
	doomed, other := startGateway(t, redis.URL(), keys), startGateway(t, redis.URL(), keys)

	s := &storm{begun: time.Now(), stop: make(chan struct{}), client: &http.Client{Timeout: patience}}
	t.Cleanup(s.end)
	for _, g := range []*gateway{doomed, other} {
		for range 16 {
			s.clients.Go(func() { s.join(g) })
		}
	}
	s.await(t, doomed, 200)
	s.await(t, other, 200)
	doomed.process.Signal(syscall.SIGKILL)
	<-doomed.process.Done()
	s.await(t, other, len(s.acknowledged(other))+200)
	s.end()

	requireInOrder(t, s.joins)
	for _, j := range s.acknowledged(doomed) {
		var p place
		require.Eventually(t, func() (ok bool) { // a gateway that was held up for some seconds says so, once
			var err error
			p, err = s.ask(http.MethodGet, other.url+"/waitroom/v1/arena/status", j.ticket)
			return err == nil
		}, patience, time.Millisecond)
		require.Equal(t, place{State: "waiting", Number: j.number}, place{State: p.State, Number: p.Number})
	}
	_, err := s.ask(http.MethodGet, other.url+"/waitroom/v1/arena/status", s.joins[0].ticket+"x")
	require.Error(t, err, "a ticket that nobody gave")
}

// gateway is one running program.
type gateway struct {
	process *process.Process
	url     string
}

// startGateway runs one and returns when it is ready. Somebody else may take its ports first, so it is tried again.
func startGateway(t *testing.T, redisURL, keys string) *gateway {
	t.Helper()
	for range 5 {
		public, private := testenv.FreePort(t), testenv.FreePort(t)
		p, err := process.Start(process.Spec{Path: filepath.Join(bin, "waitroom"), Log: filepath.Join(t.TempDir(), "log"), Args: []string{
			"serve", "--redis-url", redisURL, "--keys-file", keys,
			"--listen", fmt.Sprintf("127.0.0.1:%d", public), "--ops-listen", fmt.Sprintf("127.0.0.1:%d", private),
		}})
		require.NoError(t, err)
		t.Cleanup(func() {
			p.Signal(syscall.SIGKILL)
			<-p.Done()
		})
		ready := func() bool {
			res, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/readyz", private))
			if err == nil {
				_ = res.Body.Close()
			}
			return err == nil && res.StatusCode == http.StatusOK
		}
		ended := func() bool {
			select {
			case <-p.Done():
				return true
			default:
				return false
			}
		}
		require.Eventually(t, func() bool { return ended() || ready() }, patience, 20*time.Millisecond, "%s", lazy{p})
		if !ended() {
			return &gateway{process: p, url: fmt.Sprintf("http://127.0.0.1:%d", public)}
		}
		require.Contains(t, p.Tail(30), "address already in use")
	}
	t.Fatal("there are no ports")
	return nil
}

// lazy is the end of a program's log, read when it is printed.
type lazy struct{ *process.Process }

func (l lazy) String() string { return l.Tail(30) }

// tell runs the gateway's program for an operator.
func tell(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "waitroom"), args...).CombinedOutput()
	require.NoError(t, err, string(out))
}

// storm is visitors who join, each for the first time, until it is stopped.
type storm struct {
	begun   time.Time
	stop    chan struct{}
	clients sync.WaitGroup
	client  *http.Client

	mu    sync.Mutex
	joins []joined
}

// joined is a join that was answered.
type joined struct {
	gateway        *gateway
	sent, answered time.Duration
	number         int64
	ticket         string
}

func (s *storm) join(g *gateway) {
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-pace.C:
		}
		sent := time.Since(s.begun)
		p, err := s.ask(http.MethodPost, g.url+"/waitroom/v1/arena/join", "")
		if err != nil {
			continue // the gateway is gone; or it was not this time
		}
		s.mu.Lock()
		s.joins = append(s.joins, joined{g, sent, time.Since(s.begun), p.Number, p.Ticket})
		s.mu.Unlock()
	}
}

// ask is one request of a visitor with a ticket, or none.
func (s *storm) ask(method, url, ticket string) (p place, err error) {
	req, err := http.NewRequestWithContext(context.Background(), method, url, http.NoBody)
	if err != nil {
		return p, err
	}
	if ticket != "" {
		req.Header.Set("Authorization", "Bearer "+ticket)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return p, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated {
		return p, fmt.Errorf("%s %s: %s", method, url, res.Status)
	}
	return p, json.NewDecoder(res.Body).Decode(&p)
}

// acknowledged is the joins that a gateway answered.
func (s *storm) acknowledged(g *gateway) []joined {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.joins), func(j joined) bool { return j.gateway != g })
}

func (s *storm) await(t *testing.T, g *gateway, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.acknowledged(g)) >= n }, patience, 10*time.Millisecond, "%s", lazy{g.process})
}

// end stops the storm; doing so twice changes nothing.
func (s *storm) end() {
	select {
	case <-s.stop:
	default:
		close(s.stop)
	}
	s.clients.Wait()
	s.client.CloseIdleConnections()
}

// requireInOrder: a join that was sent after another one was answered has the greater number, and no two have the same.
func requireInOrder(t *testing.T, joins []joined) {
	t.Helper()
	byAnswer := slices.SortedFunc(slices.Values(joins), func(a, b joined) int { return int(a.answered - b.answered) })
	bySent := slices.SortedFunc(slices.Values(joins), func(a, b joined) int { return int(a.sent - b.sent) })
	given, highest, next := map[int64]bool{}, int64(0), 0
	for _, b := range bySent {
		for ; byAnswer[next].answered < b.sent; next++ {
			highest = max(highest, byAnswer[next].number)
		}
		require.Greater(t, b.number, highest, "it was asked for later")
		require.False(t, given[b.number], "number %d was given twice", b.number)
		given[b.number] = true
		require.True(t, strings.Count(b.ticket, ".") > 0, "there is no ticket")
	}
}
