package profile

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// reader reads a YAML document into a profile, strictly: every field must be known, be there once, and be of its type. It goes on after a
// problem, so that all of them are told at once. (The decoder of the YAML library takes numbers for texts, and says of the rest less than where.)
type reader struct {
	file     string
	problems Problems
	lines    map[string]int // of every field that the file has, by its key
}

func (r *reader) wrong(node *yaml.Node, key, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: node.Line, Key: key, Reason: fmt.Sprintf(format, args...)})
}

func (r *reader) read(root *yaml.Node, p *Profile) { r.value(root, "", reflect.ValueOf(p).Elem()) }

var durationType = reflect.TypeFor[Duration]()

func (r *reader) value(node *yaml.Node, key string, into reflect.Value) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	r.lines[key] = node.Line
	if into.Type() == durationType {
		r.duration(node, key, into)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		r.mapping(node, key, into)
	case reflect.Slice:
		r.list(node, key, into)
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.value(node, key, into.Elem())
	case reflect.String:
		if r.scalar(node, key, "text", "!!str") {
			into.SetString(strings.TrimSpace(node.Value))
		}
	case reflect.Int:
		if r.scalar(node, key, "a whole number", "!!int") {
			n, err := strconv.Atoi(node.Value)
			if err != nil {
				r.wrong(node, key, "must be a whole number, is %s", node.Value)
			}
			into.SetInt(int64(n))
		}
	case reflect.Float64:
		if r.scalar(node, key, "a number", "!!int", "!!float") {
			f, err := strconv.ParseFloat(node.Value, 64)
			if err != nil || !finite(f) {
				r.wrong(node, key, "must be a number, is %s", node.Value)
			}
			into.SetFloat(f)
		}
	default:
		panic("profile: no reader for a field of type " + into.Type().String())
	}
}

func (r *reader) duration(node *yaml.Node, key string, into reflect.Value) {
	if !r.scalar(node, key, "a time with its unit, such as 250ms, 30s or 5m", "!!str", "!!int", "!!float") {
		return
	}
	d, err := time.ParseDuration(node.Value)
	if err != nil {
		r.wrong(node, key, "must be a time with its unit, such as 250ms, 30s or 5m; is %s", node.Value)
		return
	}
	into.SetInt(int64(d))
}

func (r *reader) mapping(node *yaml.Node, key string, into reflect.Value) {
	if node.Kind != yaml.MappingNode {
		r.wrong(node, key, "must be a mapping, is %s", kindOf(node))
		return
	}
	known := fieldsOf(into.Type())
	first := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name := node.Content[i]
		at := strings.TrimPrefix(key+"."+name.Value, ".")
		index := slices.Index(known, name.Value)
		switch {
		case index < 0:
			r.wrong(name, at, "is not known here; known are %s", strings.Join(known, ", "))
			continue
		case first[name.Value] > 0:
			r.wrong(name, at, "is there twice, first in line %d", first[name.Value])
			continue
		}
		first[name.Value] = name.Line
		r.value(node.Content[i+1], at, into.Field(index))
		r.lines[at] = name.Line // and not where its first item is
	}
}

// fieldsOf are the names of a struct's fields in YAML, by index.
func fieldsOf(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
	}
	return names
}

func (r *reader) list(node *yaml.Node, key string, into reflect.Value) {
	if node.Kind != yaml.SequenceNode {
		r.wrong(node, key, "must be a list, is %s", kindOf(node))
		return
	}
	for i, item := range node.Content {
		one := reflect.New(into.Type().Elem())
		if kind, ok := one.Interface().(*Kind); ok {
			*kind = Kind{Weight: 1, Seats: 2, Pages: 10, Polls: 10}
		}
		r.value(item, key+"["+strconv.Itoa(i)+"]", one.Elem())
		into.Set(reflect.Append(into, one.Elem()))
	}
}

// scalar says whether the node is one of these types, and what it must be if it is not.
func (r *reader) scalar(node *yaml.Node, key, must string, tags ...string) bool {
	if node.Kind == yaml.ScalarNode && slices.Contains(tags, node.Tag) {
		return true
	}
	r.wrong(node, key, "must be %s, is %s", must, kindOf(node))
	return false
}

// kindOf says in words what a value is.
func kindOf(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Tag == "!!null":
		return "empty"
	case node.Tag == "!!str":
		return strconv.Quote(node.Value)
	}
	return node.Value
}
