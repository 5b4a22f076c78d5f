package forward

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

// held is an upstream that answers when it is told to.
func held(asked chan<- struct{}, answer <-chan struct{}) func(int, *peer) {
	return func(_ int, c *peer) {
		for c.head() != "" {
			asked <- struct{}{}
			<-answer
			if c.say(hello) != nil {
				return
			}
		}
	}
}

func TestTheLeastLoadedAddressIsChosen(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 100), make(chan struct{})
	f := serve(t, Options{Addresses: []string{upstream(t, held(asked, answer)), upstream(t, held(asked, answer)), upstream(t, held(asked, answer))}})
	var visitors sync.WaitGroup
	for range 30 {
		visitors.Go(func() { dial(t, f.addr).request(t, get) })
		<-asked // one after the other
	}
	for _, s := range f.pool.States() {
		assert.EqualValues(t, 10, s.InFlight)
	}
	close(answer)
	visitors.Wait()
	eventually(t, "nothing is under way", func() bool {
		return !slices.ContainsFunc(f.pool.States(), func(s State) bool { return s.InFlight != 0 })
	})
}

func TestAFullUpstreamIsBusy(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 100), make(chan struct{})
	f := serve(t, Options{MaxConns: 2, Addresses: []string{upstream(t, held(asked, answer)), upstream(t, held(asked, answer))}})
	var visitors sync.WaitGroup
	for range 4 {
		visitors.Go(func() { dial(t, f.addr).request(t, get) })
		<-asked
	}
	visitor := dial(t, f.addr)
	res, body := visitor.request(t, get)
	assert.Equal(t, 503, res.StatusCode)
	assert.Contains(t, body, "upstream-busy")
	assert.Equal(t, "1", res.Header.Get("Retry-After"))
	close(answer)
	visitors.Wait()
	eventually(t, "there is room again", func() bool { res, _ := visitor.request(t, get); return res.StatusCode == 200 })
}

// nobody is an address where nothing listens, nor will before the test is over.
func nobody(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
}

func TestAnAddressThatCannotBeReachedIsPassedOver(t *testing.T) {
	t.Parallel()
	changes := make(chan string, 100)
	down := nobody(t)
	f := serve(t, Options{FailAfter: 2, LeaveOut: time.Hour, LeaveMost: time.Hour, Addresses: []string{down, upstream(t, ok(nil, hello))},
		Changed: func(address string, up bool, why string) {
			changes <- address
			assert.False(t, up)
			assert.NotEmpty(t, why)
		}})
	visitor := dial(t, f.addr)
	for range 10 {
		_, body := visitor.request(t, get)
		require.Equal(t, "hello", body, "no visitor notices")
	}
	assert.Equal(t, down, <-changes)
	assert.False(t, f.pool.States()[0].Up)
	assert.True(t, f.pool.States()[1].Up)
	assert.Empty(t, changes)
}

func TestAnAddressComesBack(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	broken.Store(true)
	changes := make(chan bool, 100)
	sick := func(_ int, c *peer) {
		for c.head() != "" && !broken.Load() && c.say(hello) == nil {
		}
	}
	f := serve(t, Options{FailAfter: 1, LeaveOut: 10 * time.Millisecond, LeaveMost: 40 * time.Millisecond, Addresses: []string{upstream(t, sick), upstream(t, ok(nil, hello))},
		Changed: func(_ string, up bool, _ string) { changes <- up }})
	visitor := dial(t, f.addr)
	ask := func() { visitor.request(t, get) }
	for down := 0; down < 3; { // again and again
		select {
		case up := <-changes:
			require.False(t, up)
			down++
		default:
			ask()
		}
	}
	broken.Store(false)
	eventually(t, "it is taken back", func() bool {
		ask()
		select {
		case up := <-changes:
			return up
		default:
			return false
		}
	})
	assert.True(t, f.pool.States()[0].Up)
}

// To leave out the last address would make an outage of a few failures.
func TestTheLastAddressIsNeverLeftOut(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3} {
		var broken atomic.Bool
		broken.Store(true)
		var addresses []string
		for range n {
			addresses = append(addresses, upstream(t, func(_ int, c *peer) {
				for c.head() != "" && !broken.Load() && c.say(hello) == nil {
				}
			}))
		}
		f := serve(t, Options{FailAfter: 1, LeaveOut: time.Hour, LeaveMost: time.Hour, Addresses: addresses})
		visitor := dial(t, f.addr)
		for range 3 * n {
			res, _ := visitor.request(t, get)
			require.Equal(t, 502, res.StatusCode)
		}
		up := 0
		for _, s := range f.pool.States() {
			if s.Up {
				up++
			}
		}
		assert.Equal(t, 1, up)
		broken.Store(false)
		_, body := visitor.request(t, get)
		assert.Equal(t, "hello", body)
	}
}

