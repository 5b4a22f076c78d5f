package api

import (
	"fmt"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
)

// streams is how many live pages are open now, a gauge.
var streams = metrics.NewCounter("admin_streams")

// signIns counts sign-ins by outcome: done, refused, failed.
func signIns(err error) *metrics.Counter {
	return byOutcome("admin_sign_ins_total", err)
}

// roomChanges counts changes of rooms that were asked for by someone permitted, by outcome.
func roomChanges(err error) *metrics.Counter {
	return byOutcome("admin_room_changes_total", err)
}

func byOutcome(name string, err error) *metrics.Counter {
	outcome, _ := adminapi.Judge(err)
	return metrics.GetOrCreateCounter(fmt.Sprintf("%s{outcome=%q}", name, outcome))
}

// counted counts the answers of a route by class of status.
func counted(r Route, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	var classes [6]*metrics.Counter
	for i := range classes {
		classes[i] = metrics.GetOrCreateCounter(fmt.Sprintf(`admin_requests_total{method=%q,route=%q,status="%dxx"}`, r.Method, r.Path, i))
	}
	return func(ctx *fasthttp.RequestCtx) {
		next(ctx)
		classes[min(ctx.Response.StatusCode()/100, 5)].Inc()
	}
}
