// Package smtptest is a mail server for tests: it speaks SMTP (RFC 5321) with STARTTLS and AUTH PLAIN on a port of the loopback,
// keeps what it is sent, and refuses what a test tells it to.
package smtptest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is one mail that the server took.
type Mail struct {
	From, To string
	Data     string // header and body as they came, without the dots of the transport
	TLS      bool   // it came over TLS
	User     string // who authenticated, empty: nobody
}

// Options of a server. The zero value takes everything, in the clear.
type Options struct {
	StartTLS bool
	Implicit bool   // TLS from the first byte
	User     string // with Password: without them no mail is taken
	Password string
	// Refuse answers a command instead of the server, for example "550 5.1.1 no such user"; empty: the server answers. DATA is asked for as
	// "DATA" before the mail and as "." after it.
	Refuse func(command string) string
	// Taken runs when a mail has come in whole, before the sender is told so.
	Taken func(Mail)
}

// Server is a running mail server.
type Server struct {
	Address string         // host:port
	Roots   *x509.CertPool // with which its certificate is verified
	options Options
	cert    tls.Certificate
	mu      sync.Mutex
	mails   []Mail
}

// Start runs a server until the test is over.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it returns at once
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Address: l.Addr().String(), options: o}
	if s.cert, s.Roots, err = certificate(); err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	var mu sync.Mutex
	conns := map[net.Conn]bool{}
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			mu.Unlock()
			open.Go(func() {
				defer conn.Close()
				s.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		open.Wait()
	})
	return s
}

// Mails are those taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// session is the dialogue over one connection.
type session struct {
	*Server
	conn net.Conn
	r    *bufio.Reader
	tls  bool
	user string
	mail Mail
}

func (s *Server) serve(conn net.Conn) {
	x := &session{Server: s}
	if s.options.Implicit {
		conn, x.tls = tls.Server(conn, s.tlsConfig()), true
	}
	x.use(conn)
	if !x.say("220 test ESMTP") {
		return
	}
	for {
		line, err := x.r.ReadString('\n')
		if err != nil || !x.command(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (s *Server) tlsConfig() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12}
}

func (x *session) use(conn net.Conn) { x.conn, x.r = conn, bufio.NewReader(conn) }

func (x *session) say(line string) bool {
	_, err := io.WriteString(x.conn, line+"\r\n")
	return err == nil
}

// command answers one; false ends the connection.
func (x *session) command(line string) bool {
	if x.options.Refuse != nil {
		if answer := x.options.Refuse(line); answer != "" {
			return x.say(answer)
		}
	}
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return x.say(x.greeting())
	case "STARTTLS":
		if !x.options.StartTLS || x.tls || !x.say("220 go on") {
			return false
		}
		x.tls = true
		x.use(tls.Server(x.conn, x.tlsConfig()))
		return true
	case "AUTH":
		return x.auth(rest)
	case "MAIL":
		if x.options.User != "" && x.user == "" {
			return x.say("530 5.7.0 authenticate first")
		}
		x.mail = Mail{From: address(rest), TLS: x.tls, User: x.user}
		return x.say("250 ok")
	case "RCPT":
		x.mail.To = address(rest)
		return x.say("250 ok")
	case "DATA":
		if x.mail.From == "" || x.mail.To == "" {
			return x.say("503 5.5.1 out of turn")
		}
		return x.say("354 go on") && x.data()
	case "QUIT":
		x.say("221 bye")
		return false
	default:
		return x.say("500 5.5.2 what?")
	}
}

func (x *session) greeting() string {
	lines := []string{"test", "8BITMIME", "SMTPUTF8"}
	if x.options.StartTLS && !x.tls {
		lines = append(lines, "STARTTLS")
	}
	if x.options.User != "" && x.tls {
		lines = append(lines, "AUTH PLAIN")
	}
	last := len(lines) - 1
	return "250-" + strings.Join(lines[:last], "\r\n250-") + "\r\n250 " + lines[last]
}

func (x *session) auth(rest string) bool {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
	if err != nil || string(secret) != "\x00"+x.options.User+"\x00"+x.options.Password {
		return x.say("535 5.7.8 wrong")
	}
	x.user = x.options.User
	return x.say("235 ok")
}

func (x *session) data() bool {
	var b strings.Builder
	for {
		line, err := x.r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	x.mail.Data = b.String()
	if x.options.Refuse != nil {
		if answer := x.options.Refuse("."); answer != "" {
			return x.say(answer)
		}
	}
	x.mu.Lock()
	x.mails = append(x.mails, x.mail)
	x.mu.Unlock()
	if x.options.Taken != nil {
		x.options.Taken(x.mail)
	}
	return x.say("250 2.0.0 taken")
}

// address is what stands between the angle brackets.
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// certificate makes one for 127.0.0.1 and localhost, which vouches for itself.
func certificate() (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make certificate: %w", err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make certificate: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots, nil
}
