package contract

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// Errors of Request. Those of a header are named after it: "idempotency-key-missing", "idempotency-key-invalid".
var (
	errQuery   = fault.New(fault.Malformed, "query-invalid", "The query is not acceptable.")
	errUnknown = fault.New(fault.Malformed, "json-unknown-field", "The body has a member that this call does not know.")
	errType    = fault.New(fault.Malformed, "json-type", "A value in the body has the wrong type.")
	errInvalid = fault.New(fault.Invalid, "request-invalid", "A value in the body is not acceptable.")
)

// Request holds a request against its operation: query, headers, and a body of JSON. Every error names what is wrong in its fields and repeats no
// value. What is no JSON at all, and a path that names nothing, is left to the handler to refuse. An operation that the document does not have takes anything.
func (c *Contract) Request(operation string, ctx *fasthttp.RequestCtx) error {
	op := c.operations[operation]
	if op == nil {
		return nil
	}
	if err := op.checkQuery(ctx.QueryArgs()); err != nil {
		return err
	}
	if err := op.checkHeaders(&ctx.Request.Header); err != nil {
		return err
	}
	return op.checkBody(ctx)
}

func (op *operation) checkQuery(args *fasthttp.Args) error {
	for _, p := range op.query {
		values := args.PeekMulti(p.name)
		if len(values) == 0 || len(values) == 1 && len(values[0]) == 0 { // ?q= is as good as no q
			if p.required {
				return errQuery.WithField(p.name, "is missing")
			}
			continue
		}
		if wrong := p.breaches(values); len(wrong) > 0 {
			return errQuery.WithField(p.name, "%s", wrong[0].message)
		}
	}
	return nil
}

func (op *operation) checkHeaders(headers *fasthttp.RequestHeader) error {
	for _, p := range op.headers {
		values := headers.PeekAll(p.name)
		if len(values) == 0 || len(values) == 1 && len(values[0]) == 0 {
			if p.required {
				return fault.New(fault.Malformed, strings.ToLower(p.name)+"-missing", "This call wants the header %s.", p.name)
			}
			continue
		}
		if wrong := p.breaches(values); len(wrong) > 0 {
			return fault.New(fault.Malformed, strings.ToLower(p.name)+"-invalid", "The header %s is not acceptable: it %s.", p.name, wrong[0].message)
		}
	}
	return nil
}

// breaches reads the texts of a parameter as the types of its schema.
func (p *parameter) breaches(values [][]byte) []breach {
	if slices.Contains(p.types, "array") {
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = string(v)
		}
		return breachesOf(p.schema.Validate(list))
	}
	if len(values) > 1 {
		return []breach{{message: "must be there once"}}
	}
	return breachesOf(p.schema.Validate(p.value(string(values[0]))))
}

// value is the text as the first type that it can be; a string can be any text.
func (p *parameter) value(text string) any {
	for _, name := range p.types {
		switch name {
		case "integer":
			if _, err := strconv.ParseInt(text, 10, 64); err == nil {
				return json.Number(text)
			}
		case "number":
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return json.Number(text)
			}
		case "boolean":
			if text == "true" || text == "false" {
				return text == "true"
			}
		}
	}
	return text
}

func (op *operation) checkBody(ctx *fasthttp.RequestCtx) error {
	if op.body == nil {
		return nil
	}
	mediaType, _, _ := strings.Cut(string(ctx.Request.Header.ContentType()), ";")
	text := ctx.PostBody()
	if !strings.EqualFold(strings.TrimSpace(mediaType), "application/json") || len(text) > endpoint.MaxBody {
		return nil // the handler refuses it
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil //nolint:nilerr // the handler refuses it: what it says of broken JSON is the same for all services
	}
	return op.body.judge(breachesOf(op.body.schema.Validate(value)), value)
}

// judge makes one error of all that is wrong: first what the call does not know, then what has the wrong type, then the values.
func (b *body) judge(wrong []breach, value any) error {
	if len(wrong) == 0 {
		return nil
	}
	invalid := errInvalid
	if b.problem != "" {
		invalid = fault.New(fault.Invalid, b.problem, "%s", errInvalid.Message)
	}
	for _, k := range []struct {
		kind kind
		err  *fault.Error
	}{{unknownMember, errUnknown}, {wrongType, errType}, {wrongValue, invalid}} {
		err, found := k.err, false
		if value == nil && k.kind == wrongType {
			err = invalid // null is a body without anything in it
		}
		for _, w := range wrong {
			if w.kind == k.kind {
				err, found = err.WithField(w.field, "%s", w.message), true
			}
		}
		if found {
			return err
		}
	}
	return nil
}
