package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

const httpsFile = `version: 1
upstreams:
  good:    {addresses: [ADDRESS], scheme: https, tls: {roots: tls.crt, name: shop.test}, timeouts: {connect: 1m, idle: 1m}}
  unnamed: {addresses: [ADDRESS], scheme: https, tls: {roots: tls.crt}, timeouts: {connect: 1m, idle: 1m}}
  system:  {addresses: [ADDRESS], scheme: https, tls: {name: shop.test}, timeouts: {connect: 1m, idle: 1m}}
  other:   {addresses: [ADDRESS], scheme: https, tls: {roots: other/tls.crt, name: shop.test}, timeouts: {connect: 1m, idle: 1m}}
  plain:   {addresses: [ADDRESS], timeouts: {connect: 1m, idle: 1m}}
sites:
  - hosts: ["*"]
    routes:
      - {name: good, paths: [/good/**], upstream: good}
      - {name: gated, paths: [/gated/**], upstream: good, room: arena}
      - {name: unnamed, paths: [/unnamed], upstream: unnamed}
      - {name: system, paths: [/system], upstream: system}
      - {name: other, paths: [/other], upstream: other}
      - {name: plain, paths: [/plain], upstream: plain}
`

// TestAnUpstreamOfHTTPS is reached through the gateway when its certificate is signed by those roots and has that name, over connections that are kept; else
// it gets no request at all.
func TestAnUpstreamOfHTTPS(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	file, replace := s.configure(httpsFile)
	dir := filepath.Dir(file)
	newCertificate(t, dir, "shop.test")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "other"), 0o755))
	newCertificate(t, filepath.Join(dir, "other"), "shop.test")
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	require.NoError(t, err)

	site := newRecorder(t) // its answers and its notes, over TLS
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	names := make(chan string, 100)
	conns := make(chan net.Conn, 100)
	server := &fasthttp.Server{Handler: site.handle, NoDefaultContentType: true, StreamRequestBody: false, MaxRequestBodySize: 4 << 20, Logger: mute{},
		ConnState: func(c net.Conn, state fasthttp.ConnState) {
			if state == fasthttp.StateNew {
				conns <- c
			}
		}}
	secure := tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		names <- hello.ServerName
		return &pair, nil
	}})
	serveUntilTheEnd(t, server, secure)
	replace(strings.ReplaceAll(httpsFile, "ADDRESS", fmt.Sprintf("%q", l.Addr())))
	g := s.start()

	large := []byte(strings.Repeat("0123456789abcdef", 50_000))
	for i := range 3 {
		a := g.do(http.MethodPost, fmt.Sprintf("/good/%d?q=%%EC%%95%%88", i), large[:len(large)-i], "Content-Type", "text/plain")
		require.Equal(t, 200, a.status, string(a.body))
		require.Equal(t, "upstream", string(a.body))
	}
	straight := g.get("/gated/x")
	require.Equal(t, "upstream", string(straight.body))
	seen := site.all()
	require.Len(t, seen, 4)
	assert.Equal(t, "/good/2?q=%EC%95%88", seen[2].target)
	assert.Len(t, seen[2].body, len(large)-2)
	assert.Equal(t, "http", seen[0].header["X-Forwarded-Proto"], "what the visitor uses, not the gateway")
	assert.NotEmpty(t, seen[3].header["Waitroom-Pass"])
	assert.Len(t, conns, 1, "all over one connection")
	require.Len(t, names, 1)
	assert.Equal(t, "shop.test", <-names)

	site.answerWith(func(ctx *fasthttp.RequestCtx) { ctx.SetBody(large) })
	assert.Equal(t, large, g.get("/good/x").body)
	site.answerWith(nil)
	site.forget()
	for _, path := range []string{"/unnamed", "/system", "/other", "/plain"} {
		a := g.get(path)
		assert.Equal(t, 502, a.status, path)
		assert.Equal(t, "upstream-failed", a.problem(t), path)
	}
	assert.Empty(t, site.all(), "who cannot be trusted gets nothing, the pass least of all")

	// A kept connection that the upstream closes is noticed, and a request that changes nothing is sent over another one.
	for len(conns) > 0 {
		_ = (<-conns).Close()
	}
	require.Eventually(t, func() bool { return string(g.get("/good/again").body) == "upstream" }, deadline, 20*time.Millisecond)
}
