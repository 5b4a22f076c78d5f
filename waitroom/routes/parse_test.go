package routes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
)

// problemsOf reads a file that must be refused.
func problemsOf(t *testing.T, text string) Problems {
	t.Helper()
	config, err := Parse("f.yaml", []byte(text))
	require.Nil(t, config, "is not refused")
	var problems Problems
	require.ErrorAs(t, err, &problems)
	return problems
}

// good is a file in which each test changes something.
const good = `version: 1
upstreams:
  shop:
    addresses: ["127.0.0.1:1"]
sites:
  - hosts: [shop.test]
    routes:
      - name: show
        paths: ["/shows/{room}/**"]
        upstream: shop
        room: "{room}"
`

func TestProblemsHaveLineKeyAndReason(t *testing.T) {
	t.Parallel()
	require.NotNil(t, parsed(t, good))
	for _, c := range []struct{ name, from, to, want string }{
		{"unknown key", "    routes:", "    rooms: 3\n    routes:", "7:5: sites[0].rooms: is not known here; known are hosts, routes"},
		{"unknown key at the top", "version: 1", "version: 1\nsite: x", "2:1: site: is not known here"},
		{"wrong version", "version: 1", "version: 2", "1:10: version: must be from 1 to 1, is 2"},
		{"no version", "version: 1\n", "", "1:1: version is missing"},
		{"text for a number", "version: 1", "version: one", `1:10: version: must be a whole number, is "one"`},
		{"number for text", "name: show", "name: 7", "8:15: sites[0].routes[0].name: must be text (put it in quotes), is a number (7)"},
		{"text for a list", "[shop.test]", "shop.test", `6:12: sites[0].hosts: must be a list, is "shop.test"`},
		{"empty list", "[shop.test]", "[]", "6:12: sites[0].hosts: the list is empty"},
		{"nothing for text", "upstream: shop", "upstream:", "upstream: must be text, is empty"},
		{"twice", "        upstream: shop", "        upstream: shop\n        upstream: shop", "11:9: sites[0].routes[0].upstream: is there twice, first in line 10"},
		{"alias", "[shop.test]", "[&h shop.test, *h]", "6:27: sites[0].hosts[1]: must be text, is an alias"},
		{"second document", "version: 1", "version: 1\n---\nversion: 1", "more than one document"},
		{"broken YAML", "  shop:", "  shop: [", "is not proper YAML"},
		{"no upstream of the name", "upstream: shop", "upstream: shob", `10:19: sites[0].routes[0].upstream: there is no upstream "shob"; there are: shop`},
		{"leads nowhere", "        upstream: shop\n", "", "8:9: sites[0].routes[0]: leads nowhere"},
		{"two ends", "upstream: shop", "upstream: shop\n        serve: apps", "11:16: sites[0].routes[0].serve: contradicts upstream"},
		{"no room", `        room: "{room}"`, "", "9:17: sites[0].routes[0].paths[0]: /shows/{room}/** names the room, but the route has none"},
		{"fixed room and a named one", `"{room}"`, "arena", "9:17: sites[0].routes[0].paths[0]: /shows/{room}/** names the room, but the route's room is always arena"},
		{"no segment for the room", "{room}/**", "x/**", "9:17: sites[0].routes[0].paths[0]: /shows/x/** does not say which room"},
		{"not a room", `room: "{room}"`, "room: Arena", `room: "Arena" cannot be a room's name`},
		{"outage without a room", `        room: "{room}"`, "        on_outage: hold", "11:20: sites[0].routes[0].on_outage: says what the gate does, but the route has no room"},
		{"absence without a room", `        room: "{room}"`, "        if_no_room: open", "11:21: sites[0].routes[0].if_no_room: says what happens without a room of the name"},
		{"IPv4 in IPv6", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{networks: ['::ffff:10.0.0.0/104']}]}", "must be an address or a network"},
		{"left out longer than at most", "    addresses", "    passive: {leave_out: 1m}\n    addresses", "leave_out (1m0s) is longer than most (30s)"},
		{"check quicker than its timeout", "    addresses", "    health: {path: /h, interval: 1s}\n    addresses", "timeout (2s) is longer than interval (1s)"},
		{"address not plain", `["127.0.0.1:1"]`, "['가:1']", "must be host:port"},
		{"health of a strange host", "    addresses", "    health: {path: /h, host: 'a b'}\n    addresses", "must be a host, plainly written"},
		{"unknown outage", `        room: "{room}"`, "        room: \"{room}\"\n        on_outage: panic", "12:20: sites[0].routes[0].on_outage: must be one of hold, open, closed"},
		{"bypass of nothing", `        room: "{room}"`, "        bypass: {links: true}", "there is no gate to bypass"},
		{"links without a key", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {links: true}", "12:17: sites[0].routes[0].bypass: links want a key"},
		{"bypass for everybody", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{}]}", "12:26: sites[0].routes[0].bypass.rules[0]: has no condition"},
		{"bypass in vain", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{paths: [/health]}]}", "12:35: sites[0].routes[0].bypass.rules[0].paths[0]: /health can never apply"},
		{"small method", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{methods: [get]}]}", `must be a method in capitals, is "get"`},
		{"bad network", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{networks: [10.0.0.1/8]}]}", "has bits beyond its mask; the network is 10.0.0.0/8"},
		{"no network", `        room: "{room}"`, "        room: \"{room}\"\n        bypass: {rules: [{networks: [ten]}]}", `must be an address or a network such as 10.0.0.0/8, is "ten"`},
		{"same host twice", "[shop.test]", "[shop.test, SHOP.test]", "6:24: sites[0].hosts[1]: shop.test has its site already, in line 6"},
		{"host with a port", "[shop.test]", `["shop.test:80"]`, "has a port"},
		{"host as a URL", "[shop.test]", `["http://shop.test"]`, "is a URL; write the host alone"},
		{"star in the middle", "[shop.test]", `["www.*.test"]`, "has * in the middle"},
		{"host not ASCII", "[shop.test]", "[café.test]", "write international names in their xn-- form"},
		{"path without a slash", `"/shows/{room}/**"`, "shows", `9:17: sites[0].routes[0].paths[0]: "shows" a path begins with /`},
		{"path with a slash at the end", `"/shows/{room}/**"`, "/shows/", "write /shows for this one path (with or without a slash), or /shows/** for everything below it too"},
		{"path with dots", `"/shows/{room}/**"`, "/a/../b", `has the segment ".."`},
		{"path quoted", `"/shows/{room}/**"`, "/a%20b", "write paths decoded, without a query"},
		{"two stars in the middle", `"/shows/{room}/**"`, "/a/**/b", "** stands at the end only"},
		{"half a wildcard", `"/shows/{room}/**"`, "/a*", "* stands for a whole segment"},
		{"another name in braces", `"/shows/{room}/**"`, `"/{show}/x"`, "the one name in braces is {room}"},
		{"the gateway's own", `"/shows/{room}/**"`, `"/waitroom/{room}/x"`, "is the gateway's own on every host"},
		{"the gateway's keys", `"/shows/{room}/**"`, "/.well-known/jwks.json", "is the gateway's own on every host"},
		{"address without a port", `["127.0.0.1:1"]`, "[shop]", `4:17: upstreams.shop.addresses[0]: must be host:port, is "shop"`},
		{"address as a URL", `["127.0.0.1:1"]`, `["http://shop:1"]`, "is a URL; write host:port"},
		{"address twice", `["127.0.0.1:1"]`, `["a:1", "a:1"]`, "4:24: upstreams.shop.addresses[1]: a:1 is there twice"},
		{"no address", `addresses: ["127.0.0.1:1"]`, "scheme: http", "4:5: upstreams.shop: addresses is missing"},
		{"time without a unit", "    addresses", "    timeouts: {silence: 30}\n    addresses", "4:25: upstreams.shop.timeouts.silence: needs a unit, such as 30s"},
		{"time out of range", "    addresses", "    timeouts: {connect: 1h}\n    addresses", "must be from 10ms to 1m0s, is 1h"},
		{"check slower than its interval", "    addresses", "    health: {path: /h, interval: 1s, timeout: 2s}\n    addresses", "timeout (2s) is longer than interval (1s)"},
		{"roots without TLS", "    addresses", "    tls: {name: x}\n    addresses", "is for the scheme https"},
		{"bad name", "  shop:", "  Shop:", "3:3: upstreams.Shop: a name is"},
		{"trusts everybody", "version: 1", "version: 1\ntrusted_proxies: {networks: [0.0.0.0/0]}", "0.0.0.0/0 trusts everybody"},
		{"believes an unknown word", "version: 1", "version: 1\ntrusted_proxies: {networks: [10.0.0.0/8], believe: [me]}", "must be one of for, proto, host, request"},
		{"no such certificate", "version: 1", "version: 1\nlisten: {tls: {certificates: [{certificate: no.crt, key: no.key}]}}", "2:31: listen.tls.certificates[0]: cannot be used"},
		{"old TLS", "version: 1", "version: 1\nlisten: {tls: {minimum: '1.0', certificates: [{certificate: no.crt, key: no.key}]}}", "listen.tls.minimum: must be one of 1.2, 1.3"},
		{"no such key", "version: 1", "version: 1\nbypass: {key_file: no.key}", "2:20: bypass.key_file: cannot be used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(good, c.from, c.to, 1)
			require.NotEqual(t, good, changed)
			got := problemsOf(t, changed)
			assert.Contains(t, got.Error(), c.want)
			for _, p := range got {
				assert.Positive(t, p.Line, p)
				assert.NotEmpty(t, p.Reason)
			}
		})
	}
}

