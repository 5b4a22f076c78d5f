package api

import (
	"slices"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

// holdSeats takes chosen seats, or the best, or any of a general section: whichever one of the three the body asks for.
func (a *API) holdSeats(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	var body struct {
		SeatIDs []int64     `json:"seat_ids"`
		Best    *bestAsk    `json:"best"`
		General *generalAsk `json:"general"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	var hold booking.Hold
	switch {
	case (body.Best != nil && body.General != nil) || (body.SeatIDs != nil && (body.Best != nil || body.General != nil)):
		return booking.ErrSeatsInvalid.WithField("", "names more than one of seat_ids, best and general")
	case body.Best != nil:
		if err := validCount("best.count", body.Best.Count); err != nil {
			return err
		}
		hold, err = a.Holds.HoldBest(limit, s, show.Slug, booking.BestAsk(*body.Best))
	case body.General != nil:
		if err := validCount("general.count", body.General.Count); err != nil {
			return err
		}
		hold, err = a.Holds.HoldGeneral(limit, s, show.Slug, body.General.Section, body.General.Count)
	default:
		if err := validSeats(body.SeatIDs); err != nil {
			return err
		}
		hold, err = a.Holds.HoldSeats(limit, s, show.Slug, body.SeatIDs)
	}
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, hold)
	return nil
}

// bestAsk is booking.BestAsk as the contract has it.
type bestAsk struct {
	Count      int    `json:"count"`
	Band       int64  `json:"band_id"`
	Section    string `json:"section"`
	Accessible bool   `json:"accessible"`
	AllowSplit bool   `json:"allow_split"`
}

type generalAsk struct {
	Section string `json:"section"`
	Count   int    `json:"count"`
}

func validCount(field string, n int) error {
	if n < 1 || n > booking.MaxSeatsPerHold {
		return booking.ErrSeatsInvalid.WithField(field, "must be 1 to %d", booking.MaxSeatsPerHold)
	}
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
	s, hold, err := a.ownHold(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Holds.ReleaseHold(limit, s, show.Slug, hold); err != nil {
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

func (a *API) renewHold(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, id, err := a.ownHold(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	hold, err := a.Holds.RenewHold(limit, s, show.Slug, id)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, hold)
	return nil
}

func (a *API) changeHold(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, id, err := a.ownHold(ctx)
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
	hold, err := a.Holds.ChangeHold(limit, s, show.Slug, id, body.SeatIDs)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, hold)
	return nil
}

func (a *API) listHolds(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, err := a.session(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	holds, err := a.Holds.OwnHolds(limit, s, show.Slug)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"holds": holds})
	return nil
}

func (a *API) getHold(ctx *fasthttp.RequestCtx, show booking.Show) error {
	s, id, err := a.ownHold(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	hold, err := a.Holds.OwnHold(limit, s, show.Slug, id)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, hold)
	return nil
}

// ownHold is the session and the hold of the request. It fails with "session-missing" and "hold-unknown".
func (a *API) ownHold(ctx *fasthttp.RequestCtx) (booking.Session, string, error) {
	s, err := a.session(ctx)
	if err != nil {
		return nil, "", err
	}
	hold := param(ctx, "hold")
	if !booking.ValidID(hold) {
		return nil, "", booking.ErrHoldUnknown
	}
	return s, hold, nil
}
