package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// nginxBeside is what our gateway is compared with: nginx set to do what we promise to do, and nothing else.
const nginxBeside = `
worker_processes 1;
events { worker_connections 256; }
http {
    %[1]s
    underscores_in_headers on;
    large_client_header_buffers 4 16k;
    client_max_body_size 1m;
    upstream origin { server %[2]s; keepalive 8; }
    map $request_uri $pass { "~/api/v1/shows/" "%[4]s"; default ""; }
    server {
        listen 127.0.0.1:%[3]d;
        location / {
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_buffering off;
            proxy_buffer_size 16k;
            proxy_buffers 4 16k;
            proxy_next_upstream off;
            proxy_redirect off;
            add_header X-Request-Id $request_id always;
            proxy_hide_header X-Request-Id;
            proxy_pass_header Server;
            proxy_set_header Connection        "";
            proxy_set_header Host              %[2]s;
            proxy_set_header X-Forwarded-For   $remote_addr;
            proxy_set_header X-Forwarded-Host  $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Request-Id      $request_id;
            proxy_set_header X-Real-IP         "";
            proxy_set_header X-Original-URL    "";
            proxy_set_header Forwarded         "";
            proxy_set_header Waitroom-Pass     $pass;
        }
    }
}
`

// difference is one that we mean to have.
type difference struct {
	trial string // a regular expression of the names of trials
	found string // a regular expression of what differences reports, ours | nginx's
	why   string // also in docs/proxy.md
}

// TestOursAndNginx sends the same through our gateway and through nginx to an upstream that records: once where nothing is gated, once with a
// pass where a room is. What reaches it, and what comes back, must be alike but for what is declared; and what is declared must still be so.
func TestOursAndNginx(t *testing.T) {
	t.Parallel()
	behindOurs, behindNginx := newOrigin(t), newOrigin(t)
	s := newTestSystem(t)
	s.settings.BookingURL = "http://" + behindOurs.addr
	s.room("arena", lasting) // no pass is renewed in an answer
	g := s.start()
	pass := g.join("arena").Pass
	require.NotEmpty(t, pass)
	nginx := startForeign(t, foreign{program: "nginx", prepare: func(dir string, port int) []string {
		adapt(t, fmt.Sprintf(nginxBeside, nginxPaths(dir), behindNginx.addr, port, pass), filepath.Join(dir, "nginx.conf"))
		return nginxArgs(dir)
	}})

	all := dialogues()
	require.GreaterOrEqual(t, len(all), 100)
	for _, gated := range []string{"", pass} {
		occurred, same := make([]int, len(declared)), 0
		for _, d := range all {
			if gated != "" {
				d = d.gated(gated)
			}
			found := compare(t, d, g.addr, behindOurs, nginx, behindNginx)
			if len(found) == 0 {
				same++
			}
			for _, f := range found {
				if i := slices.IndexFunc(declared, func(x difference) bool { return matches(x.trial, d.name) && matches(x.found, f) }); i >= 0 {
					occurred[i]++
				} else {
					assert.Fail(t, "an undeclared difference", "%s\n%s", d.name, f)
				}
			}
		}
		for i, d := range declared {
			assert.NotZero(t, occurred[i], "declared and gone: %q %q, because: %s", d.trial, d.found, d.why)
		}
		t.Logf("gated: %t. %d trials, %d alike in everything, the others but for %d declared differences", gated != "", len(all), same, len(declared))
	}
}

const plainPath, roomPath = "/api/v1/d", "/api/v1/shows/arena/d"

// gated is the same trial where a room is in front, by someone with a pass.
func (d *dialogue) gated(pass string) *dialogue {
	with := &dialogue{name: d.name, answer: d.answer, pipelined: d.pipelined}
	for _, request := range d.requests {
		head, body, _ := strings.Cut(request, "\r\n\r\n")
		line, fields, _ := strings.Cut(head, "\r\n")
		line = strings.Replace(line, plainPath, roomPath, 1)
		with.requests = append(with.requests, line+"\r\nCookie: wp_arena="+pass+"\r\n"+fields+"\r\n\r\n"+body)
	}
	return with
}

// TestDeclaredDifferencesAreDocumented holds docs/proxy.md to the table.
func TestDeclaredDifferencesAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/proxy.md")
	require.NoError(t, err)
	for _, d := range declared {
		assert.Contains(t, string(page), d.why)
	}
}

func matches(expression, s string) bool {
	return regexp.MustCompile(`^(?s:` + expression + `)$`).MatchString(s)
}

// compare runs a trial by both ways and lists what differs.
func compare(t *testing.T, d *dialogue, ours string, behindOurs *origin, nginx string, behindNginx *origin) (found []string) {
	t.Helper()
	run := func(addr string, behind *origin) (answers, seen []message) {
		behind.begin(d.answer)
		answers = converse(t, addr, d)
		seen = behind.recorded()
		for i := range seen {
			settle(&seen[i], behind.addr)
		}
		for i := range answers {
			settle(&answers[i], behind.addr)
		}
		return answers, seen
	}
	ourAnswers, ourSeen := run(ours, behindOurs)
	itsAnswers, itsSeen := run(nginx, behindNginx)
	pair := func(side string, a, b []message) {
		if len(a) != len(b) {
			found = append(found, fmt.Sprintf("%s count: %d | %d", side, len(a), len(b)))
		}
		for i := range min(len(a), len(b)) {
			found = append(found, differences(side, a[i], b[i])...)
		}
	}
	pair("request", ourSeen, itsSeen)
	pair("answer", ourAnswers, itsAnswers)
	return found
}

// settle replaces what must differ: the two upstreams' addresses, what is made at random, and the time. An answer of HTTP/1.1 need not say
// that it keeps the connection; that it does is seen by what follows.
func settle(m *message, origin string) {
	header := m.header
	m.start = strings.Replace(m.start, roomPath, plainPath, 1)
	if dates := header["date"]; len(dates) == 1 {
		if date, err := http.ParseTime(dates[0]); err == nil && time.Since(date).Abs() < time.Hour {
			header["date"] = []string{"(now)"}
		}
	}
	if id := header["x-request-id"]; len(id) == 1 && regexp.MustCompile(`^[0-9a-f]{16,32}$`).MatchString(id[0]) {
		header["x-request-id"] = []string{"(made)"}
	}
	if one := header["connection"]; len(one) == 1 && one[0] == "keep-alive" && strings.HasPrefix(m.start, "HTTP/1.1 ") {
		delete(header, "connection")
	}
	for i, host := range header["host"] {
		header["host"][i] = strings.ReplaceAll(host, origin, "(upstream)")
	}
}

func names(a, b map[string][]string) (all []string) {
	for name := range a {
		all = append(all, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			all = append(all, name)
		}
	}
	sort.Strings(all)
	return all
}

// brief shortens what is too long to print; two that differ in length only do so visibly.
func brief(s string) string {
	if len(s) <= 70 {
		return s
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:60], len(s))
}
