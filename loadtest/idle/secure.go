package idle

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const loopback = "127.0.0.1"

// Secure prepares a gateway that speaks TLS on its public port, with a certificate made for the run: it writes what that needs into a folder,
// and returns the gateway's flags and how to speak to it.
func Secure(dir, upstream string) (flags []string, client *tls.Config, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.ParseIP(loopback)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	config := fmt.Sprintf(`version: 1
listen: {tls: {certificates: [{certificate: tls.crt, key: tls.key}]}}
upstreams:
  shop: {addresses: [%q]}
sites:
  - hosts: [%s]
    routes:
      - {name: front, paths: [/**], upstream: shop}
      - {name: show, paths: ["/api/v1/shows/{room}/**"], upstream: shop, room: "{room}"}
`, strings.TrimPrefix(upstream, "http://"), loopback)
	for name, content := range map[string][]byte{
		"tls.crt":       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		"tls.key":       pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		"anteroom.yaml": []byte(config),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, nil, err
		}
	}
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return []string{"--config", filepath.Join(dir, "anteroom.yaml")}, &tls.Config{RootCAs: roots, ServerName: loopback, MinVersion: tls.VersionTLS13}, nil
}
