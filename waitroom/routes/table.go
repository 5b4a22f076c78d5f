package routes

import (
	"bytes"

	"anteroom/waitroom"
)

// Table finds where requests lead. It is never changed once it is made, so it is safe for concurrent use.
type Table struct{ hosts hosts }

var _ waitroom.Router = (*Table)(nil)

// site is what the gateway serves for some hosts.
type site struct{ root node }

// rule is one route with all its paths.
type rule struct {
	name     string
	upstream string // empty: nothing is there
	gated    bool
	optional bool   // no such room: no gate
	room     []byte // nil: captured from the path
	anyCase  bool   // the upstream ignores letters' case in paths
	onOutage waitroom.Outage
	bypass   []bypass
	links    bool
	staff    bool
}

// Match implements waitroom.Router. Letters' case is ignored to find the route, and then insisted on unless the route says that its
// upstream ignores it: a path that is gated in one spelling only would be a hole where the upstream reads paths more
// generously than we do.
func (t *Table) Match(ask waitroom.Ask) (waitroom.Route, error) {
	s := t.hosts.find(ask.Host)
	if s == nil {
		return waitroom.Route{}, waitroom.ErrHostUnknown
	}
	if len(ask.Path) == 0 || ask.Path[0] != '/' || bytes.Contains(ask.Path, twoSlashes) { // no clean path
		return waitroom.Route{}, waitroom.ErrPathUnknown
	}
	found := s.root.find(ask.Path[1:], true)
	if found == nil || found.rule.upstream == "" {
		return waitroom.Route{}, waitroom.ErrPathUnknown
	}
	r := found.rule
	if !r.gated {
		if _, ok := found.pattern.spelled(ask.Path); !ok && !r.anyCase {
			return waitroom.Route{}, waitroom.ErrPathUnknown
		}
		return waitroom.Route{Name: r.name, Upstream: r.upstream}, nil
	}
	room, ok := r.room, true
	if room == nil {
		room = found.pattern.roomOf(ask.Path)
	}
	if !r.anyCase {
		_, ok = found.pattern.spelled(ask.Path)
	}
	if !ok || !waitroom.ValidRoom(room) {
		return waitroom.Route{}, waitroom.ErrPathUnknown
	}
	return waitroom.Route{
		Name: r.name, Upstream: r.upstream, Room: room, Optional: r.optional, Bypass: r.passes(&ask), Links: r.links, Staff: r.staff, OnOutage: r.onOutage,
	}, nil
}

var twoSlashes = []byte("//")

// passes reports whether one of the rule's bypasses applies.
func (r *rule) passes(ask *waitroom.Ask) bool {
	for i := range r.bypass {
		if r.bypass[i].applies(ask, r.anyCase) {
			return true
		}
	}
	return false
}