func TestRoutesThatNobodyCanReachAreRefused(t *testing.T) {
	t.Parallel()
	add := func(paths ...string) string {
		text := good
		for i, p := range paths {
			text += fmt.Sprintf("      - {name: r%d, paths: [%q], upstream: shop, room: x}\n", i, p)
		}
		return text
	}
	for name, c := range map[string]struct{ text, want string }{
		"the same":               {add("/a", "/a"), `13:28: sites[0].routes[2].paths[0]: /a can never be reached: /a of the route r0 in line 12 matches the same paths`},
		"another wildcard":       {strings.Replace(add("/shows/*/**"), "room: x", "room: y", 1), "/shows/*/** can never be reached: /shows/{room}/** of the route show in line 8 matches the same paths"},
		"another spelling":       {add("/a/b", "/A/b"), "/A/b can never be reached: it differs only in letters' case from /a/b of the route r0 in line 12"},
		"twice in one":           {strings.Replace(good, `["/shows/{room}/**"]`, `["/shows/{room}/**", "/shows/{room}/**"]`, 1), "/shows/{room}/** is matched by /shows/{room}/** of the same route already"},
		"the name of a route":    {strings.ReplaceAll(add("/a", "/b"), "r1", "r0"), "13:16: sites[0].routes[2].name: r0 is the name of the route in line 12 already"},
		"not the root's as well": {add("/"), ""},
	} {
		if c.want == "" {
			_, err := Parse("f.yaml", []byte(c.text))
			assert.NoError(t, err, name)
			continue
		}
		assert.Contains(t, problemsOf(t, c.text).Error(), c.want, name)
	}
}

