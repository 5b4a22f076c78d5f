package mail

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/smtptest"
)

var oneMail = Mail{Name: "order-paid.1", From: "tickets@shop.example", To: "ann@example.org", Bytes: []byte("Subject: x\r\n\r\n.dot\r\nline\r\n")}

func client(t *testing.T, s *smtptest.Server, scheme, userinfo, query string) *SMTP {
	t.Helper()
	c, err := ParseSMTP(scheme + "://" + userinfo + s.Address + query)
	require.NoError(t, err)
	c.tls.RootCAs = s.Roots
	return c
}

func TestStartTLSAndPassword(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{StartTLS: true, User: "shop", Password: "geheim"})
	_, err := client(t, s, "smtp", "shop:geheim@", "").Send(t.Context(), oneMail)
	require.NoError(t, err)
	require.Equal(t, []smtptest.Mail{{From: "tickets@shop.example", To: "ann@example.org", Data: string(oneMail.Bytes), TLS: true, User: "shop"}}, s.Mails())

	_, err = client(t, s, "smtp", "shop:falsch@", "").Send(t.Context(), oneMail)
	require.ErrorContains(t, err, "535")
	require.NotErrorIs(t, err, booking.ErrUndeliverable, "our own mistake is tried again")
	require.NotContains(t, err.Error(), "falsch")
	require.Len(t, s.Mails(), 1)
}

func TestTLSFromTheFirstByte(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Implicit: true, User: "shop", Password: "geheim"})
	_, err := client(t, s, "smtps", "shop:geheim@", "").Send(t.Context(), oneMail)
	require.NoError(t, err)
	require.True(t, s.Mails()[0].TLS)
}

// A server that offers no STARTTLS, or is another one than it says, gets neither mail nor password.
func TestNothingIsSentInTheClearUnlessThatIsAskedFor(t *testing.T) {
	plain := smtptest.Start(t, smtptest.Options{})
	_, err := client(t, plain, "smtp", "shop:geheim@", "").Send(t.Context(), oneMail)
	require.ErrorContains(t, err, "STARTTLS")
	require.Empty(t, plain.Mails())
	_, err = client(t, plain, "smtp", "", "?security=none").Send(t.Context(), oneMail)
	require.NoError(t, err)
	require.False(t, plain.Mails()[0].TLS)

	other := smtptest.Start(t, smtptest.Options{StartTLS: true})
	c := client(t, other, "smtp", "", "")
	c.tls.RootCAs = smtptest.Start(t, smtptest.Options{}).Roots
	_, err = c.Send(t.Context(), oneMail)
	require.ErrorContains(t, err, "certificate")
	require.Empty(t, other.Mails())
}

func TestRefusalsForGoodAndForNow(t *testing.T) {
	for refused, c := range map[string]struct {
		answer string
		good   bool
	}{
		"RCPT TO":        {"550 5.1.1 no such user", true},
		"RCPT  TO later": {"451 4.7.1 greylisted", false},
		"MAIL":           {"550 5.7.1 you may not", false},
		"DATA":           {"421 4.3.2 going down", false},
		".":              {"552 5.3.4 too large", true},
		". later":        {"452 4.3.1 disk full", false},
	} {
		verb, _, _ := strings.Cut(refused, " ")
		s := smtptest.Start(t, smtptest.Options{Refuse: func(command string) string {
			if got, _, _ := strings.Cut(command, " "); got == verb {
				return c.answer
			}
			return ""
		}})
		_, err := client(t, s, "smtp", "", "?security=none").Send(t.Context(), oneMail)
		require.Error(t, err, refused)
		require.Contains(t, err.Error(), c.answer[4:], refused)
		if c.good {
			require.ErrorIs(t, err, booking.ErrUndeliverable, refused)
		} else {
			require.NotErrorIs(t, err, booking.ErrUndeliverable, refused)
		}
		require.Empty(t, s.Mails())
	}
}

func TestAServerThatIsAwayOrSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	silent, err := ParseSMTP("smtp://" + l.Addr().String() + "?security=none")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := l.Accept(); err == nil {
			accepted <- conn
			_ = conn.Close() // it hangs up without a word
		}
		cancel()
	}()
	_, err = silent.Send(ctx, oneMail)
	require.Error(t, err)
	<-accepted
	require.NoError(t, l.Close())
	_, err = silent.Send(t.Context(), oneMail)
	require.Error(t, err)
	require.NotErrorIs(t, err, booking.ErrUndeliverable)
}

func TestAddressesOfServers(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://mail.example": "mail.example:587", "smtps://mail.example": "mail.example:465", "smtp://mail.example?security=none": "mail.example:25",
		"smtp://u:p@mail.example:2525/": "mail.example:2525",
	} {
		s, err := ParseSMTP(address)
		require.NoError(t, err, address)
		require.Equal(t, want, s.address)
	}
	for _, bad := range []string{"", "mail.example:25", "http://mail.example", "smtp://", "smtp://mail.example/x", "smtp://u:geheim@mail.example?security=none", "smtps://mail.example?security=none", "smtp://u:geheim@mail.example:%zz"} {
		_, err := ParseSMTP(bad)
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "geheim")
	}
}
