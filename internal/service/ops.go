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
	case strings.HasPrefix(path, "/debug/pprof"):
		pprofhandler.PprofHandler(ctx)
	case o.private != nil:
		o.private(ctx)
	default:
		endpoint.NotFound(ctx)
	}
}

// ready says what is missing, by name. The reason is shown: this port is private.
func (o *ops) ready(ctx *fasthttp.RequestCtx) {
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
	answer := struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks"`
	}{!o.draining.Load(), map[string]string{}}
	for range o.checks {
		r := <-outcomes
		answer.Checks[r.name] = "ok"
		if r.err != nil {
			answer.Ready = false
			answer.Checks[r.name] = r.err.Error()
		}
	}
	if o.draining.Load() {
		answer.Checks["service"] = "draining"
	}
	status := fasthttp.StatusOK
	if !answer.Ready {
		status = fasthttp.StatusServiceUnavailable
	}
	endpoint.JSON(ctx, status, answer)
}

func sorted(names []string) string {
	slices.Sort(names)
	return fmt.Sprint(strings.Join(names, ", "))
}
