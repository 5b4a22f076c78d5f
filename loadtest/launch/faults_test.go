package launch

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

const (
	// patience is how long a test waits for what must happen.
	patience = 2 * time.Minute
	// silence is how long it waits for what must not: a part that is broken does not answer, however long it is asked.
	silence = time.Second
	// slower is how much slower a part is made; nobody can be faster than that.
	slower = 400 * time.Millisecond
)

// buyer is a visitor with cookies, who may ask any gateway.
type buyer struct {
	t    *testing.T
	http http.Client
}

func newBuyer(t *testing.T) *buyer {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	b := &buyer{t: t, http: http.Client{Jar: jar}}
	t.Cleanup(b.http.CloseIdleConnections)
	return b
}

// ask returns the status and the body of an answer. Status 0: there was none in time.
func (b *buyer) ask(limit time.Duration, method, url string, body any) (int, []byte) {
	ctx, cancel := context.WithTimeout(b.t.Context(), limit)
	defer cancel()
	var content io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(b.t, err)
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, content)
	require.NoError(b.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", rand.Text())
	res, err := b.http.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

// until tries until it succeeds or patience is over.
func until(try func() bool) bool {
	limit := time.Now().Add(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !try() {
		if time.Now().After(limit) {
			return false
		}
		<-tick.C
	}
	return true
}

// want asks until there is a good answer, as a page that reloads does, and decodes it.
func want[T any](b *buyer, method, url string, body any) T {
	b.t.Helper()
	var out T
	var status int
	var raw []byte
	until(func() bool {
		status, raw = b.ask(patience, method, url, body)
		return status/100 == 2
	})
	require.Equal(b.t, 2, status/100, "%s %s: %d %s", method, url, status, raw)
	require.NoError(b.t, json.Unmarshal(raw, &out), string(raw))
	return out
}

type ticket struct {
	Number int64  `json:"number"`
	State  string `json:"state"`
}

type order struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// order holds the n-th seat of the show in the room that lets everybody in, and orders it.
func (b *buyer) order(gateway string, n int) order {
	b.t.Helper()
	require.True(b.t, until(func() bool {
		return want[ticket](b, http.MethodPost, gateway+"/waitroom/v1/theatre/join", nil).State == "admitted"
	}))
	seats := want[struct{ Seats struct{ ID []int64 } }](b, http.MethodGet, gateway+"/api/v1/shows/theatre/seats", nil)
	hold := want[struct{ ID string }](b, http.MethodPost, gateway+"/api/v1/shows/theatre/holds", map[string]any{"seat_ids": seats.Seats.ID[n : n+1]})
	return want[order](b, http.MethodPost, gateway+"/api/v1/orders", map[string]any{"hold_id": hold.ID})
}

// TestEveryFaultIsDoneAndUndone does each fault to one launched system and sees that it is done, and, as the control, that the same question is
// answered when it is undone.
func TestEveryFaultIsDoneAndUndone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	s, err := Start(ctx, Options{Gateways: 2, Fast: true, Faults: true, Progress: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	first, last := s.Gateways[0], s.Gateways[1]

	b := newBuyer(t)
	want[any](b, http.MethodPost, first+"/api/v1/guests", map[string]any{"email": "guest@demo.test"})
	line := func(limit time.Duration) bool { // Redis
		status, _ := newBuyer(t).ask(limit, http.MethodPost, first+"/waitroom/v1/arena/join", nil)
		return status/100 == 2
	}
	sale := func(limit time.Duration) bool { // booking, and PostgreSQL behind it
		status, _ := newBuyer(t).ask(limit, http.MethodPost, first+"/api/v1/guests", map[string]any{"email": "guest@demo.test"})
		return status/100 == 2
	}
	gateway := func(limit time.Duration) bool {
		status, _ := newBuyer(t).ask(limit, http.MethodGet, last+"/waitroom/v1/arena/serving", nil)
		return status/100 == 2
	}
	for what, probes := range map[string][]func(time.Duration) bool{
		"redis": {line}, "postgres": {sale}, "booking": {sale}, "gateway": {gateway}, "network": {line, sale},
	} {
		for _, how := range possible[what] {
			t.Run(what+" "+how, func(t *testing.T) {
				b.t = t
				placed := want[ticket](b, http.MethodPost, first+"/waitroom/v1/arena/join", nil)
				_, mend, err := s.Begin(ctx, profile.Fault{What: what, How: how, By: profile.Duration(slower)})
				require.NoError(t, err)
				for _, answered := range probes {
					if how == "slow" {
						var began time.Time // of the try that was answered: on a busy machine the services give one up now and then
						require.True(t, until(func() bool { began = time.Now(); return answered(patience) }))
						require.GreaterOrEqual(t, time.Since(began), slower)
					} else {
						require.False(t, answered(silence), "nobody should have answered")
					}
				}
				require.NoError(t, mend(ctx))
				for _, answered := range probes {
					require.True(t, until(func() bool { return answered(patience) }), "it does not work again")
				}
				// What was acknowledged before is there after: a place, and a buyer's session.
				again := want[ticket](b, http.MethodPost, first+"/waitroom/v1/arena/join", nil)
				require.Equal(t, placed.Number, again.Number)
				want[any](b, http.MethodGet, first+"/api/v1/session", nil)
			})
		}
	}
	t.Run("payment", func(t *testing.T) {
		b.t = t
		payWhileBroken(ctx, t, s, b)
	})

	counts, _, err := s.Recount(ctx)
	require.NoError(t, err)
	for name, count := range counts {
		require.Zero(t, count, name)
	}
	select {
	case err := <-s.Died:
		t.Fatal("a program ended that nobody asked to end: ", err)
	default:
	}
}

func payWhileBroken(ctx context.Context, t *testing.T, s *System, b *buyer) {
	gateway := s.Gateways[0]
	for i, c := range []struct {
		how, state string
		atLeast    time.Duration
	}{{"slow", "paid", slower}, {"cut", "confirming", 0}, {"", "paid", 0}} {
		o := b.order(gateway, i)
		mend := func(context.Context) error { return nil }
		if c.how != "" {
			var err error
			_, mend, err = s.Begin(ctx, profile.Fault{What: "payment", How: c.how, By: profile.Duration(slower)})
			require.NoError(t, err)
		}
		began := time.Now()
		paid := want[order](b, http.MethodPost, gateway+"/api/v1/orders/"+o.ID+"/payment", map[string]any{"card_number": "4242424242424242"})
		require.Equal(t, c.state, paid.State, "with the provider %q", c.how)
		require.GreaterOrEqual(t, time.Since(began), c.atLeast)
		require.NoError(t, mend(ctx))
	}
}

func TestFaultsThatCannotBeDoneAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	s := &System{relays: relays{}}
	s.Gateways = []string{"http://127.0.0.1:1"}
	long := profile.Duration(time.Hour)
	for want, f := range map[string]profile.Fault{
		`there is no "moon" to break`:          {What: "moon", How: "cut"},
		`payment cannot be broken by "kill"`:   {What: "payment", How: "kill"},
		`gateway cannot be broken by "slow"`:   {What: "gateway", How: "slow"},
		"it wants at least two gateways":       {What: "gateway", How: "kill"},
		"by must say how much slower":          {What: "redis", How: "slow"},
		"by must be at most 1m, and is 1h0m0s": {What: "payment", How: "slow", By: long},
	} {
		require.ErrorContains(t, s.Can(f), want, fmt.Sprint(f))
		_, _, err := s.Begin(t.Context(), f)
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, s.Can(profile.Fault{What: "redis", How: "kill"}))
	s.relays = nil
	require.ErrorContains(t, s.Can(profile.Fault{What: "redis", How: "kill"}), "was not brought up for faults")
}
