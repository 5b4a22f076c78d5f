package routes

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// value is one place in the file: a node of the document and what it is called.
type value struct {
	*notes
	node *yaml.Node
	key  string
}

func (v value) wrong(format string, args ...any) { v.notes.wrong(v.node, v.key, format, args...) }

func (v value) warn(format string, args ...any) { v.notes.warn(v.node, v.key, format, args...) }

func (v value) below(key string, node *yaml.Node) value {
	if v.key != "" && key[0] != '[' {
		key = "." + key
	}
	return value{v.notes, node, v.key + key}
}

// kind says in words what a value is.
func (v value) kind() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch v.node.Tag {
	case "!!null":
		return "empty"
	case "!!int", "!!float":
		return "a number (" + v.node.Value + ")"
	case "!!bool":
		return "true or false"
	case "!!timestamp":
		return "a date"
	}
	return strconv.Quote(v.node.Value)
}

// fields are the keys that a mapping may have, with what reads each.
type fields map[string]func(value)

// read reads a mapping: each key at most once, none that is not known, and all of those that must be there. It returns false when it is no mapping.
func (v value) read(known fields, must ...string) bool {
	if v.node.Kind != yaml.MappingNode {
		v.wrong("must be a mapping, is %s", v.kind())
		return false
	}
	first := map[string]int{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key, content := v.node.Content[i], v.node.Content[i+1]
		name := key.Value
		at := value{v.notes, key, strings.TrimPrefix(v.key+"."+name, ".")}
		read, ok := known[name]
		switch {
		case key.Kind != yaml.ScalarNode:
			value{v.notes, key, v.key}.wrong("a key must be text")
			continue
		case !ok:
			at.wrong("is not known here; known are %s", names(known))
			continue
		case first[name] > 0:
			at.wrong("is there twice, first in line %d", first[name])
			continue
		}
		first[name] = key.Line
		read(v.below(name, content))
	}
	for _, name := range must {
		if first[name] == 0 {
			v.wrong("%s is missing", name)
		}
	}
	return true
}

func names(known fields) string {
	all := make([]string, 0, len(known))
	for name := range known {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// each reads a list of at least one.
func (v value) each(read func(value)) {
	if v.node.Kind != yaml.SequenceNode {
		v.wrong("must be a list, is %s", v.kind())
		return
	}
	if len(v.node.Content) == 0 {
		v.wrong("the list is empty; leave the key out instead")
	}
	for i, node := range v.node.Content {
		read(v.below("["+strconv.Itoa(i)+"]", node))
	}
}

// scalar reports whether the value has this tag, and says what it must be if not.
func (v value) scalar(tag, must string) bool {
	if v.node.Kind == yaml.ScalarNode && v.node.Tag == tag {
		return true
	}
	if tag == "!!str" && v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null" {
		must += " (put it in quotes)"
	}
	v.wrong("must be %s, is %s", must, v.kind())
	return false
}

// text reads text that is not empty.
func (v value) text() (string, bool) {
	if !v.scalar("!!str", "text") {
		return "", false
	}
	if v.node.Value == "" || strings.TrimSpace(v.node.Value) != v.node.Value {
		v.wrong("must be text without spaces at either end, is %q", v.node.Value)
		return "", false
	}
	return v.node.Value, true
}

// into reads text into a variable.
func (v value) into(to *string) {
	if text, ok := v.text(); ok {
		*to = text
	}
}

// flag reads true or false.
func (v value) flag(to *bool) {
	if v.scalar("!!bool", "true or false") {
		*to = strings.EqualFold(v.node.Value, "true")
	}
}

// number reads a whole number within a range.
func (v value) number(to *int, low, high int) {
	if !v.scalar("!!int", "a whole number") {
		return
	}
	n, err := strconv.Atoi(v.node.Value)
	if err != nil || n < low || n > high {
		v.wrong("must be from %d to %d, is %s", low, high, v.node.Value)
		return
	}
	*to = n
}

// duration reads a time such as 300ms, 5s, 2m.
func (v value) duration(to *time.Duration, low, high time.Duration) {
	if v.node.Kind == yaml.ScalarNode && (v.node.Tag == "!!int" || v.node.Tag == "!!float") {
		v.wrong("needs a unit, such as %ss or %sms", v.node.Value, v.node.Value)
		return
	}
	if !v.scalar("!!str", "a time such as 300ms, 5s or 2m") {
		return
	}
	d, err := time.ParseDuration(v.node.Value)
	switch {
	case err != nil:
		v.wrong("must be a time such as 300ms, 5s or 2m, is %q", v.node.Value)
	case d < low || d > high:
		v.wrong("must be from %s to %s, is %s", low, high, v.node.Value)
	default:
		*to = d
	}
}

// choice reads one of some words.
func (v value) choice(to *string, words ...string) {
	if !v.scalar("!!str", "one of "+strings.Join(words, ", ")) {
		return
	}
	if !slices.Contains(words, v.node.Value) {
		v.wrong("must be one of %s, is %q", strings.Join(words, ", "), v.node.Value)
		return
	}
	*to = v.node.Value
}

// networks reads a list of addresses and networks, such as 10.0.0.0/8 and 2001:db8::1.
func (v value) networks(to *[]netip.Prefix) {
	v.each(func(one value) {
		text, ok := one.text()
		if !ok {
			return
		}
		network, err := parseNetwork(text)
		switch {
		case err != nil:
			one.wrong("must be an address or a network such as 10.0.0.0/8, is %q", text)
		case network != network.Masked():
			one.wrong("has bits beyond its mask; the network is %s", network.Masked())
		case slices.Contains(*to, network):
			one.wrong("%s is there twice", text)
		default:
			*to = append(*to, network)
		}
	})
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err == nil && network.Addr().Is4In6() { // addresses are compared unwrapped, so it would never match
		err = errors.New("an IPv4 network in IPv6")
	}
	return network, err
}
