package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// newCertificate puts a certificate for the host, signed by itself, and its key into a folder as tls.crt and tls.key.
func newCertificate(t *testing.T, dir, host string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{"tls.crt": {Type: "CERTIFICATE", Bytes: raw}, "tls.key": {Type: "PRIVATE KEY", Bytes: private}} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file+".new", pem.EncodeToMemory(block), 0o600))
		require.NoError(t, os.Rename(file+".new", file))
	}
	cert, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return cert
}

func trusting(cert *x509.Certificate) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &tls.Config{RootCAs: roots, ServerName: "shop.test", MinVersion: tls.VersionTLS12}
}

// secure is a connection to a gateway with TLS, and what came before it on the wire.
func (g *server) secure(c *tls.Config, before string) (*tls.Conn, error) {
	raw, err := net.DialTimeout("tcp", g.addr, deadline)
	if err != nil {
		return nil, err
	}
	if err := raw.SetDeadline(time.Now().Add(deadline)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(raw, before); err != nil {
		return nil, err
	}
	conn := tls.Client(raw, c)
	g.t.Cleanup(func() { _ = conn.Close() })
	return conn, conn.Handshake()
}

// over sends one request over a connection and reads its answer.
func over(t *testing.T, conn net.Conn, target string, headers ...string) answer {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: shop.test\r\n%s\r\n", target, strings.Join(append(headers, ""), "\r\n"))
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res.StatusCode, res.Header, body}
}

const tlsSection = "listen: {tls: {certificates: [{certificate: tls.crt, key: tls.key}]}}\n"

func TestTLSAndNewCertificates(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	var log lines
	s.settings.logTo = &log
	s.room("arena", func(*waitroom.Policy) {})
	file, replace := s.configure(siteFile)
	first := newCertificate(t, filepath.Dir(file), "shop.test")
	replace(siteFile + tlsSection)
	g := s.start()

	early, err := g.secure(trusting(first), "")
	require.NoError(t, err)
	a := g.unlessHeldUp(func() answer { return over(t, early, "/shows/arena/x") })
	assert.Equal(t, "upstream", string(a.body))
	assert.Contains(t, a.header.Get("Set-Cookie"), "__Host-wr_arena=")
	assert.Contains(t, a.header.Get("Set-Cookie"), "; secure")
	assert.Equal(t, "https", s.booking.all()[0].header["X-Forwarded-Proto"])
	assert.Equal(t, "http/1.1", func() string {
		c := trusting(first)
		c.NextProtos = []string{"h2", "http/1.1"}
		conn, err := g.secure(c, "")
		require.NoError(t, err)
		return conn.ConnectionState().NegotiatedProtocol
	}())
	for name, change := range map[string]func(*tls.Config){
		"HTTP/2 only": func(c *tls.Config) { c.NextProtos = []string{"h2"} },
		"TLS 1.1":     func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, //nolint:gosec // To be refused.
	} {
		c := trusting(first)
		change(c)
		_, err := g.secure(c, "")
		assert.Error(t, err, name)
	}
	assert.NotEqual(t, 200, g.get("/x").status, "plain HTTP gets nothing")

	// Half a pair is refused, and what is in force stays; the whole pair is taken without a restart.
	dir := filepath.Dir(file)
	held, err := os.ReadFile(filepath.Join(dir, "tls.key"))
	require.NoError(t, err)
	second := newCertificate(t, dir, "shop.test")
	fresh, err := os.ReadFile(filepath.Join(dir, "tls.key"))
	require.NoError(t, err)
	require.NotEqual(t, held, fresh)
	require.Eventually(t, func() bool {
		conn, err := g.secure(trusting(second), "")
		return err == nil && conn.ConnectionState().PeerCertificates[0].Equal(second)
	}, deadline, 50*time.Millisecond)
	_, err = g.secure(trusting(first), "")
	require.Error(t, err)
	assert.Equal(t, "upstream", string(over(t, early, "/y").body), "connections that are open stay")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tls.key"), held, 0o600))
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "private key does not match public key") }, deadline, 20*time.Millisecond)
	_, err = g.secure(trusting(second), "")
	require.NoError(t, err)

	// The port stays what it is.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tls.key"), fresh, 0o600))
	replace(siteFile)
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "listen.tls cannot be added or taken away") }, deadline, 20*time.Millisecond)
	_, err = g.secure(trusting(second), "")
	require.NoError(t, err)
}

