package api

import (
	"context"
	"math"
	"regexp"
	"strconv"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// maxBeacon bounds a beacon's value, in bytes, as package draw does.
const maxBeacon = 1024

var (
	errVersionMissing = fault.New(fault.Invalid, "version-missing", "A reset names the version of the room, so that it is made once.").
				WithField("version", "must be given")
	errBeaconInvalid = fault.New(fault.Invalid, "beacon-invalid", "The beacon's value is not acceptable.").
				WithField("value", "must be 1 to 1,024 printable ASCII characters without blanks at its ends, as the beacon has published it")
	errNumberUnknown = fault.New(fault.NotFound, "number-unknown", "There is no such number.")

	beaconValue = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)
)

// reset starts the line anew. The change that changes nothing is the guard: it takes the version for itself, so that of two resets asked
// for at once, or of one asked for twice, one is made.
func (c *Control) reset(ctx *fasthttp.RequestCtx, room string) error {
	var asked struct {
		Version *int64 `json:"version"`
	}
	if err := endpoint.Decode(ctx, &asked); err != nil {
		return err
	}
	if asked.Version == nil {
		return errVersionMissing
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) {
		if _, err := c.Line.Change(limit, room, waitroom.PolicyChange{Version: asked.Version}); err != nil {
			return waitroom.Snapshot{}, err
		}
		return c.Line.Reset(limit, room)
	})
}

func (c *Control) end(ctx *fasthttp.RequestCtx, room string) error {
	var asked struct {
		Reason string `json:"reason"`
	}
	if err := endpoint.Decode(ctx, &asked); err != nil {
		return err
	}
	if asked.Reason != waitroom.SoldOut && asked.Reason != waitroom.Over {
		return waitroom.ErrEndReason.WithField("reason", "must be %q or %q, is %q", waitroom.SoldOut, waitroom.Over, asked.Reason)
	}
	return c.endFor(ctx, room, asked.Reason)
}

func (c *Control) resume(ctx *fasthttp.RequestCtx, room string) error { return c.endFor(ctx, room, "") }

func (c *Control) endFor(ctx *fasthttp.RequestCtx, room, reason string) error {
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) { return c.Line.End(limit, room, reason) })
}

func (c *Control) beacon(ctx *fasthttp.RequestCtx, room string) error {
	var asked struct {
		Value string `json:"value"`
	}
	if err := endpoint.Decode(ctx, &asked); err != nil {
		return err
	}
	if len(asked.Value) > maxBeacon || !beaconValue.MatchString(asked.Value) {
		return errBeaconInvalid
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) {
		if _, err := c.Line.Beacon(limit, room, asked.Value); err != nil {
			return waitroom.Snapshot{}, err
		}
		return c.look(limit, room)
	})
}

// evict ends what a number has. The line itself takes a number that it does not have for nothing to do; whoever typed it wants to know.
func (c *Control) evict(ctx *fasthttp.RequestCtx, room string) error {
	text, _ := ctx.UserValue("number").(string)
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 {
		return errNumberUnknown
	}
	epoch, err := endpoint.QueryInt(ctx, "epoch", 0, 1, math.MaxInt64)
	if err != nil {
		return err
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	return c.answer(ctx, func() (waitroom.Snapshot, error) {
		now, err := c.look(limit, room)
		switch {
		case err != nil:
			return now, err
		case epoch != 0 && epoch != now.Epoch:
			return now, waitroom.ErrTicketSuperseded
		case number > now.Issued:
			return now, errNumberUnknown
		}
		if err := c.Line.Evict(limit, room, now.Epoch, number); err != nil {
			return now, err
		}
		return c.look(limit, room)
	})
}
