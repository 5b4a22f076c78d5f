package routes

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"anteroom/waitroom"
)

// site reads one site: some hosts and their routes.
func (p *parser) site(v value) {
	s := &site{}
	s.own()
	var names []string
	var routes []value
	v.read(fields{
		"hosts":  func(v value) { v.each(func(v value) { p.host(v, s, &names) }) },
		"routes": func(v value) { routes = append(routes, v) },
	}, "hosts", "routes")
	for _, v := range routes {
		lines := map[*rule]int{} // of the site's rules
		v.each(func(v value) { p.route(v, s, names, lines) })
	}
}

func (p *parser) host(v value, s *site, names *[]string) {
	text, ok := v.text()
	if !ok {
		return
	}
	host, err := parseHost(text)
	if err != nil {
		v.wrong("%q %v", text, err)
		return
	}
	if line := p.hosts[host]; line > 0 {
		v.wrong("%s has its site already, in line %d", host, line)
		return
	}
	p.hosts[host] = v.node.Line
	*names = append(*names, host)
	at := &p.config.Table.hosts
	switch {
	case host == AnyHost:
		at.all = s
	case strings.HasPrefix(host, "*."):
		at.below[host[1:]] = s
	default:
		at.exact[host] = s
	}
}

// draft is a route while it is read.
type draft struct {
	rule
	to       string // upstream as written, or serve
	room     string
	outage   string
	paths    []patternAt
	roomAt   *value
	outageAt *value
	bypassAt *value
	upAt     *value
	serveAt  *value
	rules    []value
	notes    []string
}

type patternAt struct {
	pattern
	value
}

// route reads one route and puts its paths into the site.
func (p *parser) route(v value, s *site, hosts []string, lines map[*rule]int) {
	d := &draft{}
	serve := ""
	if !v.read(fields{
		"name":        func(v value) { p.routeName(v, d) },
		"paths":       func(v value) { v.each(func(v value) { readPath(v, &d.paths) }) },
		"upstream":    func(v value) { d.upAt = &v; p.toUpstream(v, d) },
		"serve":       func(v value) { d.serveAt = &v; v.choice(&serve, "apps", "nothing") },
		"room":        func(v value) { d.roomAt = &v; v.into(&d.room) },
		"on_outage":   func(v value) { d.outageAt = &v; v.choice(&d.outage, "hold", "open", "closed") },
		"bypass":      func(v value) { d.bypassAt = &v; p.routeBypass(v, d) },
		"ignore_case": func(v value) { v.flag(&d.anyCase) },
	}, "name", "paths") {
		return
	}
	switch serve {
	case "apps":
		d.upstream, d.to = waitroom.ServeApps, "the web apps"
	case "nothing":
		d.to = "nothing (404)"
	}
	p.checkRoute(v, d)
	r := &d.rule
	lines[r] = v.node.Line
	for i := range d.paths {
		one := &d.paths[i]
		there := s.root.add(&one.pattern, r)
		switch {
		case there == nil:
		case there.rule == r:
			one.wrong("%s is matched by %s of the same route already", one.source, there.pattern.source)
		case lines[there.rule] == 0:
			one.wrong("%s is the gateway's own on every host", one.source)
		case there.pattern.source != one.source && strings.EqualFold(there.pattern.source, one.source):
			one.wrong("%s can never be reached: it differs only in letters' case from %s of the route %s in line %d, and case does not choose a route", one.source, there.pattern.source, there.rule.name, lines[there.rule])
		default:
			one.wrong("%s can never be reached: %s of the route %s in line %d matches the same paths", one.source, there.pattern.source, there.rule.name, lines[there.rule])
		}
		if there == nil && ownedBelow(&one.pattern) {
			one.wrong("%s is the gateway's own on every host", one.source)
		}
	}
	p.config.Routes = append(p.config.Routes, d.summary(v.node.Line, hosts))
}

// ownedBelow reports whether a pattern begins within the gateway's own paths.
func ownedBelow(p *pattern) bool {
	return len(p.segments) > 0 && strings.EqualFold(string(p.segments[0].literal), "waitroom")
}

