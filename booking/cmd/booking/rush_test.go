package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/auth"
	"anteroom/internal/testenv"
)

// rush is a crowd that buys seats of the show "small" as fast as it can, and writes down what it is told. A client who does not know what came of a
// request repeats it under the same key, as ours do, until it knows.
type rush struct {
	t      testing.TB
	public string
	pass   string
	seats  []int64

	bought, unknown atomic.Int64 // purchases acknowledged, and requests without an answer that says what was done
	stopped         chan struct{}
	begun           sync.Once
	clients         sync.WaitGroup

	till   sync.RWMutex // whoever pays goes past it; see interrupt
	atTill atomic.Int64 // who has an order and has not sent a payment for it yet

	mu   sync.Mutex
	told booking.Journal
}

// newRush is a rush that begins when purchases are first waited for, so that there are seats left however long the test takes to prepare the rest.
func newRush(t testing.TB, public, pass string, seats []int64) *rush {
	r := &rush{t: t, public: public, pass: pass, seats: seats, stopped: make(chan struct{})}
	t.Cleanup(r.clients.Wait) // of a test that failed meanwhile, whose context has ended
	return r
}

func (r *rush) over() bool {
	select {
	case <-r.stopped:
		return true
	case <-r.t.Context().Done():
		return true
	default:
		return false
	}
}

// end stops the clients, each when what it is doing is known, and returns what they were told.
func (r *rush) end() booking.Journal {
	close(r.stopped)
	r.clients.Wait()
	return r.told
}

// more waits for so many more purchases.
func (r *rush) more(n int64) {
	r.t.Helper()
	r.begun.Do(func() {
		for i := range rushClients {
			r.clients.Go(func() { r.buyOnAndOn(i) })
		}
	})
	want := r.bought.Load() + n
	require.True(r.t, testenv.Eventually(func() bool { return r.bought.Load() >= want }), "%d bought, %d wanted", r.bought.Load(), want)
}

// interrupt kills what serves the rush in the middle of a purchase, for certain: somebody who has an order is kept from paying for it until there is
// nobody to pay. It returns when the one who tried knows.
func (r *rush) interrupt(kill func()) {
	r.t.Helper()
	before := r.unknown.Load()
	func() {
		r.till.Lock()
		defer r.till.Unlock()
		require.True(r.t, testenv.Eventually(func() bool { return r.atTill.Load() > 0 }), "nobody comes to pay")
		kill()
	}()
	require.True(r.t, testenv.Eventually(func() bool { return r.unknown.Load() > before }), "nobody noticed")
}

func (r *rush) buyOnAndOn(client int) {
	for visit := 0; !r.over(); visit++ {
		jar, _ := cookiejar.New(nil)
		c := &shopper{rush: r, id: client, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
		if status, _ := c.ask("guest", "POST", "/api/v1/guests", "", `{"email":"guest@example.org"}`, booking.Told{}); status != http.StatusCreated {
			c.pause()
			continue
		}
		at := rand.IntN(len(r.seats) - 1)
		var hold booking.Hold
		if status, body := c.ask("hold", "POST", "/api/v1/shows/small/holds", "", ids(r.seats[at:at+1+rand.IntN(2)]...), booking.Told{}); status != http.StatusCreated || json.Unmarshal(body, &hold) != nil {
			if status == 0 || status >= 500 {
				c.pause()
			}
			continue
		}
		c.buy(hold, fmt.Sprintf("%d-%d-%d", client, visit, rand.Uint64()))
	}
}

// shopper is one client on one visit.
type shopper struct {
	*rush
	id   int
	http *http.Client
}

var cards = []string{payment.CardPays, payment.CardPays, payment.CardPays, payment.CardAnswerLost, payment.CardDeclined}

func (c *shopper) buy(hold booking.Hold, key string) {
	status, body := c.insist("order", "/api/v1/orders", "place-"+key, `{"hold_id":"`+hold.ID+`"}`, "")
	var order booking.Order
	if status != http.StatusCreated || json.Unmarshal(body, &order) != nil {
		return
	}
	c.atTill.Add(1)
	c.till.RLock()
	c.atTill.Add(-1)
	c.till.RUnlock()
	card := cards[rand.IntN(len(cards))]
	status, _ = c.insist("pay", "/api/v1/orders/"+order.ID+"/payment", "pay-"+key, `{"card_number":"`+card+`"}`, order.ID)
	if status == http.StatusOK {
		c.bought.Add(1)
	}
}

// insist repeats a request under its key until there is an answer that says what was done.
func (c *shopper) insist(action, path, key, body, order string) (status int, answer []byte) {
	for {
		status, answer = c.ask(action, "POST", path, key, body, booking.Told{Order: order})
		switch {
		case status == 0 || status >= 500:
			c.unknown.Add(1)
		case status == http.StatusConflict && bytes.Contains(answer, []byte("idempotency-key-in-flight")): // the one before may still be at work
		default:
			return status, answer
		}
		if !c.pause() {
			return status, answer
		}
	}
}

// pause waits a moment, so that who cannot be served does not make the machine busy with being refused; false when the rush has been over for a while.
func (c *shopper) pause() bool {
	select {
	case <-time.After(time.Duration(20+rand.IntN(40)) * time.Millisecond):
		return true
	case <-c.t.Context().Done():
		return false
	}
}

// ask sends a request and writes down what came of it; status 0 is no answer.
func (c *shopper) ask(action, method, path, key, body string, told booking.Told) (status int, answer []byte) {
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.public+path, bytes.NewReader([]byte(body)))
	if err != nil {
		c.t.Error(err)
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Waitroom-Pass", c.pass)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	told.Visitor, told.Action, told.Sent = c.id, action, time.Now().UnixNano()
	res, err := c.http.Do(req)
	if err == nil {
		answer, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
	}
	told.Answered = time.Now().UnixNano()
	if err != nil {
		told.Error = err.Error()
	} else {
		told.Status = res.StatusCode
		var about struct{ ID, State string }
		if json.Unmarshal(answer, &about) == nil && (action == "order" || action == "pay") && res.StatusCode < 300 {
			told.Order, told.State = about.ID, about.State
		}
	}
	c.mu.Lock()
	c.told = append(c.told, told)
	c.mu.Unlock()
	return told.Status, answer
}

// passFor is a pass for the show's room that lasts as long as a test.
func passFor(t testing.TB, keys *auth.Keys) string {
	token, err := keys.SignPass(auth.Pass{Room: "small", Epoch: 1, Number: 7, AdmittedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	return token
}
