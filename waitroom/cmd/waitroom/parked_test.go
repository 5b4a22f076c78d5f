package main

import (
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConnectionsAreParkedWithWhatIsAroundThem leaves connections with TLS behind a PROXY protocol header alone until the gateway has parked
// them, and asks on: they are still whose they were.
func TestConnectionsAreParkedWithWhatIsAroundThem(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	file, replace := s.configure(siteFile)
	cert := newCertificate(t, filepath.Dir(file), "shop.test")
	replace(siteFile + "listen: {tls: {certificates: [{certificate: tls.crt, key: tls.key}]}, proxy_protocol: {from: [127.0.0.1]}}\n")
	p := s.process("parks", "--config", file) // the metrics of this test's own process are those of many gateways
	g := &server{t: t, addr: p.Address, opsURL: p.OpsURL(), client: &http.Client{Timeout: deadline}}
	t.Cleanup(g.client.CloseIdleConnections)
	parked := func(n int) {
		t.Helper()
		line := fmt.Appendf(nil, "\nwaitroom_http_connections_parked %d\n", n)
		require.Eventually(t, func() bool { return bytes.Contains(g.get(g.opsURL+"/metrics").body, line) }, deadline, 20*time.Millisecond)
	}
	one, err := g.secure(trusting(cert), "PROXY TCP4 203.0.113.1 127.0.0.1 4711 443\r\n")
	require.NoError(t, err)
	other, err := g.secure(trusting(cert), "PROXY TCP6 2001:db8::2 2001:db8::1 4711 443\r\n")
	require.NoError(t, err)
	for range 3 {
		s.booking.forget()
		assert.Equal(t, "upstream", string(over(t, one, "/x").body))
		assert.Equal(t, "upstream", string(over(t, other, "/y").body))
		parked(2)
		for i, client := range []string{"203.0.113.1", "2001:db8::2"} {
			assert.Equal(t, client, s.booking.all()[i].header["X-Forwarded-For"])
			assert.Equal(t, "https", s.booking.all()[i].header["X-Forwarded-Proto"])
		}
	}
	require.NoError(t, other.Close())
	parked(1)
	assert.Equal(t, "upstream", string(over(t, one, "/x").body))
}