func TestHealthChecks(t *testing.T) {
	t.Parallel()
	var status atomic.Value
	status.Store("200 OK")
	checks := make(chan string, 1)
	sometimes := func(_ int, c *peer) {
		for {
			head := c.head()
			if head == "" {
				return
			}
			if strings.HasPrefix(head, "GET /health ") {
				select {
				case checks <- head:
				default: // one is enough, and there may be any number
				}
				_ = c.say("HTTP/1.1 " + status.Load().(string) + "\r\nContent-Length: 0\r\n\r\n")
			} else if c.say(strings.ReplaceAll(hello, "hello", "other")) != nil {
				return
			}
		}
	}
	changes := make(chan bool, 100)
	f := serve(t, Options{Addresses: []string{upstream(t, sometimes), upstream(t, ok(nil, hello))}, Health: Health{Path: "/health", Host: "check.test", Every: 10 * time.Millisecond, Timeout: patience},
		Changed: func(_ string, up bool, _ string) { changes <- up }})
	assert.Contains(t, <-checks, "\r\nHost: check.test\r\n")
	for _, bad := range []string{"503 Service Unavailable", "302 Found", "garbage"} {
		status.Store(bad)
		require.False(t, <-changes, bad)
		visitor := dial(t, f.addr)
		for range 10 {
			_, body := visitor.request(t, get)
			require.Equal(t, "hello", body, "nothing is sent to an address that says it is not well")
		}
		status.Store("204 No Content")
		require.True(t, <-changes)
	}
}

// Where the checks say that nothing is well, a request is still the better judge.
func TestWhereNothingIsWellEverythingIsTried(t *testing.T) {
	t.Parallel()
	changes := make(chan bool, 100)
	f := serve(t, Options{Addresses: []string{upstream(t, ok(nil, hello)), upstream(t, ok(nil, hello))}, Health: Health{Path: "/health", Status: 204, Every: 10 * time.Millisecond, Timeout: patience},
		Changed: func(_ string, up bool, _ string) { changes <- up }})
	require.False(t, <-changes)
	require.False(t, <-changes)
	_, body := dial(t, f.addr).request(t, get)
	assert.Equal(t, "hello", body)
}

func TestIdleConnectionsGrowOld(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	f := serve(t, Options{IdleAge: 50 * time.Millisecond, Addresses: []string{upstream(t, func(_ int, c *peer) {
		if c.head() != "" && c.say(hello) == nil {
			c.untilClosed()
			close(closed)
		}
	})}})
	dial(t, f.addr).request(t, get)
	<-closed
	assert.Zero(t, f.pool.States()[0].Idle)
}

func TestAClosedPoolEnds(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 100), make(chan struct{})
	f := serve(t, Options{Addresses: []string{upstream(t, held(asked, answer))}})
	visitor := dial(t, f.addr)
	require.NoError(t, visitor.say(get))
	<-asked
	f.pool.Close()
	select {
	case <-f.pool.Ended():
		t.Fatal("a request is under way")
	default:
	}
	close(answer)
	_, body := visitor.answer(t, "GET")
	assert.Equal(t, "hello", body)
	<-f.pool.Ended()
	res, _ := visitor.request(t, get)
	assert.Equal(t, 502, res.StatusCode)
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := Options{Name: "shop", Addresses: []string{"127.0.0.1:80"}}
	for want, change := range map[string]func(*Options){
		"must have a name":       func(o *Options) { o.Name = "" },
		"http or https":          func(o *Options) { o.Scheme = "ftp" },
		"there is no address":    func(o *Options) { o.Addresses = nil },
		"is there twice":         func(o *Options) { o.Addresses = append(o.Addresses, o.Addresses[0]) },
		"host:port":              func(o *Options) { o.Addresses = []string{"localhost"} },
		"port from 1":            func(o *Options) { o.Addresses = []string{"localhost:0"} },
		"plainly":                func(o *Options) { o.Addresses = []string{"a b:80"} },
		"connections must be":    func(o *Options) { o.MaxConns = -1 },
		"bound of the body":      func(o *Options) { o.MaxBody = -1 },
		"silence must be":        func(o *Options) { o.Silence = -time.Second },
		"path of the health":     func(o *Options) { o.Health.Path = "health" },
		"must begin with /":      func(o *Options) { o.Health.Path = "/a b\r\n" },
		"host of the health":     func(o *Options) { o.Health.Host = "a\r\nb" },
		"status of the health":   func(o *Options) { o.Health.Status = 99 },
		"cannot be left out for": func(o *Options) { o.LeaveOut = time.Minute },
	} {
		o := good
		o.Addresses = slices.Clone(o.Addresses)
		change(&o)
		_, err := New(o)
		require.ErrorContains(t, err, want)
	}
	for url, want := range map[string]string{"http://a": "a:80", "https://a": "a:443", "http://[::1]:8081/": "[::1]:8081"} {
		o, err := FromURL("shop", url)
		require.NoError(t, err)
		assert.Equal(t, []string{want}, o.Addresses)
	}
	for _, url := range []string{"ftp://a", "a:80", "http://a/b", "http://u@a", "http://a?b", "http://", "://"} {
		_, err := FromURL("shop", url)
		require.ErrorContains(t, err, "shop: ", url)
	}
}
