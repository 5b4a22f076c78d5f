package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"time"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// Security says how a connection to a mail server is kept from others' eyes.
type Security string

// The kinds of security.
const (
	StartTLS Security = "starttls" // begins in the clear and must go over to TLS
	Implicit Security = "tls"      // TLS from the first byte (RFC 8314)
	Clear    Security = "none"     // for a server on the same machine
)

// sendTimeout bounds one mail when the caller's context has no deadline.
const sendTimeout = 30 * time.Second

// SMTP sends mails through a server (RFC 5321), each over a connection of its own. The Message-ID is the same for a mail that is sent again;
// whether the receiver puts one of the two away is up to it. Safe for concurrent use.
type SMTP struct {
	address  string
	host     string
	user     string
	password string
	security Security
	tls      *tls.Config
}

// ParseSMTP reads an address of the form smtp://user:password@host:587, or smtps:// for TLS from the first byte. smtp:// goes over to TLS by
// STARTTLS and refuses a server that does not; ?security=none turns that off. The error does not show the address: it holds a password.
func ParseSMTP(address string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("must have the form smtp://user:password@host:port")
	}
	s := &SMTP{host: u.Hostname(), user: u.User.Username()}
	s.password, _ = u.User.Password()
	port := u.Port()
	switch security := u.Query().Get("security"); {
	case u.Scheme == "smtps" && security == "":
		s.security = Implicit
		port = orElse(port, "465")
	case u.Scheme == "smtp" && (security == "" || security == string(StartTLS)):
		s.security = StartTLS
		port = orElse(port, "587")
	case u.Scheme == "smtp" && security == string(Clear):
		s.security = Clear
		port = orElse(port, "25")
	default:
		return nil, errors.New("must begin with smtp:// or smtps://, and security is starttls or none")
	}
	if s.security == Clear && s.user != "" {
		return nil, errors.New("a password is not sent in the clear: security=none goes without a user")
	}
	s.address = net.JoinHostPort(s.host, port)
	s.tls = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	return s, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Mail) (booking.Delivery, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return booking.Delivery{}, fmt.Errorf("mail server %s: %w", s.address, err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return booking.Delivery{}, fmt.Errorf("mail server %s: %w", s.address, err)
		}
	}
	if err := s.talk(conn, m); err != nil {
		return booking.Delivery{}, fmt.Errorf("mail server %s: %w", s.address, err)
	}
	return booking.Delivery{Outcome: booking.Delivered, Detail: "accepted by " + s.address}, nil
}

func (s *SMTP) dial(ctx context.Context) (net.Conn, error) {
	if s.security == Implicit {
		return (&tls.Dialer{Config: s.tls}).DialContext(ctx, "tcp", s.address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", s.address)
}

// talk is the whole dialogue of one mail. Once the server has taken the mail, nothing that follows is a failure.
func (s *SMTP) talk(conn net.Conn, m Mail) error {
	c, err := smtp.NewClient(conn, s.host)
	if err != nil {
		return err
	}
	if s.security == StartTLS {
		if offered, _ := c.Extension("STARTTLS"); !offered {
			return errors.New("it offers no STARTTLS")
		}
		if err := c.StartTLS(s.tls); err != nil {
			return err
		}
	}
	if s.user != "" {
		if err := c.Auth(smtp.PlainAuth("", s.user, s.password, s.host)); err != nil {
			return err
		}
	}
	if err := c.Mail(m.From); err != nil {
		return err
	}
	if err := c.Rcpt(m.To); err != nil {
		return forGood(err)
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.Bytes); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return forGood(err)
	}
	_ = c.Quit()
	return nil
}

// forGood tells a refusal for good (5yz) from one for now. What is said of the recipient or of the whole mail stays true when asked again; what
// is said of us (STARTTLS, AUTH, MAIL) is for our operator to mend.
func forGood(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) && said.Code >= 500 && said.Code != 503 {
		return fault.Wrap(err, booking.ErrUndeliverable.Code, booking.ErrUndeliverable.Type, "%s", booking.ErrUndeliverable.Message)
	}
	return err
}
