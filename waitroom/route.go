package waitroom

import (
	"net/netip"

	"anteroom/internal/fault"
)

// Errors of Router.Match.
var (
	ErrHostUnknown = fault.New(fault.Misdirected, "host-unknown", "This gateway does not serve this host.")
	ErrPathUnknown = fault.New(fault.NotFound, "path-unknown", "There is nothing at this path.")
)

// What a route can lead to that is no upstream. No upstream can have such a name.
const (
	ServeVisitor = "@visitor" // the gateway's own paths for visitors: /waitroom/v1/… and the published keys
	ServeApps    = "@apps"    // the static files of the web apps
)

// Ask is what the choice of a route depends on.
type Ask struct {
	Host   []byte     // as the visitor asked for it, in any case, with or without a port
	Path   []byte     // decoded once, begins with a slash, has no empty and no dot segments
	Method []byte     // in capitals
	Client netip.Addr // not valid where it is not known; never in a network then
}

// Route is where a request leads.
type Route struct {
	Name     string // for metrics and logs
	Upstream string // the name of an upstream, or one of the Serve… constants
	Room     []byte // the room it is gated by, empty when it is open; may be a part of Ask.Path
	Optional bool   // where there is no such room, the request goes on without one; else it is refused
	Bypass   bool   // a rule of the route lets this request past the gate
	Links    bool   // signed bypass links are accepted here
	Staff    bool   // staff may bypass the gate here
	OnOutage Outage // what the gate does while the line cannot be reached; empty: what the room says
}

// Router finds where requests lead. Safe for concurrent use.
type Router interface {
	// Match fails with "host-unknown" or "path-unknown". It asks nobody and allocates nothing.
	Match(ask Ask) (Route, error)
}
