package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/pprofhandler"

	"anteroom/internal/endpoint"
)

// checkTimeout bounds one readiness check.
const checkTimeout = time.Second

// Check is one thing a service needs. Probe returns nil when it is there.
type Check struct {
	Name  string // "redis", "postgresql", …
	Probe func(ctx context.Context) error
}

// ops answers on the private port. Health answers from memory: it never queues behind the service's own work.
type ops struct {
	checks   []Check
	private  fasthttp.RequestHandler // may be nil
	profiles bool
	draining atomic.Bool
}

func (o *ops) handle(ctx *fasthttp.RequestCtx) {
	path := string(ctx.Path())
	switch {
	case path == "/healthz":
		ctx.SetBodyString("ok\n")
	case path == "/readyz":
		o.ready(ctx)
	case path == "/metrics":
		ctx.SetContentType("text/plain; version=0.0.4; charset=utf-8")
		metrics.WritePrometheus(ctx, true)
	case o.profiles && strings.HasPrefix(path, "/debug/pprof"):
		pprofhandler.PprofHandler(ctx)
	case o.private != nil:
		o.private(ctx)
	default:
		endpoint.NotFound(ctx)
	}
}

// ready says what is missing, by name. The reason is shown: this port is private.
func (o *ops) ready(ctx *fasthttp.RequestCtx) {
	ready, checks := o.state()
	status := fasthttp.StatusOK
	if !ready {
		status = fasthttp.StatusServiceUnavailable
	}
	endpoint.JSON(ctx, status, struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks"`
	}{ready, checks})
}

// state asks all checks at once.
func (o *ops) state() (ready bool, checks map[string]string) {
	type outcome struct {
		name string
		err  error
	}
	outcomes := make(chan outcome, len(o.checks))
	for _, c := range o.checks {
		go func() {
			limit, cancel := context.WithTimeout(context.Background(), checkTimeout)
			defer cancel()
			outcomes <- outcome{c.Name, c.Probe(limit)}
		}()
	}
	ready, checks = true, map[string]string{}
	for range o.checks {
		r := <-outcomes
		checks[r.name] = "ok"
		if r.err != nil {
			ready = false
			checks[r.name] = r.err.Error()
		}
	}
	if o.draining.Load() {
		ready = false
		checks["service"] = "draining"
	}
	return ready, checks
}

// moveOn is the handler of the public port: while the service drains, every answer ends its connection, so that a client that keeps
// connections, a load balancer above all, takes the next request elsewhere of its own accord and never meets a closed one.
func (o *ops) moveOn(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		next(ctx)
		if o.draining.Load() {
			ctx.SetConnectionClose()
		}
	}
}

func sorted(names []string) string {
	slices.Sort(names)
	return fmt.Sprint(strings.Join(names, ", "))
}
