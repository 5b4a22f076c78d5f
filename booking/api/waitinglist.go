package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

func (a *API) joinWaitingList(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	var body struct {
		Count int   `json:"count"`
		Band  int64 `json:"band_id"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if err := validCount("count", body.Count); err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	place, err := a.Waiting.JoinWaitingList(limit, s, show.Slug, body.Count, body.Band)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, place)
	return nil
}

func (a *API) getWaitingPlace(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	place, err := a.Waiting.WaitingPlace(limit, s, show.Slug)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, place)
	return nil
}

func (a *API) leaveWaitingList(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Waiting.LeaveWaitingList(limit, s, show.Slug); err != nil {
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
