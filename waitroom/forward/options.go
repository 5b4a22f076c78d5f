package forward

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Options describe one upstream. A field's zero value means its default.
type Options struct {
	Name      string   // in metrics and logs
	Scheme    string   // "http" (the default) or "https"
	Addresses []string // host:port each, at least one, none twice
	// PassHost gives the upstream the visitor's Host; otherwise it sees its own address there, and the visitor's in X-Forwarded-Host.
	PassHost bool
	TLS      *tls.Config // for https; nil: the system's roots, and the address' own name

	MaxConns   int   // requests under way at one address, 1 to 65,535; default 4,096
	MaxTunnels int   // WebSockets at once in the whole pool, 1 to 65,535; default 1,024
	MaxBody    int64 // bytes of a request's body; default 1 MiB

	DialTimeout   time.Duration // until a connection is there; default 2 s
	FirstByte     time.Duration // from the end of the request to the head of the answer; default 30 s
	Silence       time.Duration // between two pieces of a body, either way; default 30 s
	TunnelSilence time.Duration // of a WebSocket, both ways; default 5 min
	IdleAge       time.Duration // a connection that nobody has used for so long is closed; default 20 s

	FailAfter int           // failures in a row after which an address is left out; default 3
	LeaveOut  time.Duration // for how long, doubled each time it fails again; default 1 s
	LeaveMost time.Duration // and at most; default 30 s
	Health    Health

	// Changed is told when an address is left out or taken back, and why; nil: nobody is. It must not block.
	Changed func(address string, up bool, why string)
}

// Health describes active checks of every address.
type Health struct {
	Path    string        // asked with GET; empty: there are no active checks
	Host    string        // in the Host header; empty: the address
	Every   time.Duration // default 5 s
	Timeout time.Duration // of one check; default 2 s
	Status  int           // the one that means well; 0: any from 200 to 299
	Rise    int           // checks in a row that take an address back; default 2
	Fall    int           // checks in a row that leave it out; default 2
}

// FromURL gives the options of an upstream with one address from a URL such as http://127.0.0.1:8081. The error says what is wrong with it.
func FromURL(name, base string) (Options, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return Options{}, fmt.Errorf("%s: not a URL: %w", name, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return Options{}, fmt.Errorf("%s: the URL must begin with http:// or https://", name)
	case u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.User != nil:
		return Options{}, fmt.Errorf("%s: the URL must be a scheme and a host only", name)
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	return Options{Name: name, Scheme: u.Scheme, Addresses: []string{host}}, nil
}

// WithDefaults gives every field that is zero its default.
func (o Options) WithDefaults() Options {
	whole := func(p *int, def int) {
		if *p == 0 {
			*p = def
		}
	}
	span := func(p *time.Duration, def time.Duration) {
		if *p == 0 {
			*p = def
		}
	}
	if o.Scheme == "" {
		o.Scheme = "http"
	}
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	whole(&o.MaxConns, 4096)
	whole(&o.MaxTunnels, 1024)
	whole(&o.FailAfter, 3)
	whole(&o.Health.Rise, 2)
	whole(&o.Health.Fall, 2)
	span(&o.DialTimeout, 2*time.Second)
	span(&o.FirstByte, 30*time.Second)
	span(&o.Silence, 30*time.Second)
	span(&o.TunnelSilence, 5*time.Minute)
	span(&o.IdleAge, 20*time.Second)
	span(&o.LeaveOut, time.Second)
	span(&o.LeaveMost, 30*time.Second)
	span(&o.Health.Every, 5*time.Second)
	span(&o.Health.Timeout, 2*time.Second)
	return o
}

// validate says what is wrong with options that have their defaults.
func (o Options) validate() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("upstream %s: %s", o.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case o.Name == "":
		return errors.New("an upstream must have a name")
	case o.Scheme != "http" && o.Scheme != "https":
		return fail("the scheme must be http or https, is %q", o.Scheme)
	case len(o.Addresses) == 0:
		return fail("there is no address")
	case o.MaxBody < 0:
		return fail("the bound of the body must not be negative")
	case o.Health.Path != "" && (o.Health.Path[0] != '/' || strings.ContainsFunc(o.Health.Path, unprintable)):
		return fail("the path of the health check must begin with / and be plainly written, is %q", o.Health.Path)
	case strings.ContainsFunc(o.Health.Host, unprintable):
		return fail("the host of the health check is not acceptable: %q", o.Health.Host)
	case o.Health.Status != 0 && (o.Health.Status < 200 || o.Health.Status > 599):
		return fail("the status of the health check must be from 200 to 599, is %d", o.Health.Status)
	case o.LeaveOut > o.LeaveMost:
		return fail("an address cannot be left out for %s at first and for %s at most", o.LeaveOut, o.LeaveMost)
	}
	for name, n := range map[string]int{"connections": o.MaxConns, "tunnels": o.MaxTunnels, "failures in a row": o.FailAfter, "rise": o.Health.Rise, "fall": o.Health.Fall} {
		if n < 1 || n > 65_535 {
			return fail("%s must be from 1 to 65535, is %d", name, n)
		}
	}
	for name, d := range map[string]time.Duration{
		"dial timeout": o.DialTimeout, "first byte": o.FirstByte, "silence": o.Silence, "tunnel silence": o.TunnelSilence, "idle age": o.IdleAge,
		"leave out": o.LeaveOut, "check every": o.Health.Every, "check timeout": o.Health.Timeout,
	} {
		if d < time.Millisecond || d > 24*time.Hour {
			return fail("%s must be from 1ms to 24h, is %s", name, d)
		}
	}
	for i, a := range o.Addresses {
		if err := checkAddress(a); err != nil {
			return fail("%v", err)
		}
		if slices.Contains(o.Addresses[:i], a) {
			return fail("the address %s is there twice", a)
		}
	}
	return nil
}

func checkAddress(a string) error {
	host, port, err := net.SplitHostPort(a)
	if err != nil {
		return fmt.Errorf("an address must be host:port, is %q", a)
	}
	if n, err := strconv.ParseUint(port, 10, 16); host == "" || err != nil || n == 0 {
		return fmt.Errorf("an address must be host:port with a port from 1 to 65535, is %q", a)
	}
	if strings.ContainsFunc(host, unprintable) {
		return fmt.Errorf("the host of an address must be plainly written, is %q", a)
	}
	return nil
}

func unprintable(r rune) bool { return r <= ' ' || r > '~' }