func TestAllProblemsAreTold(t *testing.T) {
	t.Parallel()
	got := problemsOf(t, `version: 3
upstreams:
  shop: {adresses: ["h:1"]}
sites:
  - hosts: ["a b"]
    routes:
      - {name: X, paths: [x], upstream: nobody}
      - {name: y, paths: [/y], upstream: shop, room: "{room}", on_outage: never}
`)
	lines := make([]int, len(got))
	for i, p := range got {
		lines[i] = p.Line
	}
	assert.Equal(t, []int{1, 3, 3, 5, 7, 7, 7, 8, 8}, lines, got.Error())
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	assert.Contains(t, problemsOf(t, "").Error(), "the file is empty")
	assert.Contains(t, problemsOf(t, "# nothing\n").Error(), "the file is empty")
	assert.Contains(t, problemsOf(t, "- a\n").Error(), "must be a mapping, is a list")
	assert.Contains(t, problemsOf(t, "\x00").Error(), "is not proper YAML")
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"))
	require.ErrorContains(t, err, "cannot be read: no such file or directory")
	large := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(large, make([]byte, maxFile+1), 0o600))
	_, err = Load(large)
	require.ErrorContains(t, err, "is larger than")
	_, err = Load(t.TempDir())
	require.ErrorContains(t, err, "cannot be read")
}

