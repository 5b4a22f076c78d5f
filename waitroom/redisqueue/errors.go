package redisqueue

import (
	"errors"
	"fmt"
	"strings"

	"github.com/redis/rueidis"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// verdict translates the first value of a script.
func verdict(word string) error {
	switch word {
	case "ok":
		return nil
	case "unknown":
		return waitroom.ErrRoomUnknown
	case "closed":
		return waitroom.ErrRoomClosed
	case "superseded":
		return waitroom.ErrTicketSuperseded
	case "invalid":
		return waitroom.ErrTicketInvalid
	case "changed":
		return waitroom.ErrRoomChanged
	}
	return fmt.Errorf("a script gave the verdict %q, which is not known", word)
}

// Replies of a Redis that is there but cannot serve just now. All are prefixes of the text as Redis defines it, without "ERR ".
var refusals = []string{
	"LOADING", "READONLY", "OOM", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "BUSY", "NOAUTH", "WRONGPASS",
	"NOPERM", "max number of clients",
}

// judged makes "line-unavailable" of whatever kept Redis from doing its work. What is left is a defect of ours, such as an
// error inside a script, and stays as it is.
func judged(err error) error {
	if err == nil {
		return nil
	}
	var said *rueidis.RedisError
	if errors.As(err, &said) {
		for _, prefix := range refusals {
			if strings.HasPrefix(said.Error(), prefix) {
				return unavailable(err)
			}
		}
		return fmt.Errorf("redis: %w", err)
	}
	return unavailable(err)
}

func unavailable(cause error) error {
	e := waitroom.ErrLineUnavailable
	return fault.Wrap(cause, e.Code, e.Type, "%s", e.Message).After(e.RetryAfter)
}
