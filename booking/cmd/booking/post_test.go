package main

import (
	"context"
	"io"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/smtptest"
	"anteroom/internal/testenv"
)

// mailSettings are those of a service that delivers by these flags, checked as serve checks them.
func mailSettings(t *testing.T, set *settings, flags ...string) {
	t.Helper()
	read, err := readSettings(append(flags, "--outbox-every", "20ms"), io.Discard)
	require.NoError(t, err)
	set.post = read.post
}

func (s *system) undelivered() int {
	return query[int](s, `SELECT count(*) FROM outbox WHERE delivered_at IS NULL`)
}

func TestMailsReachTheFolderAndTheClaimLinkInThemWorks(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "keys.json")
	_, err := auth.InitKeys(file)
	require.NoError(t, err)
	s := newSystem(t, change{settings: func(set *settings) {
		mailSettings(t, set, "--mail-dir", dir, "--keys-file", file, "--mail-from", "Shop <tickets@shop.example>", "--public-url", "https://shop.example/")
	}})
	ann, ben := s.guest(), s.guest()
	order := ann.buy(s.small[0])
	cancelled := ann.buy(s.small[1])
	ann.do("POST", "/api/v1/orders/"+cancelled.ID+"/cancel", "").want(200)
	offer := decode[booking.TicketTransfer](ann.do("POST", "/api/v1/tickets/"+order.Tickets[0].ID+"/transfer", object("email", "ben@example.org")).want(200))
	require.Eventually(t, func() bool { return s.undelivered() == 0 }, patience, 20*time.Millisecond)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 4, "paid twice, cancelled once, handed on once")

	raw, err := os.ReadFile(filepath.Join(dir, "ticket-transferred."+offer.ID+".eml"))
	require.NoError(t, err)
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	require.NoError(t, err)
	require.Equal(t, "<ben@example.org>", m.Header.Get("To"))
	plain := strings.ReplaceAll(string(raw), "=\r\n", "") // soft line breaks
	_, token, found := strings.Cut(plain, "https://shop.example/claim#")
	require.True(t, found, plain)
	token, _, _ = strings.Cut(token, "\r\n")
	ben.do("POST", "/api/v1/transfers/claim", object("token", token)).want(200)
	require.Equal(t, "file ticket-transferred."+offer.ID+".eml", query[string](s, `SELECT detail FROM outbox_attempts a JOIN outbox o ON o.id = a.outbox_id WHERE o.kind = 'ticket-transferred'`))
	s.allZero()
}

func TestWithoutAServerOrAFolderMailsGoNowhereAndThatIsNoted(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{settings: func(set *settings) { mailSettings(t, set) }})
	s.guest().buy(s.small[0])
	require.Eventually(t, func() bool { return s.undelivered() == 0 }, patience, 20*time.Millisecond)
	require.Contains(t, query[string](s, `SELECT detail FROM outbox_attempts`), "nobody")
}

// A kill -9 of the service when the mail server has the mail and before the service hears of it: no moment is worse. The mail is sent again, since
// nobody knows that it was, and it is the same one by its Message-ID.
func TestAKillBetweenSendingAndWritingItDown(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{}) // sells, and delivers nothing
	var p *testenv.Program
	var once sync.Once
	killed := make(chan struct{})
	server := smtptest.Start(t, smtptest.Options{Taken: func(smtptest.Mail) {
		once.Do(func() {
			p.Kill()
			close(killed)
		})
	}})
	p = newProgram(t, "--database-url", s.databaseURL, "--pass-jwks-url", serveKeys(t, s.waitroom), "--staff-jwks-url", serveKeys(t, s.backOffice),
		"--smtp-url", "smtp://"+server.Address+"?security=none", "--outbox-every", "20ms")
	order := s.guest().buy(s.small[0])
	<-killed
	require.Equal(t, 1, s.undelivered(), "sent, and nobody here knows")
	require.Equal(t, 1, query[int](s, `SELECT count(*) FROM outbox_attempts WHERE outcome IS NULL`))
	p.Start()
	s.exec(`UPDATE outbox SET next_attempt_at = clock_timestamp()`) // as waiting a minute for the end of the lease would
	require.Eventually(t, func() bool { return s.undelivered() == 0 }, patience, 20*time.Millisecond)

	mails := server.Mails()
	require.Len(t, mails, 2, "it was sent twice")
	box := map[string]bool{} // of a receiver that knows a mail by its Message-ID
	for _, m := range mails {
		read, err := mail.ReadMessage(strings.NewReader(m.Data))
		require.NoError(t, err)
		box[read.Header.Get("Message-ID")] = true
	}
	require.Equal(t, map[string]bool{"<order-paid." + order.ID + "@localhost.localdomain>": true}, box, "and is one mail")
	require.Equal(t, 2, query[int](s, `SELECT attempts FROM outbox`))
	require.Equal(t, 1, query[int](s, `SELECT count(*) FROM outbox_attempts WHERE outcome = 'delivered'`))
	s.allZero()
}

func TestMailSettings(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"--smtp-url smtp://a --mail-dir /tmp/x":          "one or the other",
		"--smtp-url http://user:geheim@mail.example":     "--smtp-url",
		"--mail-from nobody":                             "--mail-from",
		"--public-url shop.example":                      "--public-url",
		"--outbox-every 0s":                              "--outbox-every",
		"--keys-file " + filepath.Join(t.TempDir(), "x"): "booking keys init",
	} {
		var said strings.Builder
		_, err := readSettings(strings.Fields(flags), &said)
		require.Error(t, err, flags)
		require.Contains(t, said.String(), want)
		require.NotContains(t, said.String(), "geheim")
	}
}

// A dispatcher that is told to stop finishes what it has begun: nothing is left in doubt by an orderly end.
func TestAnOrderlyEndLeavesNoDeliveryInDoubt(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.exec(`SELECT enqueue('test', n::text, '{}') FROM generate_series(1, 20) n`)
	ctx, stop := context.WithCancel(t.Context())
	var once sync.Once
	d := booking.NewDispatcher(s.store, map[string]booking.Deliver{"test": func(ctx context.Context, _ booking.OutboxMessage) (booking.Delivery, error) {
		once.Do(stop)
		return booking.Delivery{Outcome: booking.Delivered}, ctx.Err()
	}}, slog.New(slog.DiscardHandler))
	d.Run(ctx, time.Millisecond)
	require.Zero(t, query[int](s, `SELECT count(*) FROM outbox_attempts WHERE outcome IS NULL`))
	require.Equal(t, 20, query[int](s, `SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL`))
}
