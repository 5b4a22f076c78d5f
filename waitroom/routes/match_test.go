package routes

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// parsed reads a file that must be good. Names of files in it are those of the folder, where bypass.key is.
func parsed(t testing.TB, text string) *Config {
	t.Helper()
	dir := t.TempDir()
	_, err := auth.InitBypassKeys(filepath.Join(dir, "bypass.key"))
	require.NoError(t, err)
	config, err := Parse(filepath.Join(dir, "c.yaml"), []byte(text))
	require.NoError(t, err)
	return config
}

const crowded = `
version: 1
bypass: {key_file: bypass.key}
upstreams:
  shop: {addresses: ["127.0.0.1:1"]}
  old: {addresses: ["127.0.0.1:2"]}
sites:
  - hosts: [shop.test, "*.shop.test", 192.0.2.7, "[2001:db8::1]"]
    routes:
      - {name: all, paths: [/**], upstream: shop}
      - {name: exact, paths: [/a/b], upstream: shop}
      - {name: literal, paths: [/a/b/**], upstream: shop}
      - {name: star, paths: [/a/*/c], upstream: shop}
      - {name: checkout, paths: [/checkout], upstream: shop, room: arena}
      - {name: show, paths: ["/shows/{room}/**"], upstream: shop, room: "{room}", on_outage: open, bypass: {links: true, staff: true}}
      - {name: plan, paths: [/shows/*/plan], upstream: shop}
      - {name: deep, paths: ["/x/*/{room}/y"], upstream: shop, room: "{room}"}
      - {name: gone, paths: [/secret/**], serve: nothing}
      - {name: app, paths: [/app/**], serve: apps}
      - {name: iis, paths: ["/legacy/{room}/**"], upstream: old, room: "{room}", ignore_case: true}
      - {name: korean, paths: [/공연/**], upstream: shop, room: concert}
  - hosts: [deep.shop.test, "*.deep.shop.test"]
    routes: [{name: inner, paths: [/**], upstream: old}]
`

func TestMatchPrecedence(t *testing.T) {
	t.Parallel()
	table := parsed(t, crowded).Table
	for path, want := range map[string]string{
		"/":                  "all",
		"/other":             "all",
		"/a/b":               "exact",
		"/a/b/":              "literal", // there is a pattern for what is below
		"/a/b/c":             "literal", // a literal before a wildcard, segment by segment
		"/a/x/c":             "star",
		"/a/x/c/":            "star",
		"/a/x/d":             "all",
		"/a/x":               "all",
		"/checkout":          "checkout arena",
		"/checkout/":         "checkout arena", // no slash slips past the gate into a wider pattern
		"/checkout/x":        "all",
		"/CHECKOUT":          "404", // nor does another spelling
		"/checKout":          "404", // a Kelvin sign folds to k for some
		"/shows":             "all",
		"/shows/":            "all",
		"/shows/arena":       "show arena",
		"/shows/arena/":      "show arena",
		"/shows/arena/x/y":   "show arena",
		"/shows/arena/plan":  "plan",
		"/shows/arena/plan/": "plan",
		"/shows/arena/Plan":  "404",
		"/shows/ARENA/x":     "404",
		"/shows/a b/x":       "404",
		"/x/1/arena/y":       "deep arena",
		"/x/1/arena/z":       "all",
		"/secret":            "404",
		"/secret/x":          "404",
		"/Secret/x":          "404",
		"/app":               "app",
		"/app/js/main.js":    "app",
		"/legacy/arena/x":    "iis arena",
		"/LEGACY/arena/X":    "iis arena",
		"/공연/1":              "korean concert",
		"/waitroom/v1/a":     "visitor",
		"/WaitRoom/v1/a":     "404",
		"":                   "404",
		"x":                  "404",
	} {
		assert.Equal(t, want, told(table, ask("shop.test", path)), path)
	}
}

// told is where a request leads, in a word.
func told(table *Table, a waitroom.Ask) string {
	way, err := table.Match(a)
	switch {
	case err == waitroom.ErrPathUnknown: //nolint:errorlint // The very value.
		return "404"
	case err == waitroom.ErrHostUnknown: //nolint:errorlint // The very value.
		return "421"
	case err != nil:
		return err.Error()
	}
	return strings.TrimSpace(way.Name + " " + string(way.Room))
}

