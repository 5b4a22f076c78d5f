package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

const (
	jsonType = "application/json"
	csvType  = "text/csv"
)

// layoutEntered is what a call that enters a drawing answers.
type layoutEntered struct {
	Layout   booking.LayoutInfo    `json:"layout"`
	Warnings []booking.PlanWarning `json:"warnings"`
}

// layoutOf names a version of a venue's layout by the path. It fails with "layout-unknown".
func layoutOf(ctx *fasthttp.RequestCtx) (venue string, version int, err error) {
	venue = param(ctx, "venue")
	n, err := strconv.ParseInt(param(ctx, "version"), 10, 32)
	if err != nil || n < 1 || !booking.ValidSlug(venue) {
		return "", 0, booking.ErrLayoutUnknown
	}
	return venue, int(n), nil
}

// readDrawing reads the drawing in the body: a seating plan as JSON, or a list of seats as CSV.
func readDrawing(ctx *fasthttp.RequestCtx) (booking.NewLayout, []booking.PlanWarning, error) {
	mediaType, _, _ := strings.Cut(string(ctx.Request.Header.ContentType()), ";")
	var read func([]byte) (booking.NewLayout, []booking.PlanWarning, error)
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case jsonType:
		read = booking.ReadPlan
	case csvType:
		read = booking.ReadSeatList
	default:
		return booking.NewLayout{}, nil, fault.New(fault.Malformed, "content-type", "The body must be application/json, a seating plan, or text/csv, a list of seats.")
	}
	l, warnings, err := read(ctx.PostBody())
	if err != nil {
		return l, nil, err
	}
	if name := string(ctx.QueryArgs().Peek("name")); name != "" {
		l.Name = name
		err = l.Validate()
	}
	if warnings == nil {
		warnings = []booking.PlanWarning{}
	}
	return l, warnings, err
}

func (a *API) listLayouts(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	venue := param(ctx, "venue")
	if !booking.ValidSlug(venue) {
		return booking.ErrVenueUnknown
	}
	return answerList(ctx, "layouts", func(limit context.Context) ([]booking.LayoutInfo, error) { return a.Entries.Layouts(limit, venue) })
}

func (a *API) addLayout(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	venue := param(ctx, "venue")
	if !booking.ValidSlug(venue) {
		return booking.ErrVenueUnknown
	}
	l, warnings, err := readDrawing(ctx)
	if err != nil {
		return err
	}
	limit, cancel := entriesDeadline()
	defer cancel()
	info, err := a.Entries.AddLayout(limit, venue, l)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, layoutEntered{info, warnings})
	return nil
}

func (a *API) replaceLayout(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	venue, version, err := layoutOf(ctx)
	if err != nil {
		return err
	}
	l, warnings, err := readDrawing(ctx)
	if err != nil {
		return err
	}
	limit, cancel := entriesDeadline()
	defer cancel()
	info, err := a.Entries.ReplaceLayout(limit, venue, version, l)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, layoutEntered{info, warnings})
	return nil
}

// getLayout answers the drawing in the form that the query asks for.
func (a *API) getLayout(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	venue, version, err := layoutOf(ctx)
	if err != nil {
		return err
	}
	write, mediaType := booking.WritePlan, jsonType
	switch string(ctx.QueryArgs().Peek("format")) {
	case "", "plan":
	case "csv":
		write, mediaType = booking.WriteSeatList, csvType
	default:
		return errQuery.WithField("format", "must be plan or csv")
	}
	limit, cancel := entriesDeadline()
	defer cancel()
	l, err := a.Entries.ReadLayout(limit, venue, version)
	if err != nil {
		return err
	}
	body, err := write(l)
	if err != nil {
		return err
	}
	ctx.Response.Header.SetContentType(mediaType)
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.SetBody(body)
	return nil
}

func (a *API) publishLayout(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return a.layoutStep(ctx, fasthttp.StatusOK, a.Entries.PublishLayout)
}

func (a *API) cloneLayout(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return a.layoutStep(ctx, fasthttp.StatusCreated, a.Entries.CloneLayout)
}

func (a *API) layoutStep(ctx *fasthttp.RequestCtx, status int, step func(context.Context, string, int) (booking.LayoutInfo, error)) error {
	venue, version, err := layoutOf(ctx)
	if err != nil {
		return err
	}
	limit, cancel := entriesDeadline()
	defer cancel()
	info, err := step(limit, venue, version)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, status, info)
	return nil
}
