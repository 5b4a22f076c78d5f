package routes

import (
	"fmt"

	"anteroom/waitroom"
)

// The upstreams of the built-in table.
const (
	Booking = "booking"
	Admin   = "admin"
)

// Builtin is the table of a gateway without a configuration file: one site for all hosts, with our own services behind it.
func Builtin() *Table {
	s := &site{}
	s.own()
	show := &rule{name: "show", upstream: Booking, gated: true, optional: true} // there are shows without a room
	seats := &rule{name: "seats-page", upstream: waitroom.ServeApps, gated: true, optional: true}
	booking := &rule{name: "booking", upstream: Booking}
	admin := &rule{name: "admin", upstream: Admin}
	apps := &rule{name: "apps", upstream: waitroom.ServeApps}
	for _, one := range []struct {
		path string
		rule *rule
	}{
		{"/api/v1/shows/{room}/**", show},
		{"/api/v1/shows/*", booking}, // the show itself, which is open
		{"/shows/{room}/seats/**", seats},
		{"/api/**", booking},
		{"/admin/api/**", admin},
		{"/control/**", &rule{name: "control"}}, // on the private port only
		{"/**", apps},
		{"/api", apps}, {"/admin/api", apps}, {"/waitroom", apps}, {"/control", apps}, // pages of the apps, if anything
	} {
		p, err := parsePattern(one.path)
		if err == nil && s.root.add(&p, one.rule) != nil {
			err = fmt.Errorf("is there twice")
		}
		if err != nil {
			panic(fmt.Sprintf("built-in route %s %v", one.path, err)) // a defect of ours that every test shows
		}
	}
	return &Table{hosts: hosts{all: s}}
}

// ownPaths belong to the gateway on every host; without the first nobody could join a line there.
var ownPaths = []struct {
	text string
	rule *rule
}{
	{"/waitroom/**", &rule{name: "visitor", upstream: waitroom.ServeVisitor}},
	{"/.well-known/jwks.json", &rule{name: "visitor", upstream: waitroom.ServeVisitor}},
}

// own puts the gateway's own paths into a site.
func (s *site) own() {
	for _, one := range ownPaths {
		p, err := parsePattern(one.text)
		if err != nil || s.root.add(&p, one.rule) != nil {
			panic("own path " + one.text) // a defect of ours
		}
	}
}
