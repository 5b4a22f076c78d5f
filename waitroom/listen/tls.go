package listen

import (
	"crypto/tls"
	"errors"
	"net"
	"sync/atomic"
)

// Certificates are those of a TLS listener; they may be replaced at any time, for connections that come from then on.
type Certificates struct{ config atomic.Pointer[tls.Config] }

var errNoCertificate = errors.New("TLS without a certificate")

// Set replaces the certificates and the least version of TLS (tls.VersionTLS12 or higher). The first that fits the name that a client asks for is
// used, the first of all where none does. Tickets of sessions that began before are not taken up again.
func (c *Certificates) Set(list []tls.Certificate, least uint16) error {
	if len(list) == 0 {
		return errNoCertificate
	}
	c.config.Store(&tls.Config{
		Certificates: list,
		MinVersion:   max(least, tls.VersionTLS12),
		NextProtos:   []string{"http/1.1"},
	})
	return nil
}

// TLS is a listener whose connections speak TLS. Who negotiates anything but HTTP/1.1 is refused (ALPN); who negotiates nothing is taken to mean it.
func TLS(l net.Listener, certificates *Certificates) net.Listener {
	return tls.NewListener(l, &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			config := certificates.config.Load()
			if config == nil {
				return nil, errNoCertificate
			}
			return config, nil
		},
	})
}
