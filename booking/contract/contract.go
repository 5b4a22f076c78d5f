// Package contract holds HTTP messages against an OpenAPI 3.1 document: requests as they come, answers in tests. Schemas are JSON Schema 2020-12
// (https://spec.openapis.org/oas/v3.1.0#schema-object).
package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Contract is a document that has been read. Safe for concurrent use.
type Contract struct {
	operations map[string]*operation
	problems   map[string]map[string]bool // types that the document lists for all, by status
}

// operation is one call of the document.
type operation struct {
	query, headers []*parameter
	body           *body
	answers        map[string]answer // by status
}

type parameter struct {
	name     string
	required bool
	schema   *jsonschema.Schema
	types    []string // that the schema allows; none: any
}

// body is what a request may carry as application/json; nil where the call takes none.
type body struct {
	schema  *jsonschema.Schema
	problem string // the type of what is wrong with a value in it
}

// answer is a documented status, with the schemas of its content by media type; nil is content without a schema.
type answer struct {
	content map[string]*jsonschema.Schema
}

// document is an OpenAPI document as far as this package reads it.
type document struct {
	Info struct {
		Description string `yaml:"description"`
	} `yaml:"info"`
	Paths      map[string]map[string]yaml.Node `yaml:"paths"`
	Components struct {
		Parameters map[string]parameterDoc `yaml:"parameters"`
		Responses  map[string]responseDoc  `yaml:"responses"`
		Schemas    map[string]any          `yaml:"schemas"`
	} `yaml:"components"`
}

type operationDoc struct {
	ID         string                 `yaml:"operationId"`
	Parameters []parameterDoc         `yaml:"parameters"`
	Body       *bodyDoc               `yaml:"requestBody"`
	Responses  map[string]responseDoc `yaml:"responses"`
}

type parameterDoc struct {
	Ref      string         `yaml:"$ref"`
	Name     string         `yaml:"name"`
	In       string         `yaml:"in"`
	Required bool           `yaml:"required"`
	Schema   map[string]any `yaml:"schema"`
}

type bodyDoc struct {
	Content map[string]mediaDoc `yaml:"content"`
	Problem string              `yaml:"x-problem"`
}

type responseDoc struct {
	Ref     string              `yaml:"$ref"`
	Content map[string]mediaDoc `yaml:"content"`
}

type mediaDoc struct {
	Schema any `yaml:"schema"`
}

// Read reads a document. It fails when the document is not whole: a reference to nothing, a schema that is none.
func Read(text []byte) (*Contract, error) {
	var doc document
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	c := &Contract{operations: map[string]*operation{}, problems: listedProblems(doc.Info.Description)}
	build, err := newBuilder(doc)
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		if err := c.readPath(build, path, doc.Paths[path]); err != nil {
			return nil, fmt.Errorf("read contract: %w", err)
		}
	}
	return c, build.finish()
}

// Operations are the operationIds, sorted.
func (c *Contract) Operations() []string { return slices.Sorted(maps.Keys(c.operations)) }

var methods = []string{"get", "put", "post", "delete", "patch"}

func (c *Contract) readPath(build *builder, path string, item map[string]yaml.Node) error {
	var shared []parameterDoc
	if node, ok := item["parameters"]; ok {
		if err := node.Decode(&shared); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, method := range methods {
		node, ok := item[method]
		if !ok {
			continue
		}
		var doc operationDoc
		if err := node.Decode(&doc); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		if doc.ID == "" || c.operations[doc.ID] != nil {
			return fmt.Errorf("%s %s: the operationId %q is empty or taken", method, path, doc.ID)
		}
		doc.Parameters = append(doc.Parameters, shared...)
		op, err := build.operation(doc)
		if err != nil {
			return fmt.Errorf("%s: %w", doc.ID, err)
		}
		c.operations[doc.ID] = op
	}
	return nil
}

// asJSON turns a value of YAML into one as the JSON of the schema library has it.
func asJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("no JSON: %w", err)
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

func component(ref, kind string) (name string, ok bool) {
	return strings.CutPrefix(ref, "#/components/"+kind+"/")
}
