package api

import (
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// Contract holds requests against the document of the service.
type Contract interface {
	// Request fails with a problem that names what of the request is not as the operation has it.
	Request(operation string, ctx *fasthttp.RequestCtx) error
}

// operationKey names, among the values of a request, its operation.
type operationKey struct{}

// Operation is the operationId of the contract that a request was answered as; empty when no route took it.
func Operation(ctx *fasthttp.RequestCtx) string {
	name, _ := ctx.UserValue(operationKey{}).(string)
	return name
}

// asDocumented lets through what the contract has.
func (a *API) asDocumented(operation string, next endpoint.Handler) endpoint.Handler {
	a.operations = append(a.operations, operation)
	if a.Contract == nil {
		return next
	}
	return func(ctx *fasthttp.RequestCtx) error {
		if err := a.Contract.Request(operation, ctx); err != nil {
			return err
		}
		return next(ctx)
	}
}

// Operations are the operationIds of all routes that Public and Control have made so far.
func (a *API) Operations() []string { return a.operations }
