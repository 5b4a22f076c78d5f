package api

import (
	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

// enterSimulator adds the call that makes the simulated payment provider slow or unreachable, for staff who try what becomes of purchases then.
func (a *API) enterSimulator(r *router.Router) {
	r.PUT("/control/v1/simulator", a.measured("staffSetSimulator", a.act(auth.OrderWrite, "staffSetSimulator", a.staffSetSimulator)))
}

func (a *API) staffSetSimulator(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	if a.Simulated == nil {
		return booking.ErrProviderReal
	}
	var c booking.Condition
	if err := endpoint.Decode(ctx, &c); err != nil {
		return err
	}
	if err := c.Validate(); err != nil {
		return err
	}
	a.Simulated.SetCondition(c)
	endpoint.JSON(ctx, fasthttp.StatusOK, c)
	return nil
}
