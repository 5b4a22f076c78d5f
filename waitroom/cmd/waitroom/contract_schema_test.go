package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// understood are the keywords that breaches applies or that say nothing about a value. A schema with another one fails, so that no rule is
// written down that nobody checks.
var understood = []string{
	"$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "maxItems", "minItems", "minLength", "maxLength",
	"pattern", "format", "minimum", "maximum", "allOf", "oneOf", "description", "title", "examples", "default",
}

// breaches lists what of a JSON value (decoded with numbers as json.Number) is not as the schema says: JSON Schema 2020-12, the part of it that the
// contract uses, but stricter: a member that the schema does not name is one, unless it allows more.
func (c *contract) breaches(at string, schema map[string]any, value any) (wrong []string) {
	object, ok := value.(map[string]any)
	if names, closed := c.named(schema); ok && closed {
		for name := range object {
			if !names[name] {
				wrong = append(wrong, fmt.Sprintf("%s has %q, which is not documented", at, name))
			}
		}
	}
	return append(wrong, c.broken(at, schema, value)...)
}

// named are the members that a schema names, wherever it gets them from, and whether there may be no others: a schema that names none says nothing of
// what an object has.
func (c *contract) named(schema map[string]any) (names map[string]bool, closed bool) {
	names = map[string]bool{}
	_, more := schema["additionalProperties"].(map[string]any)
	if more || schema["additionalProperties"] == true {
		return names, false
	}
	closed = schema["additionalProperties"] == false
	if properties, ok := schema["properties"].(map[string]any); ok {
		closed = true
		for name := range properties {
			names[name] = true
		}
	}
	parts := list(schema["allOf"])
	if ref, ok := schema["$ref"].(string); ok {
		parts = append(parts, c.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")])
	}
	for _, part := range parts {
		if schema, ok := part.(map[string]any); ok {
			theirs, alsoClosed := c.named(schema)
			maps.Copy(names, theirs)
			closed = closed || alsoClosed
		}
	}
	return names, closed
}

// broken is breaches but for the members that no schema names.
func (c *contract) broken(at string, schema map[string]any, value any) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, at+" "+fmt.Sprintf(format, args...)) }
	for keyword := range schema {
		if !slices.Contains(understood, keyword) {
			say("has a schema with %q, which is not understood here", keyword)
		}
	}
	if ref, ok := schema["$ref"].(string); ok {
		target, known := c.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
		if !known {
			say("refers to %s, which is not there", ref)
			return wrong
		}
		wrong = append(wrong, c.broken(at, target, value)...)
	}
	if types, ok := schema["type"]; ok && !slices.ContainsFunc(list(types), func(one any) bool { return isA(value, one.(string)) }) {
		say("is %v, must be of type %v", value, types)
		return wrong
	}
	if allowed, ok := schema["enum"]; ok && !slices.ContainsFunc(list(allowed), func(one any) bool { return alike(one, value) }) {
		say("is %v, must be one of %v", value, allowed)
	}
	if want, ok := schema["const"]; ok && !alike(want, value) {
		say("is %v, must be %v", value, want)
	}
	for _, part := range list(schema["allOf"]) {
		wrong = append(wrong, c.broken(at, part.(map[string]any), value)...)
	}
	if parts := list(schema["oneOf"]); len(parts) > 0 {
		fit := 0
		for _, part := range parts {
			if len(c.breaches(at, part.(map[string]any), value)) == 0 {
				fit++
			}
		}
		if fit != 1 {
			say("fits %d of the schemas of oneOf", fit)
		}
	}
	switch v := value.(type) {
	case string:
		wrong = append(wrong, stringBreaches(at, schema, v)...)
	case json.Number:
		n, _ := new(big.Float).SetString(v.String())
		if low, ok := number(schema["minimum"]); ok && n.Cmp(low) < 0 {
			say("is %s, must be at least %v", v, schema["minimum"])
		}
		if high, ok := number(schema["maximum"]); ok && n.Cmp(high) > 0 {
			say("is %s, must be at most %v", v, schema["maximum"])
		}
	case []any:
		if most, ok := schema["maxItems"].(int); ok && len(v) > most {
			say("has %d items, at most %d", len(v), most)
		}
		if least, ok := schema["minItems"].(int); ok && len(v) < least {
			say("has %d items, at least %d", len(v), least)
		}
		if items, ok := schema["items"].(map[string]any); ok {
			for i, one := range v {
				wrong = append(wrong, c.breaches(fmt.Sprintf("%s[%d]", at, i), items, one)...)
			}
		}
	case map[string]any:
		wrong = append(wrong, c.objectBreaches(at, schema, v)...)
	}
	return wrong
}