func (p *parser) routeName(v value, d *draft) {
	name, ok := v.text()
	switch {
	case !ok:
	case !nameForm.MatchString(name):
		v.wrong("%q: %s", name, nameRule)
	case p.names[name] > 0:
		v.wrong("%s is the name of the route in line %d already", name, p.names[name])
	default:
		p.names[name], d.name = v.node.Line, name
	}
}

func readPath(v value, to *[]patternAt) {
	text, ok := v.text()
	if !ok {
		return
	}
	one, err := parsePattern(text)
	if err != nil {
		v.wrong("%q %v", text, err)
		return
	}
	*to = append(*to, patternAt{one, v})
}

func (p *parser) toUpstream(v value, d *draft) {
	name, ok := v.text()
	if !ok {
		return
	}
	at := p.upstreams[name]
	if at == nil {
		all := make([]string, 0, len(p.upstreams))
		for known := range p.upstreams {
			all = append(all, known)
		}
		slices.Sort(all)
		v.wrong("there is no upstream %q; there are: %s", name, joined(all))
		return
	}
	at.used = true
	d.upstream, d.to = name, name
}

// checkRoute finds what contradicts itself, and settles the room.
func (p *parser) checkRoute(v value, d *draft) {
	switch {
	case d.upAt != nil && d.serveAt != nil:
		d.serveAt.wrong("contradicts upstream; a route leads to one thing")
	case d.upAt == nil && d.serveAt == nil:
		v.wrong("leads nowhere; give upstream or serve")
	}
	d.gated = d.roomAt != nil
	d.onOutage = waitroom.Outage(d.outage)
	switch {
	case !d.gated:
		for _, at := range d.paths {
			if at.captures() {
				at.wrong("%s names the room, but the route has none; write * instead, or give room: \"{room}\"", at.source)
			}
		}
		if d.outageAt != nil {
			d.outageAt.wrong("says what the gate does, but the route has no room")
		}
		if d.bypassAt != nil {
			d.bypassAt.wrong("there is no gate to bypass: the route has no room")
		}
	case d.serveAt != nil && d.to == "nothing (404)":
		d.roomAt.wrong("there is nothing to gate: the route serves nothing")
	case d.room == "{room}":
		for _, at := range d.paths {
			if !at.captures() {
				at.wrong("%s does not say which room: put {room} into it, or name the room", at.source)
			}
		}
	case d.room == "": // was no text, which has been told
	case !waitroom.ValidRoom(d.room):
		d.roomAt.wrong("%q cannot be a room's name: lower-case letters, digits and hyphens, at most 63; or {room} for the segment of the path", d.room)
	default:
		d.rule.room = []byte(d.room)
		for _, at := range d.paths {
			if at.captures() {
				at.wrong("%s names the room, but the route's room is always %s; write * instead", at.source, d.room)
			}
		}
	}
	if d.links && p.config.Bypass.Keys == nil && p.config.Bypass.KeyFile == "" {
		d.bypassAt.wrong("links want a key: give bypass.key_file at the top of the file")
	}
	for i := range d.rules {
		p.bypassRule(d.rules[i], d)
	}
}

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

func (d *draft) summary(line int, hosts []string) Summary {
	out := Summary{Line: line, Name: d.name, Hosts: hosts, To: d.to, Room: d.room, Notes: d.notes}
	for i := range d.paths {
		out.Paths = append(out.Paths, d.paths[i].source)
	}
	if d.outage != "" {
		out.Notes = append(out.Notes, "while the line is down: "+d.outage)
	}
	if d.links {
		out.Notes = append(out.Notes, "past the gate: signed links")
	}
	if d.staff {
		out.Notes = append(out.Notes, "past the gate: staff")
	}
	if d.anyCase {
		out.Notes = append(out.Notes, "letters' case does not matter")
	}
	return out
}

// String is the route in one line.
func (s Summary) String() string {
	room := "open"
	if s.Room != "" {
		room = "room " + s.Room
	}
	text := fmt.Sprintf("%s: %s %s → %s, %s", s.Name, joined(s.Hosts), joined(s.Paths), s.To, room)
	for _, note := range s.Notes {
		text += "; " + note
	}
	return text
}
