package routes

import (
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"time"

	"anteroom/internal/auth"
)

// Config is what a file says, with the files that it names read too. It is never changed.
type Config struct {
	File      string
	Listen    Listen
	Trusted   Trusted
	Bypass    Bypass
	Upstreams []Upstream // by name
	Table     *Table
	Routes    []Summary // as they stand in the file
	Warnings  Problems  // what is allowed and probably not meant

	seen sightings
}

// Listen is how the public port takes connections.
type Listen struct {
	TLS       bool
	MinTLS    uint16 // tls.VersionTLS12 or 13
	Certs     []tls.Certificate
	ProxyFrom []netip.Prefix // connections from here begin with a PROXY protocol header; empty: none do
}

// Trusted is what in front of the gateway is believed about visitors.
type Trusted struct {
	Networks  []netip.Prefix // of the proxies; empty: nobody is believed
	Forwarded bool           // they write Forwarded (RFC 7239), else X-Forwarded-…
	For       bool           // who the client is
	Proto     bool           // http or https
	Host      bool           // what the visitor asked for
	Request   bool           // what request is meant, of a proxy that only asks about it
}

// Bypass is what signed bypass links need.
type Bypass struct {
	Keys       *auth.BypassKeys // nil: no links are accepted
	KeyFile    string
	CookieLife time.Duration // of the cookie that a link leaves behind
}

// Upstream is a service that requests are forwarded to. A field that is zero was not given.
type Upstream struct {
	Name      string
	Scheme    string   // http or https
	Addresses []string // host:port
	PassHost  bool     // it sees the visitor's Host, not its own address
	RootsFile string   // of the certificates that its own must be signed by; empty: the system's
	Roots     *x509.CertPool
	CertName  string // that its certificate must be for; empty: the host of the address
	MaxConns  int    // requests under way at each address
	Tunnels   int    // WebSockets at once
	MaxBody   int    // bytes of a request's body
	Health    Health
	Passive   Passive
	Timeouts  Timeouts
}

// Health is how each address is asked whether it is well. An empty path: it is not.
type Health struct {
	Path     string
	Host     string // header of the question; empty: the address
	Interval time.Duration
	Timeout  time.Duration
	Status   int // that means well; 0: any from 200 to 299
	Rise     int // good answers in a row until an address counts as well again
	Fall     int // bad ones until it does not
}

// Passive is when an address is left out because requests to it failed.
type Passive struct {
	Failures int           // in a row
	LeaveOut time.Duration // the first time; doubled each time it fails again
	Most     time.Duration
}

// Timeouts bound what an upstream may take.
type Timeouts struct {
	Connect       time.Duration
	FirstByte     time.Duration // from the end of the request to the head of the answer
	Silence       time.Duration // between two pieces of a body, either way
	TunnelSilence time.Duration // of a WebSocket
	Idle          time.Duration // of a connection between requests
}

// Summary is one route in words, for people.
type Summary struct {
	Line  int
	Name  string
	Hosts []string
	Paths []string
	To    string
	Room  string // empty: open
	Notes []string
}

// defaultCookieLife is how long a bypass link's cookie lasts.
const defaultCookieLife = 30 * time.Minute
