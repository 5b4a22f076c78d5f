package api

import (
	"slices"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

func (a *API) holdSeats(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	var body struct {
		SeatIDs []int64 `json:"seat_ids"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if err := validSeats(body.SeatIDs); err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	hold, err := a.Holds.HoldSeats(limit, s, show.Slug, body.SeatIDs)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, hold)
	return nil
}

func validSeats(ids []int64) error {
	wrong := func(format string, args ...any) error {
		return booking.ErrSeatsInvalid.WithField("seat_ids", format, args...)
	}
	if len(ids) < 1 || len(ids) > booking.MaxSeatsPerHold {
		return wrong("must name 1 to %d seats", booking.MaxSeatsPerHold)
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return wrong("names seat %d twice", id)
		}
	}
	return nil
}

func (a *API) releaseHold(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	hold := param(ctx, "hold")
	if !booking.ValidID(hold) {
		return booking.ErrHoldUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Holds.ReleaseHold(limit, s, show.Slug, hold); err != nil {
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
