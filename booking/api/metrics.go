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
	seatWatchers    = "booking_seat_watchers" // streams of seats that are open
	outboxWaiting   = "booking_outbox_waiting"
	outboxOldest    = "booking_outbox_oldest_seconds" // age of the oldest message that waits
)

// ObserveOutbox tells how many messages wait to be delivered, and how long the oldest has.
func ObserveOutbox(waiting int, oldest time.Duration) {
	metrics.GetOrCreateGauge(outboxWaiting, nil).Set(float64(waiting))
	metrics.GetOrCreateGauge(outboxOldest, nil).Set(oldest.Seconds())
}

// measured counts the answers of a route by status and observes how long they took. What comes before is asked before the contract is.
func (a *API) measured(route string, h endpoint.Handler, before ...func(endpoint.Handler) endpoint.Handler) fasthttp.RequestHandler {
	h = a.asDocumented(route, h)
	for _, b := range before {
		h = b(h)
	}
	handle := endpoint.Handle(a.Log, h)
	duration := metrics.GetOrCreateHistogram(requestDuration + `{route="` + route + `"}`)
	return func(ctx *fasthttp.RequestCtx) {
		start := time.Now()
		ctx.SetUserValue(operationKey{}, route)
		handle(ctx)
		duration.UpdateDuration(start)
		code := strconv.Itoa(ctx.Response.StatusCode())
		metrics.GetOrCreateCounter(requestsTotal + `{route="` + route + `",code="` + code + `"}`).Inc()
	}
}