func (c *contract) objectBreaches(at string, schema map[string]any, object map[string]any) (wrong []string) {
	for _, name := range list(schema["required"]) {
		if _, there := object[name.(string)]; !there {
			wrong = append(wrong, fmt.Sprintf("%s lacks %q", at, name))
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	more, _ := schema["additionalProperties"].(map[string]any)
	for name, value := range object {
		if property, known := properties[name].(map[string]any); known {
			wrong = append(wrong, c.breaches(at+"."+name, property, value)...)
		} else if more != nil {
			wrong = append(wrong, c.breaches(at+"."+name, more, value)...)
		}
	}
	return wrong
}

func stringBreaches(at string, schema map[string]any, s string) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, at+" "+fmt.Sprintf(format, args...)) }
	if least, ok := schema["minLength"].(int); ok && utf8.RuneCountInString(s) < least {
		say("is shorter than %d", least)
	}
	if most, ok := schema["maxLength"].(int); ok && utf8.RuneCountInString(s) > most {
		say("is longer than %d", most)
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(s) {
		say("is %q, must match %s", s, pattern)
	}
	switch schema["format"] {
	case "date-time":
		if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
			say("is %q, must be a date and time", s)
		}
	case "byte":
		if _, err := base64.StdEncoding.DecodeString(s); err != nil {
			say("is not base64")
		}
	}
	return wrong
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func isA(value any, name string) bool {
	switch v := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		_, err := v.Int64()
		return name == "number" || name == "integer" && err == nil
	default:
		return false
	}
}

func number(v any) (*big.Float, bool) {
	switch v := v.(type) {
	case int:
		return big.NewFloat(float64(v)), true
	case float64:
		return big.NewFloat(v), true
	default:
		return nil, false
	}
}

// alike compares a value of YAML with one of JSON.
func alike(want, got any) bool { return fmt.Sprint(want) == fmt.Sprint(got) }

func parseJSON(t *testing.T, text string) (value any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&value), text)
	return value
}

func TestTheValidatorSeesBreaches(t *testing.T) {
	t.Parallel()
	c := &contract{}
	c.Components.Schemas = map[string]map[string]any{"Small": {"type": "integer", "maximum": 9}}
	schema := map[string]any{
		"type": "object", "required": []any{"n"},
		"properties": map[string]any{
			"n": map[string]any{"$ref": "#/components/schemas/Small", "minimum": 2},
			"s": map[string]any{"type": []any{"string", "null"}, "pattern": "^a", "minLength": 2, "maxLength": 3},
			"e": map[string]any{"enum": []any{"x", 1}}, "k": map[string]any{"const": "y"},
			"d": map[string]any{"type": "string", "format": "date-time"}, "b": map[string]any{"type": "string", "format": "byte"},
			"l": map[string]any{"type": "array", "maxItems": 1, "items": map[string]any{"type": "boolean"}},
			"o": map[string]any{"type": "object", "additionalProperties": false},
			"a": map[string]any{"allOf": []any{map[string]any{"properties": map[string]any{"p": true}}, map[string]any{"properties": map[string]any{"q": true}}}},
			"w": map[string]any{"oneOf": []any{map[string]any{"type": "integer"}, map[string]any{"type": "number"}}},
		},
	}
	for text, want := range map[string]int{
		`{"n":2}`: 0, `{"n":9,"s":"ab","e":1,"k":"y","d":"2026-11-22T10:00:00.5Z","b":"AA==","l":[true],"o":{},"w":1.5}`: 0,
		`{"n":2,"s":null}`: 0, `[]`: 1, `{}`: 1, `{"n":10}`: 1, `{"n":1}`: 1, `{"n":2.5}`: 1, `{"n":"2"}`: 1, `{"n":null}`: 1, `{"n":2,"x":1}`: 1,
		`{"n":2,"s":"b"}`: 2, `{"n":2,"s":"abcd"}`: 1, `{"n":2,"s":5}`: 1, `{"n":2,"e":"y"}`: 1, `{"n":2,"k":"x"}`: 1, `{"n":2,"d":"today"}`: 1,
		`{"n":2,"b":"%"}`: 1, `{"n":2,"l":[true,false]}`: 1, `{"n":2,"l":["no"]}`: 1, `{"n":2,"o":{"p":1}}`: 1, `{"n":2,"w":1}`: 1, `{"n":2,"a":{"p":1,"q":2}}`: 0, `{"n":2,"a":{"p":1,"r":2}}`: 1, `{"n":2,"w":"1"}`: 1,
	} {
		wrong := c.breaches("$", schema, parseJSON(t, text))
		require.Len(t, wrong, want, "%s: %v", text, wrong)
	}
	require.NotEmpty(t, c.breaches("$", map[string]any{"multipleOf": 2}, parseJSON(t, "4")), "a rule that nobody checks")
	require.NotEmpty(t, c.breaches("$", map[string]any{"$ref": "#/components/schemas/None"}, parseJSON(t, "4")))
}