// TestTheRealClient goes through everything that can stand in front, with everything that a visitor can forge.
func TestTheRealClient(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	const proxied = "listen: {proxy_protocol: {from: [127.0.0.0/8]}}\n"
	const trusted = "trusted_proxies: {networks: [10.0.0.0/8], believe: [for, proto, host]}\n"
	_, replace := s.configure(siteFile + trusted + proxied)
	g := s.start()
	// ask sends a request over a connection that begins with these bytes, and returns what the upstream was told.
	ask := func(before string, headers ...string) (client, proto, host string) {
		t.Helper()
		s.booking.forget()
		conn, err := net.DialTimeout("tcp", g.addr, deadline)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
		_, err = io.WriteString(conn, before)
		require.NoError(t, err)
		require.Equal(t, "upstream", string(over(t, conn, "/x", headers...).body))
		h := s.booking.all()[0].header
		return h["X-Forwarded-For"], h["X-Forwarded-Proto"], h["X-Forwarded-Host"]
	}
	from := func(addr string) string { return "PROXY TCP4 " + addr + " 127.0.0.1 4711 80\r\n" }
	for name, c := range map[string]struct {
		before  string
		headers []string
		want    [3]string
	}{
		"straight":                   {from("203.0.113.5"), nil, [3]string{"203.0.113.5", "http", "shop.test"}},
		"straight, forged":           {from("203.0.113.5"), []string{"X-Forwarded-For: 10.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: other.test", "Forwarded: for=1.1.1.1"}, [3]string{"203.0.113.5", "http", "shop.test"}},
		"through a proxy":            {from("10.0.0.9"), []string{"X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: www.shop.test"}, [3]string{"203.0.113.7", "https", "www.shop.test"}},
		"through a proxy, forged":    {from("10.0.0.9"), []string{"X-Forwarded-For: 1.1.1.1, 203.0.113.7", "X-Forwarded-For: 10.1.1.1"}, [3]string{"203.0.113.7", "http", "shop.test"}},
		"the load balancer's own":    {"PROXY UNKNOWN\r\n", nil, [3]string{"127.0.0.1", "http", "shop.test"}},
		"version 2":                  {"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xcb\x00\x71\x05\x7f\x00\x00\x01\x12\x67\x00\x50", nil, [3]string{"203.0.113.5", "http", "shop.test"}},
		"named header, for upstream": {from("203.0.113.5"), []string{"Connection: X-Forwarded-For", "X-Forwarded-For: 1.1.1.1"}, [3]string{"203.0.113.5", "http", "shop.test"}},
	} {
		client, proto, host := ask(c.before, c.headers...)
		assert.Equal(t, c.want, [3]string{client, proto, host}, name)
	}

	// A host that a trusted proxy tells chooses the site.
	conn, err := net.DialTimeout("tcp", g.addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err = io.WriteString(conn, from("10.0.0.9"))
	require.NoError(t, err)
	assert.Equal(t, 421, over(t, conn, "/x", "X-Forwarded-Host: evil.test").status)

	// Without the header, or with a broken one, nothing gets through.
	s.booking.forget()
	for _, before := range []string{"", "PROXY TCP4 1.1.1.1\r\n", "\r\n\r\n\x00\r\nQUIT\n\x21\x12\x00\x0c" + strings.Repeat("x", 12), from("1.1.1.1")[1:]} {
		assert.NotContains(t, sendRaw(t, g.addr, before+"GET /x HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"), " 200 ", "%q", before)
	}
	assert.Empty(t, s.booking.all())

	// From anybody else a header is no proper request.
	replace(siteFile + trusted + "listen: {proxy_protocol: {from: [192.0.2.0/24]}}\n")
	require.Eventually(t, func() bool { return g.on("GET", "shop.test", "/x").status == 200 }, deadline, 20*time.Millisecond)
	s.booking.forget()
	assert.Contains(t, sendRaw(t, g.addr, from("10.0.0.9")+"GET /x HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"), " 400 ")
	assert.Empty(t, s.booking.all())
}

// TestPROXYBeforeTLS has the header where load balancers put it.
func TestPROXYBeforeTLS(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	file, replace := s.configure(siteFile)
	cert := newCertificate(t, filepath.Dir(file), "shop.test")
	replace(siteFile + "listen: {tls: {certificates: [{certificate: tls.crt, key: tls.key}]}, proxy_protocol: {from: [127.0.0.1]}}\n")
	g := s.launch()
	conn, err := g.secure(trusting(cert), "PROXY TCP6 2001:db8::9 2001:db8::1 4711 443\r\n")
	require.NoError(t, err)
	require.Equal(t, "upstream", string(over(t, conn, "/x").body))
	assert.Equal(t, "2001:db8::9", s.booking.all()[0].header["X-Forwarded-For"])
	_, err = g.secure(trusting(cert), "")
	require.Error(t, err)

	// What is refused before it has arrived whole gets its answer here, too.
	conn, err = g.secure(trusting(cert), "PROXY UNKNOWN\r\n")
	require.NoError(t, err)
	_, err = fmt.Fprintf(conn, "POST /waitroom/v1/arena/join HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 99999999\r\n\r\n%s", bytes.Repeat([]byte("x"), 1<<20))
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Contains(t, []int{404, 413}, res.StatusCode)
}

// sendRaw sends bytes and returns all that comes back.
func sendRaw(t *testing.T, addr, text string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	got, _ := io.ReadAll(conn) // a reset is an answer as well
	return string(got)
}
