package routes

import (
	"slices"
	"strings"

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
	absent   string
	paths    []patternAt
	roomAt   *value
	outageAt *value
	absentAt *value
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
		"if_no_room":  func(v value) { d.absentAt = &v; v.choice(&d.absent, "refuse", "open") },
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
	d.optional = d.absent == "open"
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
		if d.absentAt != nil {
			d.absentAt.wrong("says what happens without a room of the name, but the route names none")
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
