package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contractFile is what a gateway does without a file, as far as the contract says; and the tests, which ask as another proxy does, are believed what
// they say of the visitor's request.
const contractFile = `version: 1
trusted_proxies: {networks: [127.0.0.1], believe: [host]}
upstreams: {site: {addresses: [BOOKING]}}
sites:
  - hosts: ["*"]
    routes:
      - {name: show, paths: ["/api/v1/shows/{room}/**"], upstream: site, room: "{room}", if_no_room: open}
      - {name: apps, paths: [/**], serve: apps}
`

// TestContract sends every example of the contract to a running gateway and holds what comes back against the example and the schemas.
func TestContract(t *testing.T) {
	t.Parallel()
	doc := readContract(t)
	s := newTestSystem(t)
	s.configure(contractFile)
	g := s.start()
	shared := map[string]*scene{}
	for name, begin := range disasters {
		shared[name] = begin(t)
	}
	index := 0
	for _, op := range doc.operations(t) {
		for _, e := range op.Examples {
			index++
			number := index
			t.Run(fmt.Sprintf("%s %s %s %s %s", op.method, op.path, e.Answer, e.Problem, e.Given), func(t *testing.T) {
				t.Parallel()
				play(t, doc, op, e, staged(t, e.Given, shared, s, g, number))
			})
		}
	}
}

// TestContractIsShownWhole fails for whatever the contract says and no example shows.
func TestContractIsShownWhole(t *testing.T) {
	t.Parallel()
	operations := readContract(t).operations(t)
	require.Greater(t, len(operations), 20)
	var missing []string
	for _, op := range operations {
		missing = append(missing, op.uncovered()...)
	}
	require.Empty(t, missing, strings.Join(missing, "\n"))

	// The control: without any one of its examples some operation is not whole, so the test can fail.
	for _, op := range operations {
		lacking := op
		for len(lacking.Examples) > 0 && len(lacking.uncovered()) == 0 {
			lacking.Examples = lacking.Examples[1:]
		}
		require.NotEmpty(t, lacking.uncovered(), "%s %s", op.method, op.path)
	}
}

// play sends the request of an example and judges the answer.
func play(t *testing.T, doc *contract, op operation, e sample, c *scene) {
	t.Helper()
	fill := func(text string) string {
		for name, value := range c.vars {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		return text
	}
	target := op.path
	for name, value := range e.Path {
		target = strings.ReplaceAll(target, "{"+name+"}", value)
	}
	target = fill(target)
	if e.Query != "" {
		target += "?" + fill(e.Query)
	}
	if strings.HasPrefix(target, "/control/") {
		target = c.g.opsURL + target
	}
	headers, sent := []string{}, ""
	for name, value := range e.Headers {
		headers = append(headers, name, fill(value))
	}
	switch {
	case e.Form != "":
		sent, headers = e.Form, append(headers, "Content-Type", "application/x-www-form-urlencoded")
	case e.Body != nil:
		text, err := json.Marshal(e.Body)
		require.NoError(t, err)
		sent, headers = fillNumbers(fill(string(text))), append(headers, "Content-Type", "application/json")
	}
	if e.Answer < "400" {
		judgeRequest(t, doc, op, e, sent, fill)
	}
	a, stream := exchange(t, c.g, op.method, target, sent, headers)
	asShown := func() bool { return e.Answer == fmt.Sprint(a.status) && strings.Contains(string(a.body), e.Problem) }
	for until := time.Now().Add(deadline); (e.Again || c.g.heldUp(a)) && !asShown() && time.Now().Before(until); {
		a, stream = exchange(t, c.g, op.method, target, sent, headers)
	}
	require.Equal(t, e.Answer, fmt.Sprint(a.status), "%s", a.body)
	judgeAnswer(t, doc, op, e, a, stream, fill)
}

// fillNumbers takes the quotes from numbers that stood for something: YAML cannot say {version} without them.
func fillNumbers(text string) string {
	return regexp.MustCompile(`"#(\d+)"`).ReplaceAllString(text, "$1")
}

// judgeRequest sees to it that an example which succeeds is a request as the contract has it.
func judgeRequest(t *testing.T, doc *contract, op operation, e sample, sent string, fill func(string) string) {
	t.Helper()
	for name, value := range e.Headers {
		i := slices.IndexFunc(op.Parameters, func(p parameter) bool { return p.In == "header" && strings.EqualFold(p.Name, name) })
		if i >= 0 {
			assert.Empty(t, doc.breaches(name, op.Parameters[i].Schema, fill(value)))
		}
	}
	if e.Form != "" || e.Body == nil {
		return
	}
	require.NotNil(t, op.Body, "the operation takes no body")
	assert.Empty(t, doc.breaches("request", op.Body.Content["application/json"].Schema, parseJSON(t, sent)))
}

// exchange sends a request. Of a stream only the first event is read.
func exchange(t *testing.T, g *server, method, target, sent string, headers []string) (a answer, stream bool) {
	t.Helper()
	if target[0] == '/' {
		target = g.url + target
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(sent))
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := g.client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	a = answer{status: res.StatusCode, header: res.Header}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		a.body, err = io.ReadAll(res.Body)
		require.NoError(t, err)
		return a, false
	}
	one := make([]byte, 1)
	for !strings.HasSuffix(string(a.body), "\n\n") {
		_, err := res.Body.Read(one)
		require.NoError(t, err)
		a.body = append(a.body, one...)
	}
	return a, true
}

