package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/service"
	"anteroom/waitroom/proxy"
)

// operations are the settings of how the gateway is run and watched.
type operations struct {
	DrainDelay time.Duration
	LogSample  int
	Profiles   bool

	logTo io.Writer        // for tests; nil: the standard error
	clock func() time.Time // for tests: what the line takes for the time; nil: the clock of Redis
}

func (o *operations) operationFlags(f *service.Flags) {
	f.Duration(&o.DrainDelay, "drain-delay", 5*time.Second, "how long after a SIGTERM the gateway goes on serving while /readyz says 503, so that load balancers can notice and stop sending, 0s to 10m; a second signal ends it")
	f.Int(&o.LogSample, "log-sample", 1000, "one of so many ordinary requests is logged, 0 to 1000000000; 0: none. Polls of visitors who wait are never logged; errors and refusals always are, at a bounded rate")
	f.Bool(&o.Profiles, "profiles", false, "serve profiles under /debug/pprof on the private port")
}

func (o *operations) validateOperations() error {
	switch {
	case o.DrainDelay < 0 || o.DrainDelay > 10*time.Minute:
		return fmt.Errorf("--drain-delay must be from 0s to 10m, is %s", o.DrainDelay)
	case o.LogSample < 0 || o.LogSample > 1_000_000_000:
		return fmt.Errorf("--log-sample must be from 0 to 1000000000, is %d", o.LogSample)
	}
	return nil
}

// log is where the gateway's lines go, as JSON.
func (o *operations) log() *slog.Logger {
	to := o.logTo
	if to == nil {
		to = os.Stderr
	}
	return slog.New(slog.NewJSONHandler(to, nil))
}

// access names the requests of the public port and logs some of them.
func (o *operations) access(log *slog.Logger, trusted func(*fasthttp.RequestCtx) bool) *endpoint.Access {
	return &endpoint.Access{Log: log, Sample: o.LogSample, Trusted: trusted, Quiet: isPoll}
}

var (
	visitorCalls = []byte("/waitroom/v1/")
	statusCall   = []byte("/status")
	servingCall  = []byte("/serving")
)

// isPoll reports whether an answer was to somebody who waits and will ask again soon.
func isPoll(ctx *fasthttp.RequestCtx) bool {
	if len(ctx.Response.Header.Peek(proxy.HeaderState)) > 0 {
		return true
	}
	path := ctx.Path()
	return bytes.HasPrefix(path, visitorCalls) && ctx.Response.StatusCode() == fasthttp.StatusOK &&
		(bytes.HasSuffix(path, statusCall) || bytes.HasSuffix(path, servingCall))
}