// TestTheExample holds the file that the documentation shows to what is read, and the documentation to the file.
func TestTheExample(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../docs/anteroom.example.yaml")
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = auth.InitBypassKeys(filepath.Join(dir, "bypass.key"))
	require.NoError(t, err)
	writeCertificate(t, dir, "shop", time.Now().Add(time.Hour), "shop.example.com")
	config, err := Parse(filepath.Join(dir, "anteroom.yaml"), example)
	require.NoError(t, err)
	assert.Empty(t, config.Warnings)
	assert.True(t, config.Listen.TLS)
	for target, want := range map[string]string{
		"shop.example.com/api/v1/shows/arena/seats": "show arena", "shop.example.com/shows/arena/seats": "seats-page arena",
		"shop.example.com/checkout": "checkout checkout", "www.shop.example.com/": "apps", "shop.example.com/internal/x": "404",
		"shop.example.com/waitroom/v1/arena/join": "visitor", "elsewhere.example.com/": "421",
	} {
		host, path, _ := strings.Cut(target, "/")
		assert.Equal(t, want, told(config.Table, ask(host, "/"+path)), target)
	}
	doc, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	assert.Contains(t, string(doc), string(example), "docs/configuration.md shows another file than docs/anteroom.example.yaml")
}

// TestEveryKeyIsDocumented reads the keys off the refusals of a file that has none of them right.
func TestEveryKeyIsDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	got := problemsOf(t, `x: 1
listen: {x: 1, tls: {x: 1, certificates: [{x: 1}]}, proxy_protocol: {x: 1}}
trusted_proxies: {x: 1}
bypass: {x: 1}
upstreams: {u: {x: 1, tls: {x: 1}, health: {x: 1}, passive: {x: 1}, timeouts: {x: 1}}}
sites: [{x: 1, routes: [{x: 1, name: r, paths: [/r], room: a, bypass: {x: 1, rules: [{x: 1}]}}]}]
`)
	checked := 0
	for _, p := range got {
		_, known, ok := strings.Cut(p.Reason, "is not known here; known are ")
		if !ok {
			continue
		}
		checked++
		for key := range strings.SplitSeq(known, ", ") {
			assert.Contains(t, string(doc), "`"+key+"`", "%s beside %s", key, p.Key)
		}
	}
	assert.Equal(t, 16, checked, got.Error())
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	config := parsed(t, strings.Replace(strings.Replace(good, "sites:", "  spare: {addresses: ['h:2']}\ntrusted_proxies: {networks: [10.0.0.0/8]}\nsites:", 1), `        room: "{room}"`,
		"        room: \"{room}\"\n        bypass: {rules: [{networks: [10.1.0.0/16]}]}", 1))
	assert.Len(t, config.Warnings, 2)
	assert.Contains(t, config.Warnings.Error(), "upstreams.spare: no route leads here")
	assert.Contains(t, config.Warnings.Error(), "10.1.0.0/16 is within trusted_proxies")
}
