package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// applicant is who joins, with what a guard may want to see.
func applicant(ctx *fasthttp.RequestCtx) (waitroom.Applicant, error) {
	who, err := entrant(ctx)
	h := &ctx.Request.Header
	return waitroom.Applicant{
		Entrant: who, Addr: endpoint.ClientAddr(ctx),
		Solution: string(h.Peek(waitroom.HeaderProof)), Code: string(h.Peek(waitroom.HeaderCode)),
	}, err
}

// challengeDoc is Challenge of the contract.
type challengeDoc struct {
	Required bool `json:"required"`
	*waitroom.Challenge
}

// challenge gives a puzzle to who is about to join, so that the join need not be refused first.
func (v *Visitor) challenge(ctx *fasthttp.RequestCtx, room string) error {
	who, err := applicant(ctx)
	if err != nil {
		return err
	}
	c, required, err := v.Desk.Challenge(room, who)
	if err != nil {
		return err
	}
	doc := challengeDoc{Required: required}
	if required {
		doc.Challenge = &c
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, doc)
	return nil
}