func judgeAnswer(t *testing.T, doc *contract, op operation, e sample, a answer, stream bool, fill func(string) string) {
	t.Helper()
	r := op.Responses[e.Answer]
	for name, h := range r.Headers {
		value := a.header.Get(name)
		if value == "" {
			assert.False(t, h.Required, "the header %s must be there", name)
			continue
		}
		assert.Empty(t, doc.breaches(name, h.Schema, headerValue(h, value)))
	}
	if a.status >= 500 {
		assert.NotEmpty(t, a.header.Get("Retry-After"), "when to try again")
	}
	if op.path == doc.Gated.Path && a.header.Get("Content-Type") == "" { // the answer of what is behind the gate
		assert.Equal(t, fill(e.Says), string(a.body))
		return
	}
	if a.header.Get("Cache-Control") == "" {
		assert.Empty(t, a.body, "an answer says how long it may be kept")
	}
	if len(r.Content) == 0 {
		assert.Empty(t, a.body)
		return
	}
	mediaType, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	require.NoError(t, err)
	require.Contains(t, r.Content, mediaType)
	schema := r.Content[mediaType].Schema
	switch {
	case stream:
		name, rest, _ := strings.Cut(strings.TrimPrefix(string(a.body), "event: "), "\n")
		require.Contains(t, r.Content[mediaType].Events, name)
		assert.Empty(t, doc.breaches("event", r.Content[mediaType].Events[name], parseJSON(t, strings.TrimPrefix(rest, "data: "))))
	case strings.HasSuffix(mediaType, "json"):
		value := parseJSON(t, string(a.body))
		assert.Empty(t, doc.breaches("answer", schema, value))
		if e.Problem != "" {
			assert.Equal(t, "urn:anteroom:problem:"+e.Problem, value.(map[string]any)["type"])
			assert.EqualValues(t, e.Answer, fmt.Sprint(value.(map[string]any)["status"]))
		}
		has(t, "answer", e.Has, value, fill)
	}
	assert.Contains(t, string(a.body), fill(e.Says))
}

func headerValue(h header, value string) any {
	if h.Schema["type"] == "integer" {
		return json.Number(value)
	}
	return value
}

// has looks for the members that an example shows; what it does not show may be anything.
func has(t *testing.T, at string, want, got any, fill func(string) string) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		if len(w) == 0 {
			return
		}
		object, ok := got.(map[string]any)
		require.True(t, ok, "%s is no object", at)
		for name, value := range w {
			require.Contains(t, object, name, at)
			has(t, at+"."+name, value, object[name], fill)
		}
	case string:
		assert.Equal(t, fill(w), fmt.Sprint(got), at)
	default:
		assert.Equal(t, fmt.Sprint(w), fmt.Sprint(got), at)
	}
}