func TestMatchHosts(t *testing.T) {
	t.Parallel()
	table := parsed(t, crowded).Table
	for host, want := range map[string]string{
		"shop.test": "all", "SHOP.test": "all", "shop.test:8443": "all", "shop.test.": "all", "Shop.Test.:80": "all",
		"www.shop.test": "all", "a.b.shop.test": "all", "xshop.test": "421", ".shop.test": "421",
		"deep.shop.test": "inner", "x.deep.shop.test": "inner", "xdeep.shop.test": "all",
		"192.0.2.7": "all", "192.0.2.7:80": "all", "192.0.2.8": "421", "[2001:db8::1]": "all", "[2001:DB8::1]:443": "all", "[2001:db8::2]": "421",
		"": "421", "test": "421", "elsewhere.example": "421", "shop.test@evil": "421", "shop.test/": "421", "shop.test evil": "421", "shop.test,x": "421",
		"[2001:db8::1]x": "421", "[2001:db8::1": "421", strings.Repeat("a", 300) + ".shop.test": "421", "shop.test\x00": "421",
	} {
		assert.Equal(t, want, told(table, ask(host, "/other")), host)
	}
	all := parsed(t, "version: 1\nupstreams: {u: {addresses: ['h:1']}}\nsites: [{hosts: ['*'], routes: [{name: r, paths: [/**], upstream: u}]}]").Table
	assert.Equal(t, "r", told(all, ask("anything.example:1", "/")))
	assert.Equal(t, "r", told(all, ask("", "/")))
	assert.Equal(t, "421", told(all, ask("a b", "/")))
}

func TestWhatARouteSays(t *testing.T) {
	t.Parallel()
	table := parsed(t, crowded).Table
	way, err := table.Match(ask("shop.test", "/shows/arena/x"))
	require.NoError(t, err)
	assert.Equal(t, waitroom.Route{Name: "show", Upstream: "shop", Room: []byte("arena"), Links: true, Staff: true, OnOutage: waitroom.OutageOpen}, way)
	way, err = table.Match(ask("shop.test", "/app/x"))
	require.NoError(t, err)
	assert.Equal(t, waitroom.Route{Name: "app", Upstream: waitroom.ServeApps}, way)
}

func TestBypassRules(t *testing.T) {
	t.Parallel()
	table := parsed(t, `
version: 1
upstreams: {shop: {addresses: ["h:1"]}}
sites:
  - hosts: [shop.test]
    routes:
      - name: show
        paths: ["/shows/{room}/**"]
        upstream: shop
        room: "{room}"
        bypass:
          rules:
            - {methods: [OPTIONS]}
            - {paths: ["/shows/*/health", "/shows/open/**"]}
            - {networks: [192.0.2.0/24, "2001:db8::1"], methods: [GET, HEAD]}
      - name: legacy
        paths: ["/legacy/{room}/**"]
        upstream: shop
        room: "{room}"
        ignore_case: true
        bypass: {rules: [{paths: ["/legacy/*/health"]}]}
`).Table
	for _, c := range []struct {
		method, path, client string
		want                 bool
	}{
		{"GET", "/shows/arena/x", "", false},
		{"OPTIONS", "/shows/arena/x", "", true},
		{"OPTIONSX", "/shows/arena/x", "", false},
		{"GET", "/shows/arena/health", "", true},
		{"GET", "/shows/arena/health/", "", true},
		{"GET", "/shows/arena/health/x", "", false},
		{"GET", "/shows/arena/Health", "", false}, // another thing to an upstream that minds the case
		{"GET", "/shows/open/x/y", "", true},
		{"GET", "/shows/arena/x", "192.0.2.9", true},
		{"POST", "/shows/arena/x", "192.0.2.9", false}, // all conditions of a rule
		{"HEAD", "/shows/arena/x", "2001:db8::1", true},
		{"GET", "/shows/arena/x", "2001:db8::2", false},
		{"GET", "/shows/arena/x", "198.51.100.1", false},
		{"GET", "/legacy/arena/HEALTH", "", true},
	} {
		a := ask("shop.test", c.path)
		a.Method = []byte(c.method)
		if c.client != "" {
			a.Client = netip.MustParseAddr(c.client)
		}
		way, err := table.Match(a)
		require.NoError(t, err)
		assert.Equal(t, c.want, way.Bypass, "%+v", c)
	}
}

