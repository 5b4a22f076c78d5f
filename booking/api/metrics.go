package api

import (
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// The metrics of the service. The label route is the operationId of the contract, so it is bounded.
const (
	requestsTotal   = "booking_requests_total"
	requestDuration = "booking_request_duration_seconds"
)

// measured counts the answers of a route by status and observes how long they took.
func (a *API) measured(route string, h endpoint.Handler) fasthttp.RequestHandler {
	handle := endpoint.Handle(a.Log, h)
	duration := metrics.GetOrCreateHistogram(requestDuration + `{route="` + route + `"}`)
	return func(ctx *fasthttp.RequestCtx) {
		start := time.Now()
		handle(ctx)
		duration.UpdateDuration(start)
		code := strconv.Itoa(ctx.Response.StatusCode())
		metrics.GetOrCreateCounter(requestsTotal + `{route="` + route + `",code="` + code + `"}`).Inc()
	}
}
