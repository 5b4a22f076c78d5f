package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// minKey is the least length of an idempotency key. Who knows a key gets the place that was taken with it, so it must not be one that
// another visitor could happen to have.
const minKey = 16

var errKeyInvalid = fault.New(fault.Malformed, "idempotency-key-invalid", "The idempotency key is not acceptable.").
	WithField("Idempotency-Key", "must be %d to %d printable ASCII characters without blanks, made at random", minKey, waitroom.MaxEntrantKey)

// entrant is who joins, as the request tells.
func entrant(ctx *fasthttp.RequestCtx) (waitroom.Entrant, error) {
	key := ctx.Request.Header.Peek("Idempotency-Key")
	if len(key) == 0 {
		return waitroom.Entrant{}, nil
	}
	if len(key) < minKey || len(key) > waitroom.MaxEntrantKey {
		return waitroom.Entrant{}, errKeyInvalid
	}
	for _, c := range key {
		if c <= ' ' || c > '~' {
			return waitroom.Entrant{}, errKeyInvalid
		}
	}
	return waitroom.Entrant{Key: string(key)}, nil
}