// TestPatternsMeet is about the question that keeps bypass rules from being written in vain.
func TestPatternsMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"/a", "/a", true}, {"/a", "/b", false}, {"/a/*", "/a/b", true}, {"/a/**", "/a/b/c", true}, {"/a/**", "/a", true}, {"/a", "/a/b", false},
		{"/**", "/x/y", true}, {"/a/*/c", "/*/b/c", true}, {"/a/*/c", "/*/b/d", false}, {"/a/{room}", "/A/x", true},
	} {
		a, err := parsePattern(c.a)
		require.NoError(t, err)
		b, err := parsePattern(c.b)
		require.NoError(t, err)
		assert.Equal(t, c.want, a.meets(&b), "%s %s", c.a, c.b)
		assert.Equal(t, c.want, b.meets(&a), "%s %s", c.b, c.a)
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	table := parsed(t, crowded).Table
	for _, path := range []string{"/shows/a-room-with-a-name-of-more-than-thirty-two-letters-in-all/seats", "/checkout/", "/other/x/y/z", "/CHECKOUT"} {
		a := ask("WWW.Shop.Test:8443", path)
		assert.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = table.Match(a) }), path)
	}
}

func BenchmarkMatch(b *testing.B) {
	table := parsed(b, crowded).Table
	for name, a := range map[string]waitroom.Ask{"gated": ask("shop.test", "/shows/arena/seats"), "widest": ask("shop.test", "/no/such/path"), "wildcard-host": ask("a.b.shop.test:8443", "/a/x/c")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Match(a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzMatch: what is gated in one spelling is open in none, and a room that is found is one.
func FuzzMatch(f *testing.F) {
	for _, path := range []string{"/checkout", "/CheckOut/", "/shows/arena/x", "/SHOWS/arena/plan", "/a/b/c", "/공연/x", "/shows//x", "//", "/x/*/{room}/y"} {
		f.Add("shop.test", path)
	}
	f.Add("A.deep.SHOP.test.:99999", "/")
	dir := f.TempDir()
	_, err := auth.InitBypassKeys(filepath.Join(dir, "bypass.key"))
	require.NoError(f, err)
	config, err := Parse(filepath.Join(dir, "c.yaml"), []byte(crowded))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, host, path string) {
		way, err := config.Table.Match(ask(host, path))
		if err != nil {
			require.Zero(t, way)
			return
		}
		if len(way.Room) > 0 && !waitroom.ValidRoom(way.Room) {
			t.Fatalf("%q %q: the room is %q", host, path, way.Room)
		}
		folded := strings.TrimSuffix(strings.ToLower(path), "/")
		if way.Name == "all" && (folded == "/checkout" || strings.HasPrefix(folded, "/secret/") || strings.HasPrefix(folded, "/app/")) {
			t.Fatalf("%q leads to %s without a gate", path, way.Name)
		}
		if again, err := config.Table.Match(ask(strings.ToUpper(host), path)); isASCII(host) && (err != nil || again.Name != way.Name) {
			t.Fatalf("%q in capitals leads to %q: %v", host, again.Name, err)
		}
	})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// noFiles keeps the fuzzing from reading files of this machine.
var noFiles = strings.NewReplacer("_file", "_name", "certificate", "c", "roots", "r")

// FuzzParse: whatever a file holds, it is refused with lines or it makes a table that answers.
func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../docs/anteroom.example.yaml")
	require.NoError(f, err)
	f.Add(string(example))
	f.Add(crowded)
	f.Add("version: 1\nsites: [&a {hosts: [x], routes: *a}]")
	f.Add("? [a]\n: b")
	f.Add("<<: {version: 1}")
	f.Fuzz(func(t *testing.T, text string) {
		text = noFiles.Replace(text)
		config, err := Parse("f.yaml", []byte(text))
		if err != nil {
			problems, ok := err.(Problems) //nolint:errorlint // The very type.
			if !ok || len(problems) == 0 {
				t.Fatalf("refused without a reason: %v", err)
			}
			for _, p := range problems {
				if p.Line < 1 || p.Reason == "" {
					t.Fatalf("%+v names no line or no reason", p)
				}
			}
			return
		}
		for _, path := range []string{"/", "/a/b", "/waitroom/v1/x/join"} {
			_, _ = config.Table.Match(ask("shop.test", path))
		}
	})
}
