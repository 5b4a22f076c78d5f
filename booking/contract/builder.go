package contract

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// location is where the schema library believes the document is; it is never fetched.
const location = "http://contract.invalid/openapi.json"

// builder gathers the schemas of a document, and compiles them all at the end: the library wants the whole document first.
type builder struct {
	doc     document
	root    map[string]any
	schemas []any                      // those of operations, reached as #/schemas/<index>
	give    []func(*jsonschema.Schema) // takes each, once it is compiled
}

func newBuilder(doc document) (*builder, error) {
	components := map[string]any{}
	strict := map[string]any{}
	for name, schema := range doc.Components.Schemas {
		plain, err := asJSON(schema)
		if err != nil {
			return nil, fmt.Errorf("read contract: schema %s: %w", name, err)
		}
		components[name] = plain
		again, err := asJSON(schema) // closing changes it
		if err != nil {
			return nil, err
		}
		strict[name] = closeInside(again)
	}
	return &builder{doc: doc, root: map[string]any{"components": map[string]any{"schemas": components}, "strict": strict}}, nil
}

// add takes a schema in; finish gives what was made of it.
func (b *builder) add(schema any, give func(*jsonschema.Schema)) {
	b.schemas = append(b.schemas, schema)
	b.give = append(b.give, give)
}

// finish compiles what was added.
func (b *builder) finish() error {
	b.root["schemas"] = b.schemas
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(location, b.root); err != nil {
		return fmt.Errorf("read contract: %w", err)
	}
	for i, give := range b.give {
		schema, err := compiler.Compile(location + "#/schemas/" + strconv.Itoa(i))
		if err != nil {
			return fmt.Errorf("read contract: %w", err)
		}
		give(schema)
	}
	return nil
}

func (b *builder) operation(doc operationDoc) (*operation, error) {
	op := &operation{answers: map[string]answer{}}
	for _, p := range doc.Parameters {
		if name, ok := component(p.Ref, "parameters"); ok {
			if p, ok = b.doc.Components.Parameters[name]; !ok {
				return nil, fmt.Errorf("there is no parameter %s", name)
			}
		}
		var list *[]*parameter
		switch p.In {
		case "query":
			list = &op.query
		case "header":
			list = &op.headers
		case "path", "cookie": // a path that fits nothing names nothing, which its handler says; cookies are opaque
			continue
		default:
			return nil, fmt.Errorf("a parameter in %q", p.In)
		}
		schema, err := asJSON(p.Schema)
		if err != nil {
			return nil, err
		}
		one := &parameter{name: p.Name, required: p.Required, types: b.typesOf(schema)}
		*list = append(*list, one)
		b.add(schema, func(s *jsonschema.Schema) { one.schema = s })
	}
	if doc.Body != nil {
		if media, ok := doc.Body.Content["application/json"]; ok && media.Schema != nil {
			schema, err := asJSON(media.Schema)
			if err != nil {
				return nil, err
			}
			op.body = &body{problem: doc.Body.Problem}
			b.add(schema, func(s *jsonschema.Schema) { op.body.schema = s })
		}
	}
	for status, r := range doc.Responses {
		documented, err := b.answer(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", status, err)
		}
		op.answers[status] = documented
	}
	return op, nil
}

func (b *builder) answer(r responseDoc) (answer, error) {
	if name, ok := component(r.Ref, "responses"); ok {
		if r, ok = b.doc.Components.Responses[name]; !ok {
			return answer{}, fmt.Errorf("there is no response %s", name)
		}
	}
	a := answer{content: map[string]*jsonschema.Schema{}}
	for mediaType, media := range r.Content {
		a.content[mediaType] = nil
		if media.Schema == nil {
			continue
		}
		schema, err := asJSON(media.Schema)
		if err != nil {
			return a, err
		}
		b.add(closed(schema), func(s *jsonschema.Schema) { a.content[mediaType] = s })
	}
	return a, nil
}

// typesOf are the types of JSON that a parameter may have, so that its text is read as one of them.
func (b *builder) typesOf(schema any) []string {
	object, _ := schema.(map[string]any)
	if ref, ok := object["$ref"].(string); ok {
		if name, ok := component(ref, "schemas"); ok {
			target, _ := b.root["components"].(map[string]any)["schemas"].(map[string]any)
			return b.typesOf(target[name])
		}
	}
	switch t := object["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var all []string
		for _, one := range t {
			if name, ok := one.(string); ok {
				all = append(all, name)
			}
		}
		return all
	default:
		return nil
	}
}

// closed is a schema as answers are held against it: a member of an object that no part of the schema names is not allowed, unless the schema
// says that more are. It is said where a schema is used, not in its parts, because a part of allOf knows only its own members.
func closed(schema any) any {
	object, ok := closeInside(schema).(map[string]any)
	if !ok {
		return schema
	}
	for _, naming := range []string{"$ref", "properties", "allOf", "oneOf", "anyOf"} {
		_, says := object[naming]
		_, more := object["additionalProperties"]
		_, already := object["unevaluatedProperties"]
		if says && !more && !already {
			object["unevaluatedProperties"] = false
			break
		}
	}
	return object
}

// closeInside closes the schemas of members and items, and leads references to the closed components.
func closeInside(schema any) any {
	object, ok := schema.(map[string]any)
	if !ok {
		return schema
	}
	for keyword, value := range object {
		switch keyword {
		case "$ref":
			if ref, ok := value.(string); ok {
				object[keyword] = strings.Replace(ref, "#/components/schemas/", "#/strict/", 1)
			}
		case "properties", "patternProperties", "$defs":
			if members, ok := value.(map[string]any); ok {
				for name, member := range members {
					members[name] = closed(member)
				}
			}
		case "items", "additionalProperties":
			object[keyword] = closed(value)
		case "prefixItems":
			if items, ok := value.([]any); ok {
				for i, item := range items {
					items[i] = closed(item)
				}
			}
		case "allOf", "oneOf", "anyOf":
			if parts, ok := value.([]any); ok {
				for i, part := range parts {
					parts[i] = closeInside(part)
				}
			}
		}
	}
	return object
}
