package redisqueue

import (
	"errors"
	"fmt"

	"github.com/redis/rueidis"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// verdict translates the first value of a script, and what follows it where the refusal says more.
func verdict(r *reply) error {
	word := r.text()
	switch word {
	case "ok":
		return nil
	case "unknown":
		return waitroom.ErrRoomUnknown
	case "full":
		return waitroom.ErrRoomFull
	case "closed":
		return waitroom.ErrRoomClosed
	case "superseded":
		return waitroom.ErrTicketSuperseded
	case "invalid":
		return waitroom.ErrTicketInvalid
	case "changed":
		return waitroom.ErrRoomChanged
	case "sold_out":
		return waitroom.ErrRoomSoldOut
	case "below":
		return policyInvalid.WithField("max_active", "must be at least %d, the sessions active now; hold the room, and lower it when they are fewer", r.number())
	case "begun":
		return policyInvalid.WithField("method", "draw needs a line that has admitted no one; reset the room first")
	case "promised":
		return policyInvalid.WithField("method", "people have joined for the draw that was committed to; reset the room to do without")
	case "beacon":
		return policyInvalid.WithField("beacon", "another one has been committed to; reset the room to change it")
	case "moved":
		return waitroom.ErrLedgerMoved
	case "draw":
		return waitroom.ErrDrawState
	case "elsewhere":
		return waitroom.ErrTicketMoved
	case "served":
		return waitroom.ErrPlaceServed
	case "worn":
		return waitroom.ErrMoveLimit
	case "crowded":
		return waitroom.ErrMovesBusy
	case "spent":
		return waitroom.ErrMoveSpent
	case "turn":
		return errTurn
	}
	if r.err != nil {
		return r.err
	}
	return fmt.Errorf("a script gave the verdict %q, which is not known", word)
}

var policyInvalid = fault.New(fault.Invalid, "policy-invalid", "The room's settings are not acceptable.")

// judged makes "line-unavailable" of whatever kept Redis from doing its work. What is left is a defect of ours, such as an
// error inside a script, and stays as it is.
func judged(err error) error {
	if err == nil {
		return nil
	}
	var said *rueidis.RedisError
	if errors.As(err, &said) {
		if _, refuses := refusalOf(said); refuses {
			return unavailable(err)
		}
		return fmt.Errorf("redis: %w", err)
	}
	return unavailable(err)
}

func unavailable(cause error) error {
	e := waitroom.ErrLineUnavailable
	return fault.Wrap(cause, e.Code, e.Type, "%s", e.Message).After(e.RetryAfter)
}
