package schedule

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// Answer is what came of a job.
type Answer struct {
	Due      time.Time
	Sent     time.Time // when a connection was had: not later than the first byte left
	Answered time.Time // when the whole body was there: not earlier than the last byte arrived
	Status   int       // 0 when there is no answer
	Header   http.Header
	Body     []byte
	Err      error // why there is no answer
}

// Limits bound an attack. The functions are called from all goroutines that send.
type Limits struct {
	Workers     int           // requests under way at once
	Connections int           // open connections to each gateway, in each lane
	Timeout     time.Duration // of one request
	MaxBody     int64         // bytes of a body that are read; a longer one is an error

	Lanes    int                   // groups of connections, which jobs choose from; 0 is 1
	Source   func(lane int) net.IP // local address of the next connection; nil, or a nil answer, leaves it to the system
	Sent     func(lag time.Duration)
	InFlight func(change int) // 1 when a request begins, -1 when it ends
	Drain    time.Duration    // how long requests under way may go on after the context has ended; 0: to their timeout
}

// tag marks a request on its way through Vegeta's client with the job it belongs to; it is taken off before sending.
const tag = "X-Anteroom-Job"

// Run sends the jobs of the queue until none is left, the queue is closed or the context ends.
// It returns the number of requests that Vegeta sent.
func Run(ctx context.Context, q *Queue, l Limits) uint64 {
	abort, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	driver := &driver{queue: q, limits: l, abort: abort, under: map[uint64]*Job{}}
	for lane := range max(l.Lanes, 1) {
		transport := l.transport(lane)
		defer transport.CloseIdleConnections()
		driver.lanes = append(driver.lanes, transport)
	}
	attacker := vegeta.NewAttacker(
		vegeta.Client(&http.Client{
			Transport:     driver,
			Timeout:       l.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
		vegeta.Workers(uint64(min(l.Workers, 64))), // Vegeta adds workers up to the maximum as they are needed
		vegeta.MaxWorkers(uint64(l.Workers)),
	)
	stop := context.AfterFunc(ctx, func() {
		q.Close()
		if l.Drain > 0 {
			timer := time.AfterFunc(l.Drain, cancel)
			context.AfterFunc(abort, func() { timer.Stop() })
		}
	})
	defer stop()
	var sent uint64
	for range attacker.Attack(driver.target, q, 0, "") {
		sent++
	}
	return sent
}

func (l Limits) transport(lane int) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialer := net.Dialer{Timeout: l.Timeout, KeepAlive: 30 * time.Second}
			if l.Source != nil {
				if ip := l.Source(lane); ip != nil {
					dialer.LocalAddr = &net.TCPAddr{IP: ip}
				}
			}
			return dialer.DialContext(ctx, network, address)
		},
		MaxConnsPerHost:     l.Connections,
		MaxIdleConnsPerHost: l.Connections,
		MaxIdleConns:        0, // no bound over all hosts: the bound for each is enough
		IdleConnTimeout:     30 * time.Second,
		DisableCompression:  true, // a generator that inflates bodies measures itself
	}
}

// driver connects the queue with Vegeta: it is the Targeter, and the RoundTripper that times the request.
type driver struct {
	queue  *Queue
	limits Limits
	lanes  []http.RoundTripper
	abort  context.Context // ends when requests under way must

	mu    sync.Mutex
	last  uint64
	under map[uint64]*Job // by tag
}

func (d *driver) target(t *vegeta.Target) error {
	j := d.queue.take()
	d.mu.Lock()
	d.last++
	id := d.last
	d.under[id] = j
	d.mu.Unlock()
	*t = j.Target
	if t.Header = maps.Clone(j.Target.Header); t.Header == nil { // jobs may share one header
		t.Header = http.Header{}
	}
	t.Header[tag] = []string{strconv.FormatUint(id, 10)}
	return nil
}

func (d *driver) RoundTrip(req *http.Request) (*http.Response, error) {
	j := d.job(req)
	answer := Answer{Due: j.Due, Sent: time.Now()}
	if d.limits.Sent != nil {
		d.limits.Sent(answer.Sent.Sub(j.Due))
	}
	if d.limits.InFlight != nil {
		d.limits.InFlight(1)
		defer d.limits.InFlight(-1)
	}
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	defer context.AfterFunc(d.abort, cancel)()
	// A request that waits for a connection has not been sent: the later, true moment makes the check of order sharper.
	trace := httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { answer.Sent = time.Now() }}
	res, err := d.lanes[min(j.Lane, len(d.lanes)-1)].RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, &trace)))
	if err == nil {
		answer.Status, answer.Header = res.StatusCode, res.Header
		answer.Body, err = d.read(res)
	}
	answer.Answered, answer.Err = time.Now(), err
	if err != nil {
		answer.Status = 0
	}
	j.Done(answer)
	d.queue.finished()
	return res, err
}

// job takes the tag off the request, and what Vegeta adds: the services see what a browser would send.
func (d *driver) job(req *http.Request) *Job {
	id, _ := strconv.ParseUint(req.Header.Get(tag), 10, 64)
	req.Header.Del(tag)
	req.Header.Del("X-Vegeta-Seq")
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.under[id]
	delete(d.under, id)
	return j
}

// read takes the whole body, so that the connection can be used again, and leaves Vegeta an empty one.
func (d *driver) read(res *http.Response) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, res.Body, d.limits.MaxBody))
	if closing := res.Body.Close(); err == nil {
		err = closing
	}
	res.Body = io.NopCloser(bytes.NewReader(nil))
	return body, err
}
