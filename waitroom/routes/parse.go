package routes

import (
	"cmp"
	"crypto/tls"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"anteroom/internal/auth"
)

// parser reads one file. What it has seen so far is what later parts of the file may refer to or contradict.
type parser struct {
	config    *Config
	folder    string
	upstreams map[string]*upstreamAt
	hosts     map[string]int // host → line
	names     map[string]int // route → line
	seen      sightings      // the files named
}

type upstreamAt struct {
	line int
	used bool
}

// file reads the whole document. The sites come last whatever the order in the file, since they refer to all else.
func (p *parser) file(v value) {
	version := 0
	var sites, upstreams []value
	later := func(to *[]value) func(value) { return func(v value) { *to = append(*to, v) } }
	v.read(fields{
		"version":         func(v value) { v.number(&version, 1, 1) },
		"listen":          p.listen,
		"trusted_proxies": p.trusted,
		"bypass":          p.bypass,
		"upstreams":       later(&upstreams),
		"sites":           later(&sites),
	}, "version", "sites")
	for _, v := range upstreams {
		p.readUpstreams(v)
	}
	for _, v := range sites {
		v.each(p.site)
	}
	for _, v := range upstreams {
		p.unused(v)
	}
	slices.SortFunc(p.config.Upstreams, func(a, b Upstream) int { return cmp.Compare(a.Name, b.Name) })
}

// beside is a file named in the configuration, which is about to be read.
func (p *parser) beside(name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(p.folder, name)
	}
	p.seen.note(name)
	return name
}

func (p *parser) listen(v value) {
	v.read(fields{
		"tls": func(v value) {
			p.config.Listen.TLS = true
			p.config.Listen.MinTLS = tls.VersionTLS12
			minimum := "1.2"
			v.read(fields{
				"certificates": func(v value) { v.each(p.certificate) },
				"minimum":      func(v value) { v.choice(&minimum, "1.2", "1.3") },
			}, "certificates")
			if minimum == "1.3" {
				p.config.Listen.MinTLS = tls.VersionTLS13
			}
		},
		"proxy_protocol": func(v value) {
			v.read(fields{"from": func(v value) { v.networks(&p.config.Listen.ProxyFrom) }}, "from")
		},
	})
}

// certificate reads a pair of PEM files.
func (p *parser) certificate(v value) {
	var certificate, key string
	if !v.read(fields{"certificate": func(v value) { v.into(&certificate) }, "key": func(v value) { v.into(&key) }}, "certificate", "key") || certificate == "" || key == "" {
		return
	}
	certificate, key = p.beside(certificate), p.beside(key)
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		v.wrong("cannot be used: %v", err)
		return
	}
	switch now := time.Now(); {
	case pair.Leaf != nil && now.After(pair.Leaf.NotAfter):
		v.warn("has run out on %s", pair.Leaf.NotAfter.Format(time.DateOnly))
	case pair.Leaf != nil && now.Before(pair.Leaf.NotBefore):
		v.warn("counts only from %s", pair.Leaf.NotBefore.Format(time.DateOnly))
	}
	p.config.Listen.Certs = append(p.config.Listen.Certs, pair)
}

func (p *parser) trusted(v value) {
	t := &p.config.Trusted
	headers := "x-forwarded"
	t.For, t.Proto = true, true
	v.read(fields{
		"networks": func(v value) {
			v.networks(&t.Networks)
			for _, n := range t.Networks {
				if n.Bits() == 0 {
					v.wrong("%s trusts everybody to say who they are", n)
				}
			}
		},
		"headers": func(v value) { v.choice(&headers, "x-forwarded", "forwarded") },
		"believe": func(v value) {
			t.For, t.Proto, t.Host, t.Request = false, false, false, false
			flags := map[string]*bool{"for": &t.For, "proto": &t.Proto, "host": &t.Host, "request": &t.Request}
			v.each(func(v value) {
				word := ""
				if v.choice(&word, "for", "proto", "host", "request"); word != "" {
					if *flags[word] {
						v.wrong("%s is there twice", word)
					}
					*flags[word] = true
				}
			})
		},
	}, "networks")
	t.Forwarded = headers == "forwarded"
}

func (p *parser) bypass(v value) {
	b := &p.config.Bypass
	v.read(fields{
		"key_file": func(v value) {
			file, ok := v.text()
			if !ok {
				return
			}
			b.KeyFile = p.beside(file)
			keys, err := auth.LoadBypassKeys(b.KeyFile)
			if err != nil {
				v.wrong("cannot be used: %v", err)
				return
			}
			b.Keys = keys
		},
		"cookie_life": func(v value) { v.duration(&b.CookieLife, time.Minute, 24*time.Hour) },
	}, "key_file")
}

// unused tells of upstreams that nothing leads to.
func (p *parser) unused(v value) {
	if v.node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := v.node.Content[i]
		if at := p.upstreams[key.Value]; at != nil && !at.used {
			v.notes.warn(key, "upstreams."+key.Value, "no route leads here")
		}
	}
}

// inside reports whether every address of inner is in one of outer.
func inside(inner netip.Prefix, outer []netip.Prefix) bool {
	return slices.ContainsFunc(outer, func(o netip.Prefix) bool { return o.Bits() <= inner.Bits() && o.Contains(inner.Addr()) })
}

func joined(words []string) string { return strings.Join(words, ", ") }
