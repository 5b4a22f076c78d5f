package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// contract is waitroom/openapi.yaml, as far as the tests read it.
type contract struct {
	Paths map[string]map[string]yaml.Node `yaml:"paths"`
	Gated struct {
		Path      string `yaml:"path"`
		operation `yaml:",inline"`
	} `yaml:"x-gated"` // what stands for every gated path
	Components struct {
		Parameters map[string]parameter      `yaml:"parameters"`
		Responses  map[string]response       `yaml:"responses"`
		Schemas    map[string]map[string]any `yaml:"schemas"`
	} `yaml:"components"`
}

type operation struct {
	ID         string              `yaml:"operationId"`
	Parameters []parameter         `yaml:"parameters"`
	Body       *body               `yaml:"requestBody"`
	Responses  map[string]response `yaml:"responses"`
	Examples   []sample            `yaml:"x-examples"`

	method, path string
}

type parameter struct {
	Ref      string         `yaml:"$ref"`
	Name     string         `yaml:"name"`
	In       string         `yaml:"in"`
	Required bool           `yaml:"required"`
	Schema   map[string]any `yaml:"schema"`
}

type body struct {
	Required bool             `yaml:"required"`
	Content  map[string]media `yaml:"content"`
}

type response struct {
	Ref      string            `yaml:"$ref"`
	Headers  map[string]header `yaml:"headers"`
	Content  map[string]media  `yaml:"content"`
	Problems []string          `yaml:"x-problems"` // the types of problem that this status comes with
}

type header struct {
	Required bool           `yaml:"required"`
	Schema   map[string]any `yaml:"schema"`
}

type media struct {
	Schema map[string]any            `yaml:"schema"`
	Events map[string]map[string]any `yaml:"x-events"` // of a stream, by their names
}

// sample is a request and what comes back, in a situation that a function of contract_given_test.go brings about. In its texts {name} stands for
// something of that situation.
type sample struct {
	Given   string            `yaml:"given"`
	Path    map[string]string `yaml:"path"`
	Query   string            `yaml:"query"`
	Headers map[string]string `yaml:"headers"`
	Body    any               `yaml:"body"`
	Form    string            `yaml:"form"`
	Answer  string            `yaml:"answer"` // the status
	Problem string            `yaml:"problem"`
	Has     map[string]any    `yaml:"has"`   // members of the answer, with these values
	Says    string            `yaml:"says"`  // in the page
	Again   bool              `yaml:"again"` // it is sent again and again until it is answered so
}

var methods = []string{"get", "post", "put", "patch", "delete"}

func readContract(t *testing.T) *contract {
	t.Helper()
	text, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c := &contract{}
	require.NoError(t, yaml.Unmarshal(text, c))
	return c
}

// operations are all that the file describes, in a fixed order, with references to parameters and responses resolved.
func (c *contract) operations(t *testing.T) (all []operation) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(c.Paths)) {
		item := c.Paths[path]
		var common []parameter
		if node, ok := item["parameters"]; ok {
			require.NoError(t, node.Decode(&common))
		}
		for _, method := range methods {
			node, ok := item[method]
			if !ok {
				continue
			}
			var op operation
			require.NoError(t, node.Decode(&op), "%s %s", method, path)
			op.method, op.path = strings.ToUpper(method), path
			op.Parameters = append(op.Parameters, common...)
			all = append(all, c.resolved(t, op))
		}
	}
	if c.Gated.Path != "" {
		gated := c.Gated.operation
		gated.method, gated.path = "GET", c.Gated.Path
		all = append(all, c.resolved(t, gated))
	}
	return all
}

func (c *contract) resolved(t *testing.T, op operation) operation {
	t.Helper()
	for i, p := range op.Parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			require.Contains(t, c.Components.Parameters, name)
			op.Parameters[i] = c.Components.Parameters[name]
		}
	}
	for status, r := range op.Responses {
		if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
			require.Contains(t, c.Components.Responses, name)
			shared := c.Components.Responses[name]
			shared.Problems = append(slices.Clone(shared.Problems), r.Problems...)
			op.Responses[status] = shared
		}
	}
	return op
}

// uncovered names what an operation documents and no example shows, and what an example shows and nothing documents.
func (op operation) uncovered() (missing []string) {
	name := op.method + " " + op.path + ": "
	shown := map[string]bool{}
	for _, e := range op.Examples {
		shown[e.Answer] = true
		r, documented := op.Responses[e.Answer]
		switch {
		case !documented:
			missing = append(missing, name+"an example is answered "+e.Answer+", which is not documented")
		case e.Problem != "":
			shown[e.Answer+" "+e.Problem] = true
			if !slices.Contains(r.Problems, e.Problem) {
				missing = append(missing, name+e.Problem+" is not among the x-problems of "+e.Answer)
			}
		}
	}
	for status, r := range op.Responses {
		if !shown[status] {
			missing = append(missing, name+"no example is answered "+status)
		}
		if _, problem := r.Content["application/problem+json"]; problem && len(r.Problems) == 0 {
			missing = append(missing, name+status+" has no x-problems")
		}
		for _, p := range r.Problems {
			if !shown[status+" "+p] {
				missing = append(missing, name+"no example is answered "+status+" "+p)
			}
		}
	}
	slices.Sort(missing)
	return missing
}
