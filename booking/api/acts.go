package api

import (
	"context"
	"errors"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// act lets a request of staff through that changes something, and keeps the record of it: that it was asked is written before anything is
// done, what came of it after. When the outcome cannot be written, the act stands as asked, and the checker names it.
func (a *API) act(p auth.Permission, action string, next func(ctx *fasthttp.RequestCtx, s auth.Staff) error) endpoint.Handler {
	return auth.RequireStaff(a.Staff, p, func(ctx *fasthttp.RequestCtx, s auth.Staff) error {
		target := string(ctx.Path())
		begin, cancel := deadline()
		defer cancel()
		id, err := a.Acts.BeginAct(begin, s.Email, action, target)
		if err != nil {
			return err
		}
		done := next(ctx, s)
		if err := a.endAct(id, outcomeOf(done)); err != nil {
			a.Log.Error("what came of an act is not written down", "act", id, "action", action, "actor", s.Email, "target", target, "err", err)
		}
		return done
	})
}

func outcomeOf(err error) string {
	if err == nil {
		return "done"
	}
	return fault.From(err).Type
}

// endAct tries again when the record is busy: the act is done, and only this is left.
func (a *API) endAct(id int64, outcome string) error {
	limit, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	for {
		err := a.Acts.EndAct(limit, id, outcome)
		if !errors.Is(err, booking.ErrBusy) {
			return err
		}
	}
}
