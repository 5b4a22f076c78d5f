package contract

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/fault"
)

const example = `
openapi: 3.1.0
info:
  title: T
  version: '1'
  description: |
    The problems:

    - 404 ` + "`thing-unknown` (also when it is another's),\n      `other-unknown`" + `
    - 422 ` + "`things-invalid`" + `

    No problem: ` + "`text`" + `
paths:
  /things:
    parameters: [ { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9 } } ]
    get:
      operationId: listThings
      parameters:
        - { name: kind, in: query, required: true, schema: { $ref: '#/components/schemas/Kind' } }
        - { name: on, in: query, schema: { type: boolean } }
        - { name: tag, in: query, schema: { type: array, maxItems: 2, items: { type: string } } }
      responses:
        '200': { description: D, content: { application/json: { schema: { type: object, required: [things], properties: { things: { type: array, items: { $ref: '#/components/schemas/Thing' } } } } } } }
    post:
      operationId: makeThing
      parameters: [ { name: Some-Key, in: header, required: true, schema: { type: string, pattern: '^[a-z]+$' } } ]
      requestBody:
        x-problem: things-invalid
        content: { application/json: { schema: { oneOf: [
          { type: object, additionalProperties: false, required: [ids], properties: { ids: { type: array, minItems: 1, uniqueItems: true, items: { type: integer } } } },
          { type: object, additionalProperties: false, required: [best], properties: { best: { type: object, additionalProperties: false, required: [count], properties: { count: { type: integer, maximum: 10 } } } } } ] } } }
      responses:
        '201': { description: D, content: { application/json: { schema: { $ref: '#/components/schemas/Bigger' } } } }
        '204': { description: D }
        '422': { $ref: '#/components/responses/Problem' }
components:
  responses:
    Problem: { description: P, content: { application/problem+json: { schema: { type: object, required: [type], additionalProperties: true, properties: { type: { type: string } } } } } }
  schemas:
    Kind: { type: string, enum: [a, b] }
    Thing: { type: object, required: [id], properties: { id: { type: integer }, kind: { $ref: '#/components/schemas/Kind' }, free: { type: object, additionalProperties: true } } }
    Bigger: { allOf: [ { $ref: '#/components/schemas/Thing' }, { type: object, required: [size], properties: { size: { type: number } } } ] }
`

func read(t *testing.T) *Contract {
	t.Helper()
	c, err := Read([]byte(example))
	require.NoError(t, err)
	return c
}

func TestRequestsAreHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	c := read(t)
	for _, r := range []struct{ operation, query, key, body, problem, field string }{
		{"listThings", "kind=a", "", "", "", ""},
		{"listThings", "kind=a&limit=9&on=true&tag=x&tag=y&unknown=1", "", "", "", ""},
		{"listThings", "kind=a&limit=", "", "", "", ""},
		{"listThings", "", "", "", "query-invalid", "kind"},
		{"listThings", "kind=c", "", "", "query-invalid", "kind"},
		{"listThings", "kind=a&kind=b", "", "", "query-invalid", "kind"},
		{"listThings", "kind=a&limit=0", "", "", "query-invalid", "limit"},
		{"listThings", "kind=a&limit=1.5", "", "", "query-invalid", "limit"},
		{"listThings", "kind=a&limit=x", "", "", "query-invalid", "limit"},
		{"listThings", "kind=a&on=yes", "", "", "query-invalid", "on"},
		{"listThings", "kind=a&tag=1&tag=2&tag=3", "", "", "query-invalid", "tag"},
		{"makeThing", "", "", `{"ids":[1]}`, "some-key-missing", ""},
		{"makeThing", "", "A", `{"ids":[1]}`, "some-key-invalid", ""},
		{"makeThing", "", "a", `{"ids":[1,2]}`, "", ""},
		{"makeThing", "", "a", `{"best":{"count":10}}`, "", ""},
		{"makeThing", "", "a", `{"ids":["1"]}`, "json-type", "ids.0"},
		{"makeThing", "", "a", `{"ids":{}}`, "json-type", "ids"},
		{"makeThing", "", "a", `[]`, "json-type", "body"},
		{"makeThing", "", "a", `null`, "things-invalid", "body"},
		{"makeThing", "", "a", `{}`, "things-invalid", "ids"},
		{"makeThing", "", "a", `{"ids":[]}`, "things-invalid", "ids"},
		{"makeThing", "", "a", `{"ids":[1,1]}`, "things-invalid", "ids"},
		{"makeThing", "", "a", `{"ids":[1],"price":0}`, "json-unknown-field", "price"},
		{"makeThing", "", "a", `{"best":{"count":11}}`, "things-invalid", "best.count"},
		{"makeThing", "", "a", `{"best":{"count":1,"row":2}}`, "json-unknown-field", "best.row"},
		{"makeThing", "", "a", `{"best":{"count":"1"}}`, "json-type", "best.count"},
		{"makeThing", "", "a", `{"ids":[1`, "", ""}, // the handler's to refuse
		{"unheard-of", "limit=x", "", `[]`, "", ""},
	} {
		var ctx fasthttp.RequestCtx
		ctx.Request.Header.SetContentType("Application/JSON; charset=utf-8")
		ctx.Request.SetRequestURI("/things?" + r.query)
		ctx.Request.SetBodyString(r.body)
		if r.key != "" {
			ctx.Request.Header.Set("Some-Key", r.key)
		}
		err := c.Request(r.operation, &ctx)
		if r.problem == "" {
			require.NoError(t, err, "%+v", r)
			continue
		}
		require.Error(t, err, "%+v", r)
		f := fault.From(err)
		require.Equal(t, r.problem, f.Type, "%+v: %v", r, f.Fields)
		if r.field != "" {
			require.Equal(t, r.field, f.Fields[0].Name, "%+v: %v", r, f.Fields)
		}
	}
}

