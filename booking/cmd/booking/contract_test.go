package main

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/booking/api"
	"anteroom/booking/postgres"
	"anteroom/internal/service"
)

// witnessed holds every answer that the service gives in a test against the contract; one that is not documented fails the test, each kind once.
func (s *system) witnessed(o service.Options) service.Options {
	var said sync.Map
	fail := func(format string, args ...any) {
		if _, again := said.LoadOrStore(fmt.Sprintf(format, args...), true); !again {
			s.t.Errorf("booking/openapi.yaml: "+format, args...)
		}
	}
	o.Handler, o.Private = witness(o.Handler, fail), witness(o.Private, fail)
	return o
}

func witness(next fasthttp.RequestHandler, fail func(format string, args ...any)) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		next(ctx)
		operation := api.Operation(ctx)
		if operation == "" {
			return // no route of the contract: health, metrics, an unknown path
		}
		var body []byte
		if !ctx.Response.IsBodyStream() {
			var err error
			if body, err = ctx.Response.BodyUncompressed(); err != nil {
				fail("%s: %v", operation, err)
			}
		}
		for _, wrong := range ownContract().Answer(operation, ctx.Response.StatusCode(), string(ctx.Response.Header.ContentType()), body) {
			fail("%s", wrong)
		}
	}
}

func TestEveryCallIsDocumentedAndEveryDocumentedCallIsThere(t *testing.T) {
	t.Parallel()
	calls := api.New(api.Options{Catalogue: postgres.NewStore(nil), Log: slog.Default()})
	calls.Public()
	calls.Control()
	served := slices.Sorted(slices.Values(calls.Operations()))
	require.Equal(t, ownContract().Operations(), served)
}

func TestTheWitnessSeesWhatIsNotDocumented(t *testing.T) {
	t.Parallel()
	// The control of all tests with a witness: the same calls, answered by a service that has left the contract.
	var seen int
	fail := func(string, ...any) { seen++ }
	calls := api.New(api.Options{Catalogue: postgres.NewStore(nil), Log: slog.New(slog.DiscardHandler)})
	public := calls.Public()
	ask := func(spoil func(*fasthttp.RequestCtx)) int {
		seen = 0
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI("/api/v1/session")
		witness(func(ctx *fasthttp.RequestCtx) { public(ctx); spoil(ctx) }, fail)(&ctx)
		return seen
	}
	require.Zero(t, ask(func(*fasthttp.RequestCtx) {}), "401 session-missing is as documented")
	for _, spoil := range []func(*fasthttp.RequestCtx){
		func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(418) },
		func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(200) },
		func(ctx *fasthttp.RequestCtx) { ctx.SetContentType("text/plain") },
		func(ctx *fasthttp.RequestCtx) {
			ctx.SetBodyString(`{"type":"urn:anteroom:problem:something-new","title":"T","status":401}`)
		},
		func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(`{"type":"urn:anteroom:problem:session-missing"}`) },
		func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(`no JSON`) },
	} {
		require.NotZero(t, ask(spoil))
	}
}
