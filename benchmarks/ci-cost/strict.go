package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// node is a part of a YAML file that is read strictly: what is unknown, missing, doubled or of another type is an error that says where.
type node struct{ *yaml.Node }

func document(body []byte) (node, error) {
	d := yaml.NewDecoder(bytes.NewReader(body))
	var doc, more yaml.Node
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return node{}, errors.New("the file is empty")
		}
		return node{}, err
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return node{}, fmt.Errorf("line %d: the file holds a second document", more.Line)
	}
	return node{doc.Content[0]}, nil
}

// mapping reads each field into what fields has for it: a pointer to what the value is decoded into, or a func(node, string) error.
func (n node) mapping(path string, fields map[string]any) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s: must be fields with values", n.Line, orFile(path))
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], node{n.Content[i+1]}
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		into, known := fields[key.Value]
		switch {
		case !known:
			return fmt.Errorf("line %d: %s: is no field; there are %s", key.Line, at, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		case seen[key.Value]:
			return fmt.Errorf("line %d: %s: is given twice", key.Line, at)
		case value.Tag == "!!null":
			return fmt.Errorf("line %d: %s: has no value", key.Line, at)
		}
		seen[key.Value] = true
		var err error
		if inner, ok := into.(func(node, string) error); ok {
			err = inner(value, at)
		} else if value.Decode(into) != nil {
			err = fmt.Errorf("line %d: %s: must be %s, is %q", value.Line, at, kindOf(into), value.Value)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !seen[name] {
			return fmt.Errorf("line %d: %s: is missing", n.Line, strings.TrimPrefix(path+"."+name, "."))
		}
	}
	return nil
}

// each reads the entries of a list.
func (n node) each(path string, one func(node, string) error) error {
	if n.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: %s: must be a list", n.Line, path)
	}
	for i, entry := range n.Content {
		if err := one(node{entry}, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

func kindOf(into any) string {
	switch into.(type) {
	case *int:
		return "a whole number"
	case *[]int:
		return "a list of whole numbers"
	case *string:
		return "text"
	default:
		return "a number"
	}
}