func TestWhatIsWrongIsNotRepeated(t *testing.T) {
	t.Parallel()
	c, err := Read(booking.Contract)
	require.NoError(t, err)
	var ctx fasthttp.RequestCtx
	ctx.Request.Header.SetContentType("application/json")
	ctx.Request.Header.Set("Idempotency-Key", "k")
	ctx.Request.SetBodyString(`{"card_number":"4242 4242 4242 4242"}`)
	f := fault.From(c.Request("payOrder", &ctx))
	require.Equal(t, "card-invalid", f.Type)
	require.NotContains(t, f.Message+f.Fields[0].Message, "4242")
}

func TestAnswersAreHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	c := read(t)
	const plain, problem = "application/json", "application/problem+json"
	for _, a := range []struct {
		operation   string
		status      int
		contentType string
		body        string
		wrong       bool
	}{
		{"listThings", 200, plain, `{"things":[{"id":1,"kind":"b","free":{"x":1}}]}`, false},
		{"listThings", 200, plain + "; charset=utf-8", `{"things":[]}`, false},
		{"listThings", 200, plain, `{"things":[],"more":1}`, true},
		{"listThings", 200, plain, `{"things":[{"id":1,"more":1}]}`, true},
		{"listThings", 200, plain, `{"things":[{"id":"1"}]}`, true},
		{"listThings", 200, plain, `{"things":[{"kind":"c"}]}`, true},
		{"listThings", 200, plain, `{}`, true},
		{"listThings", 200, plain, `{`, true},
		{"listThings", 200, "text/html", `{"things":[]}`, true},
		{"listThings", 201, plain, `{"things":[]}`, true},
		{"listThings", 404, problem, `{"type":"urn:anteroom:problem:thing-unknown"}`, false}, // any call may
		{"listThings", 404, problem, `{"type":"urn:anteroom:problem:other-unknown"}`, false},
		{"listThings", 404, problem, `{"type":"urn:anteroom:problem:things-invalid"}`, true},
		{"listThings", 404, problem, `{"type":"urn:anteroom:problem:text"}`, true},
		{"listThings", 409, problem, `{"type":"urn:anteroom:problem:thing-unknown"}`, true},
		{"makeThing", 201, plain, `{"id":1,"size":2.5}`, false},
		{"makeThing", 201, plain, `{"id":1,"size":2.5,"more":1}`, true},
		{"makeThing", 201, plain, `{"size":2.5}`, true},
		{"makeThing", 204, "", ``, false},
		{"makeThing", 204, plain, `{}`, true},
		{"makeThing", 422, problem, `{"type":"urn:anteroom:problem:things-invalid","seat_ids":[1]}`, false},
		{"makeThing", 422, problem, `{"type":"elsewhere:things-invalid"}`, true},
		{"unheard-of", 200, plain, `{}`, true},
	} {
		wrong := c.Answer(a.operation, a.status, a.contentType, []byte(a.body))
		require.Equal(t, a.wrong, len(wrong) > 0, "%+v: %v", a, wrong)
	}
}

func TestABrokenContractIsNotRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"\t",
		"paths: { /a: { get: { responses: {} } } }",
		"paths: { /a: { get: { operationId: a }, post: { operationId: a } } }",
		"paths: { /a: { get: { operationId: a, parameters: [ { $ref: '#/components/parameters/none' } ] } } }",
		"paths: { /a: { get: { operationId: a, parameters: [ { name: a, in: elsewhere } ] } } }",
		"paths: { /a: { get: { operationId: a, responses: { '200': { $ref: '#/components/responses/none' } } } } }",
		"paths: { /a: { get: { operationId: a, parameters: [ { name: a, in: query, schema: { type: thing } } ] } } }",
		"paths: { /a: { get: { operationId: a, parameters: [ { name: a, in: query, schema: { $ref: '#/components/schemas/none' } } ] } } }",
	} {
		_, err := Read([]byte(text))
		require.Error(t, err, text)
	}
	c, err := Read(booking.Contract)
	require.NoError(t, err)
	require.Contains(t, c.Operations(), "holdSeats")
}
