package routes

import (
	"net/netip"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// routeBypass reads what may go past the gate; its rules are read once the paths are known.
func (p *parser) routeBypass(v value, d *draft) {
	v.read(fields{
		"rules": func(v value) { v.each(func(v value) { d.rules = append(d.rules, v) }) },
		"links": func(v value) { v.flag(&d.links) },
		"staff": func(v value) { v.flag(&d.staff) },
	})
	if v.node.Kind == yaml.MappingNode && len(v.node.Content) == 0 {
		v.wrong("is empty")
	}
}

var methodForm = regexp.MustCompile(`^[A-Z][A-Z-]{0,31}$`)

// bypassRule reads one rule and what it wants.
func (p *parser) bypassRule(v value, d *draft) {
	var b bypass
	var paths []patternAt
	var note []string
	if !v.read(fields{
		"methods": func(v value) {
			v.each(func(v value) {
				method, ok := v.text()
				switch {
				case !ok:
				case !methodForm.MatchString(method):
					v.wrong("must be a method in capitals, is %q", method)
				case b.hasMethod([]byte(method)):
					v.wrong("%s is there twice", method)
				default:
					b.methods = append(b.methods, []byte(method))
					note = append(note, method)
				}
			})
		},
		"networks": func(v value) {
			v.networks(&b.networks)
			for _, n := range b.networks {
				note = append(note, "from "+n.String())
			}
			p.proxied(v, b.networks)
		},
		"paths": func(v value) { v.each(func(v value) { readPath(v, &paths) }) },
	}) {
		return
	}
	if len(v.node.Content) == 0 {
		v.wrong("has no condition, so everybody would go past the gate; leave the room out instead")
	}
	for i := range paths {
		one := &paths[i]
		if !slices.ContainsFunc(d.paths, func(at patternAt) bool { return at.meets(&one.pattern) }) {
			one.wrong("%s can never apply: no path of the route matches it", one.source)
		}
		if b.paths == nil {
			b.paths = &node{}
		}
		if b.paths.add(&one.pattern, &d.rule) != nil {
			one.wrong("%s is there twice", one.source)
		}
		note = append(note, one.source)
	}
	d.bypass = append(d.bypass, b)
	d.notes = append(d.notes, "past the gate: "+joined(note))
}

// proxied refuses a bypass for what only ever stands in front of visitors: it would let everybody past.
func (p *parser) proxied(v value, networks []netip.Prefix) {
	if !p.config.Trusted.For {
		return
	}
	for _, n := range networks {
		if inside(n, p.config.Trusted.Networks) {
			v.warn("%s is within trusted_proxies: a request that a proxy there does not say the client of goes past the gate", n)
		}
	}
}
