package api

import (
	"context"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

// entriesTimeout bounds what one call of staff asks of the database: a layout has up to a hundred thousand seats.
const entriesTimeout = storeTimeout * 12

func entriesDeadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), entriesTimeout)
}

// enterCatalogue adds the calls by which staff enter what is in the catalogue. What changes something is kept in the record of acts.
func (a *API) enterCatalogue(r *router.Router) {
	read := func(path, name string, h func(*fasthttp.RequestCtx, auth.Staff) error) {
		r.GET(path, a.measured(name, auth.RequireStaff(a.Staff, auth.CatalogueWrite, h)))
	}
	write := func(method, path, name string, p auth.Permission, h func(*fasthttp.RequestCtx, auth.Staff) error) {
		r.Handle(method, path, a.measured(name, a.act(p, name, h)))
	}
	const organisations, venues, shows = "/control/v1/organisations", "/control/v1/venues", "/control/v1/shows"
	const layouts = venues + "/{venue}/layouts"
	const layout, show = layouts + "/{version}", shows + "/{show}"

	read(organisations, "staffListOrganisations", a.listOrganisations)
	write("POST", organisations, "staffAddOrganisation", auth.CatalogueWrite, a.addOrganisation)
	read(venues, "staffListVenues", a.listVenues)
	write("POST", venues, "staffAddVenue", auth.CatalogueWrite, a.addVenue)

	read(layouts, "staffListLayouts", a.listLayouts)
	write("POST", layouts, "staffAddLayout", auth.CatalogueWrite, a.addLayout)
	read(layout, "staffGetLayout", a.getLayout)
	write("PUT", layout, "staffReplaceLayout", auth.CatalogueWrite, a.replaceLayout)
	write("POST", layout+"/publish", "staffPublishLayout", auth.CatalogueWrite, a.publishLayout)
	write("POST", layout+"/clone", "staffCloneLayout", auth.CatalogueWrite, a.cloneLayout)

	write("POST", shows, "staffAddShow", auth.CatalogueWrite, a.addShow)
	read(show, "staffGetShow", a.readShow)
	write("PATCH", show, "staffChangeShow", auth.CatalogueWrite, a.changeShow)
	write("POST", show+"/publish", "staffPublishShow", auth.CatalogueWrite, a.publishShow)
	write("POST", show+"/seats/block", "staffBlockSeats", auth.SeatWrite, a.blockSeats(true))
	write("POST", show+"/seats/unblock", "staffUnblockSeats", auth.SeatWrite, a.blockSeats(false))
	write("PUT", show+"/reserve", "staffKeepBack", auth.SeatWrite, a.keepBack)
}

func (a *API) listOrganisations(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return answerList(ctx, "organisations", a.Entries.Organisations)
}

func (a *API) listVenues(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return answerList(ctx, "venues", a.Entries.Venues)
}

func answerList[T any](ctx *fasthttp.RequestCtx, name string, load func(context.Context) ([]T, error)) error {
	limit, cancel := deadline()
	defer cancel()
	list, err := load(limit)
	if err != nil {
		return err
	}
	if list == nil {
		list = []T{}
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{name: list})
	return nil
}

func (a *API) addOrganisation(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return addEntry(ctx, a.Entries.AddOrganisation)
}

func (a *API) addVenue(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return addEntry(ctx, a.Entries.AddVenue)
}

// addEntry decodes an entry, and enters it when it is valid.
func addEntry[T interface{ Validate() error }](ctx *fasthttp.RequestCtx, add func(context.Context, T) error) error {
	var entry T
	if err := endpoint.Decode(ctx, &entry); err != nil {
		return err
	}
	if err := entry.Validate(); err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	if err := add(limit, entry); err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, entry)
	return nil
}

func (a *API) addShow(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	entry := booking.ShowEntry{ShowSettings: booking.DefaultShowSettings()}
	if err := endpoint.Decode(ctx, &entry); err != nil {
		return err
	}
	if err := entry.Validate(); err != nil {
		return err
	}
	limit, cancel := entriesDeadline()
	defer cancel()
	if err := a.Entries.AddShow(limit, entry); err != nil {
		return err
	}
	return a.answerSettings(ctx, fasthttp.StatusCreated, entry.Slug)
}

func (a *API) readShow(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	return a.answerSettings(ctx, fasthttp.StatusOK, param(ctx, "show"))
}

func (a *API) answerSettings(ctx *fasthttp.RequestCtx, status int, show string) error {
	if !booking.ValidSlug(show) {
		return booking.ErrShowUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	settings, err := a.Entries.ReadShow(limit, show)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, status, settings)
	return nil
}

// changeShow changes the members of a show's settings that the request has.
func (a *API) changeShow(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	show := param(ctx, "show")
	if !booking.ValidSlug(show) {
		return booking.ErrShowUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	settings, err := a.Entries.ChangeShow(limit, show, func(s *booking.ShowSettings) error {
		if err := endpoint.Decode(ctx, s); err != nil {
			return err
		}
		return s.Validate()
	})
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, settings)
	return nil
}

func (a *API) publishShow(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	show := param(ctx, "show")
	if !booking.ValidSlug(show) {
		return booking.ErrShowUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Entries.PublishShow(limit, show); err != nil {
		return err
	}
	return a.answerSettings(ctx, fasthttp.StatusOK, show)
}

func (a *API) blockSeats(block bool) func(*fasthttp.RequestCtx, auth.Staff) error {
	return func(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
		show := param(ctx, "show")
		if !booking.ValidSlug(show) {
			return booking.ErrShowUnknown
		}
		var body struct {
			SeatIDs []int64 `json:"seat_ids"`
		}
		if err := endpoint.Decode(ctx, &body); err != nil {
			return err
		}
		if len(body.SeatIDs) < 1 || len(body.SeatIDs) > booking.MaxSeatsPerBlock {
			return booking.ErrSeatsInvalid.WithField("seat_ids", "must name 1 to %d seats", booking.MaxSeatsPerBlock)
		}
		limit, cancel := deadline()
		defer cancel()
		changed, err := a.Entries.BlockSeats(limit, show, body.SeatIDs, block)
		if err != nil {
			return err
		}
		endpoint.JSON(ctx, fasthttp.StatusOK, map[string]int{"changed": changed})
		return nil
	}
}

// keepBack sets how many places of a general section stay unsold.
func (a *API) keepBack(ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	show := param(ctx, "show")
	if !booking.ValidSlug(show) {
		return booking.ErrShowUnknown
	}
	var body struct {
		Section string `json:"section"`
		Places  int    `json:"places"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if body.Places < 0 || body.Places > booking.MaxLayoutSeats {
		return booking.ErrShowInvalid.WithField("places", "must be 0 to %d", booking.MaxLayoutSeats)
	}
	if _, ok := booking.SearchText(body.Section); !ok {
		return booking.ErrSectionUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	if err := a.Entries.KeepBack(limit, show, body.Section, body.Places); err != nil {
		return err
	}
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
