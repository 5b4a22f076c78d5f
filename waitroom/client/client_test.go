package client

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/valyala/fasthttp"
)

// from is a request from an address with headers, given as pairs.
func from(addr string, headers ...string) *fasthttp.RequestCtx {
	var r fasthttp.Request
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	ctx := &fasthttp.RequestCtx{}
	ctx.Init(&r, &net.TCPAddr{IP: net.ParseIP(addr), Port: 7}, nil)
	return ctx
}

func networks(list ...string) (all []netip.Prefix) {
	for _, one := range list {
		all = append(all, netip.MustParsePrefix(one))
	}
	return all
}

const xff, xfp, xfh = "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"

func TestWhoIsBelieved(t *testing.T) {
	t.Parallel()
	old := &Trust{Networks: networks("10.0.0.0/8", "2001:db8::/32"), For: true, Proto: true, Host: true}
	standard := &Trust{Networks: old.Networks, Forwarded: true, For: true, Proto: true, Host: true}
	for name, c := range map[string]struct {
		trust   *Trust
		from    string
		headers []string
		want    string // client proto host
	}{
		"nobody in front":                {&Trust{}, "192.0.2.1", []string{xff, "198.51.100.1", xfp, "https", xfh, "x"}, "192.0.2.1  "},
		"spoofed, not from a proxy":      {old, "192.0.2.1", []string{xff, "198.51.100.1", xfp, "https", xfh, "evil"}, "192.0.2.1  "},
		"one proxy":                      {old, "10.0.0.1", []string{xff, "198.51.100.1", xfp, "https", xfh, "shop.test"}, "198.51.100.1 https shop.test"},
		"spoofed through the proxy":      {old, "10.0.0.1", []string{xff, "1.1.1.1, 198.51.100.1", xfp, "http, https", xfh, "evil, shop.test"}, "198.51.100.1 https shop.test"},
		"spoofed as a line of its own":   {old, "10.0.0.1", []string{xff, "1.1.1.1", xff, "198.51.100.1"}, "198.51.100.1  "},
		"two proxies":                    {old, "10.0.0.1", []string{xff, "1.1.1.1, 198.51.100.1, 10.0.0.2", xfp, "http, https, http", xfh, "evil, shop.test, inner"}, "198.51.100.1 https shop.test"},
		"two proxies, one overwrites":    {old, "10.0.0.1", []string{xff, "198.51.100.1, 10.0.0.2", xfp, "https"}, "198.51.100.1 https "},
		"all are proxies":                {old, "10.0.0.1", []string{xff, "10.0.0.3, 10.0.0.2"}, "10.0.0.3  "},
		"no header":                      {old, "10.0.0.1", nil, "10.0.0.1  "},
		"garbage":                        {old, "10.0.0.1", []string{xff, "unknown"}, "10.0.0.1  "},
		"garbage further left":           {old, "10.0.0.1", []string{xff, "1.1.1.1, <x>, 10.0.0.2"}, "10.0.0.2  "},
		"empty element":                  {old, "10.0.0.1", []string{xff, "1.1.1.1, "}, "10.0.0.1  "},
		"with ports":                     {old, "10.0.0.1", []string{xff, "198.51.100.1:4711"}, "198.51.100.1  "},
		"IPv6":                           {old, "2001:db8::1", []string{xff, "2001:0db9::0001"}, "2001:db9::1  "},
		"IPv6 with a port":               {old, "2001:db8::1", []string{xff, "[2001:db9::1]:80, [2001:db8::2]"}, "2001:db9::1  "},
		"IPv4 in IPv6":                   {old, "::ffff:10.0.0.1", []string{xff, "::ffff:198.51.100.1"}, "198.51.100.1  "},
		"another scheme":                 {old, "10.0.0.1", []string{xfp, "gopher"}, "10.0.0.1  "},
		"the other header, passed on":    {old, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;proto=https;host=evil"}, "10.0.0.1  "},
		"not believed":                   {&Trust{Networks: old.Networks}, "10.0.0.1", []string{xff, "198.51.100.1", xfp, "https", xfh, "x"}, "10.0.0.1  "},
		"proto only":                     {&Trust{Networks: old.Networks, Proto: true}, "10.0.0.1", []string{xff, "198.51.100.1", xfp, "http, https"}, "10.0.0.1 https "},
		"Forwarded":                      {standard, "10.0.0.1", []string{"Forwarded", "for=198.51.100.1;proto=https;host=shop.test;by=10.0.0.1"}, "198.51.100.1 https shop.test"},
		"Forwarded, spoofed":             {standard, "10.0.0.1", []string{"Forwarded", "for=1.1.1.1;proto=http;host=evil, For=\"198.51.100.1:99\"; Proto=HTTPS; Host=\"shop.test:8\""}, "198.51.100.1 https shop.test:8"},
		"Forwarded, open quote":          {standard, "10.0.0.1", []string{"Forwarded", "for=\"1.1.1.1, for=198.51.100.1"}, "198.51.100.1  "},
		"Forwarded, two proxies":         {standard, "10.0.0.1", []string{"Forwarded", "for=198.51.100.1;proto=https", "Forwarded", "for=10.0.0.2;proto=http"}, "198.51.100.1 https "},
		"Forwarded, hidden":              {standard, "10.0.0.1", []string{"Forwarded", "for=_hidden;proto=https"}, "10.0.0.1 https "},
		"Forwarded, IPv6":                {standard, "10.0.0.1", []string{"Forwarded", "for=\"[2001:db9::17]:4711\""}, "2001:db9::17  "},
		"Forwarded, name twice":          {standard, "10.0.0.1", []string{"Forwarded", "for=198.51.100.1;for=1.1.1.1"}, "10.0.0.1  "},
		"Forwarded, escape":              {standard, "10.0.0.1", []string{"Forwarded", `for="198.51.100.1\""`}, "10.0.0.1  "},
		"Forwarded, the other passed on": {standard, "10.0.0.1", []string{xff, "1.1.1.1", xfp, "https"}, "10.0.0.1  "},
	} {
		client, proto, host := c.trust.Read(from(c.from, c.headers...))
		assert.Equal(t, c.want, client.String()+" "+proto+" "+string(host), name)
		assert.Equal(t, c.from != "192.0.2.1", c.trust.Trusts(from(c.from)), name)
	}
}

func TestReadingAllocatesNothingWhereNobodyIsTrusted(t *testing.T) {
	ctx := from("192.0.2.1", xff, "198.51.100.1")
	for _, trust := range []*Trust{{}, {Networks: networks("10.0.0.0/8"), For: true}} {
		assert.Zero(t, testing.AllocsPerRun(1000, func() { trust.Read(ctx) }))
	}
}

// FuzzForwarded: whatever comes before what a trusted proxy has added, the client is whom that proxy names.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", "1.1.1.1", `for="`, `for=1.1.1.1;proto=https`, `,,,"`, `"\`, "unknown, 10.0.0.2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spoofed string) {
		for _, c := range []struct {
			trust         Trust
			header, added string
		}{
			{Trust{For: true}, xff, "198.51.100.1"}, {Trust{For: true, Forwarded: true}, "Forwarded", "for=198.51.100.1"},
		} {
			c.trust.Networks = networks("10.0.0.0/8")
			ctx := from("10.0.0.1", c.header, spoofed+", "+c.added)
			client, _, _ := c.trust.Read(ctx)
			if client != netip.MustParseAddr("198.51.100.1") {
				t.Fatalf("%q: %s", spoofed, client)
			}
		}
	})
}
