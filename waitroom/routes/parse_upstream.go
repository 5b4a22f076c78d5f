package routes

import (
	"cmp"
	"crypto/x509"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// nameForm is the form of the names of upstreams and routes: they are labels of metrics.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

const nameRule = "a name is 1 to 63 lower-case letters, digits and hyphens, with no hyphen in front"

// The forwarder's defaults of what must fit together.
const (
	defaultInterval = 5 * time.Second
	defaultTimeout  = 2 * time.Second
	defaultLeaveOut = time.Second
	defaultMost     = 30 * time.Second
)

// readUpstreams reads the mapping from names to upstreams.
func (p *parser) readUpstreams(v value) {
	if v.node.Kind != yaml.MappingNode {
		v.wrong("must be a mapping from names to upstreams, is %s", v.kind())
		return
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		at := value{v.notes, key, "upstreams." + key.Value}
		switch there := p.upstreams[key.Value]; {
		case !nameForm.MatchString(key.Value):
			at.wrong("%s", nameRule)
			continue
		case there != nil:
			at.wrong("is there twice, first in line %d", there.line)
			continue
		}
		p.upstreams[key.Value] = &upstreamAt{line: key.Line}
		p.upstream(key.Value, v.below(key.Value, v.node.Content[i+1]))
	}
}

func (p *parser) upstream(name string, v value) {
	u := Upstream{Name: name, Scheme: "http"}
	h, f, t := &u.Health, &u.Passive, &u.Timeouts
	span := func(to *time.Duration, low, high time.Duration) func(value) {
		return func(v value) { v.duration(to, low, high) }
	}
	whole := func(to *int, low, high int) func(value) { return func(v value) { v.number(to, low, high) } }
	var secure *value
	v.read(fields{
		"scheme":      func(v value) { v.choice(&u.Scheme, "http", "https") },
		"addresses":   func(v value) { v.each(func(v value) { address(v, &u.Addresses) }) },
		"pass_host":   func(v value) { v.flag(&u.PassHost) },
		"connections": whole(&u.MaxConns, 1, 65_535),
		"tunnels":     whole(&u.Tunnels, 1, 65_535),
		"max_body":    whole(&u.MaxBody, 1, 1<<40),
		"tls":         func(v value) { secure = &v; p.upstreamTLS(v, &u) },
		"health": func(v value) {
			v.read(fields{
				"path":     func(v value) { healthPath(v, &h.Path) },
				"host":     func(v value) { healthHost(v, &h.Host) },
				"interval": span(&h.Interval, 100*time.Millisecond, time.Hour),
				"timeout":  span(&h.Timeout, 10*time.Millisecond, time.Minute),
				"status":   whole(&h.Status, 200, 599),
				"rise":     whole(&h.Rise, 1, 100),
				"fall":     whole(&h.Fall, 1, 100),
			}, "path")
			if every, timeout := cmp.Or(h.Interval, defaultInterval), cmp.Or(h.Timeout, defaultTimeout); timeout > every {
				v.wrong("timeout (%s) is longer than interval (%s)", timeout, every)
			}
		},
		"passive": func(v value) {
			v.read(fields{
				"failures":  whole(&f.Failures, 1, 1000),
				"leave_out": span(&f.LeaveOut, 100*time.Millisecond, time.Hour),
				"most":      span(&f.Most, 100*time.Millisecond, time.Hour),
			})
			if first, most := cmp.Or(f.LeaveOut, defaultLeaveOut), cmp.Or(f.Most, defaultMost); first > most {
				v.wrong("leave_out (%s) is longer than most (%s)", first, most)
			}
		},
		"timeouts": func(v value) {
			v.read(fields{
				"connect":        span(&t.Connect, 10*time.Millisecond, time.Minute),
				"first_byte":     span(&t.FirstByte, 10*time.Millisecond, time.Hour),
				"silence":        span(&t.Silence, 10*time.Millisecond, time.Hour),
				"tunnel_silence": span(&t.TunnelSilence, time.Second, 24*time.Hour),
				"idle":           span(&t.Idle, 10*time.Millisecond, time.Hour),
			})
		},
	}, "addresses")
	if secure != nil && u.Scheme != "https" {
		secure.wrong("is for the scheme https, and the scheme is %s", u.Scheme)
	}
	p.config.Upstreams = append(p.config.Upstreams, u)
}

// upstreamTLS reads how an upstream's certificate is verified.
func (p *parser) upstreamTLS(v value, u *Upstream) {
	v.read(fields{
		"roots": func(v value) {
			file, ok := v.text()
			if !ok {
				return
			}
			u.RootsFile = p.beside(file)
			pem, err := readBounded(u.RootsFile)
			u.Roots = x509.NewCertPool()
			switch {
			case err != nil:
				v.wrong("%s %v", file, err)
			case !u.Roots.AppendCertsFromPEM(pem):
				v.wrong("%s holds no certificate in PEM", file)
			}
		},
		"name": func(v value) { v.into(&u.CertName) },
	})
}

// address reads host:port.
func address(v value, to *[]string) {
	text, ok := v.text()
	if !ok {
		return
	}
	host, port, err := net.SplitHostPort(text)
	number, numErr := strconv.Atoi(port)
	switch {
	case strings.Contains(text, "://"):
		v.wrong("is a URL; write host:port, and the scheme in scheme")
	case err != nil || host == "" || numErr != nil || number < 1 || number > 65535 || strings.ContainsAny(host, "/?#@") || !plain(host):
		v.wrong("must be host:port, is %q", text)
	case slices.Contains(*to, text):
		v.wrong("%s is there twice", text)
	default:
		*to = append(*to, text)
	}
}

func healthPath(v value, to *string) {
	text, ok := v.text()
	if !ok {
		return
	}
	if !strings.HasPrefix(text, "/") || strings.Contains(text, "#") || !plain(text) {
		v.wrong("must be a path such as /healthz, plainly written, is %q", text)
		return
	}
	*to = text
}

func healthHost(v value, to *string) {
	text, ok := v.text()
	if ok && !plain(text) {
		v.wrong("must be a host, plainly written, is %q", text)
		return
	}
	*to = text
}

// plain reports whether a text is of visible ASCII characters only.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
