package mail

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/smtptest"
)

// letters is a store with one letter in it.
type letters struct {
	letter booking.Letter
	err    error
}

func (l letters) Letter(context.Context, booking.OutboxMessage) (booking.Letter, error) {
	return l.letter, l.err
}

func office(l booking.Letter, s Sender) *Office {
	return &Office{
		Letters: letters{letter: l}, Sender: s, From: mail.Address{Name: "Anteroom", Address: "tickets@shop.example"}, PublicURL: "https://shop.example",
		ClaimCode: func(id string) (string, error) { return "secret-of-" + id, nil },
	}
}

var (
	starts = time.Date(2026, 5, 1, 10, 30, 0, 0, time.UTC)
	order  = &booking.Order{
		ID: "0b57a0f4-6a3c-4a49-9a3e-0d2f4f0b1a77", Reference: "AN-7K3M9Q", State: booking.Paid, Show: "arena", StartsAt: starts, TimeZone: "Asia/Seoul",
		Title: booking.Text{EN: "Aurora, the very long farewell tour of the century", KO: "오로라 고별 투어"}, Venue: booking.Text{EN: "Han Arena", KO: "한강 아레나"},
		Total:   booking.Money{Amount: 330000, Currency: "KRW"},
		Tickets: []booking.Ticket{{Code: "7K3M-9QXA-22BD", Section: "A1", Row: "12", Number: "7", State: "valid"}, {Code: "VOID-VOID-VOID", State: "cancelled"}},
	}
	place = booking.OfferedPlace{Title: order.Title, Venue: order.Venue, StartsAt: starts, TimeZone: "Asia/Seoul", Section: "A1", Row: "12", Number: "7"}
)

func allLetters() map[string]booking.Letter {
	hold := booking.Hold{Show: "arena", ExpiresAt: starts, Seats: []booking.Line{{Section: "B2", Row: "3", Number: "4", Price: booking.Money{Amount: 99000, Currency: "KRW"}}}}
	return map[string]booking.Letter{
		booking.OrderPaid:         {To: "ann@example.org", Name: "Ann 앤", Order: order},
		booking.OrderCancelled:    {To: "ann@example.org", Order: order},
		booking.TicketTransferred: {To: "ann@example.org", Transfer: "t1", Offer: &booking.TransferOffer{From: "Ben\r\nBcc: x@y.z", ExpiresAt: starts, Ticket: place}},
		booking.WaitlistOffer:     {To: "ann@example.org", Seats: &booking.SeatOffer{Hold: hold, Title: order.Title, Venue: order.Venue, StartsAt: starts, TimeZone: "Asia/Seoul"}},
	}
}

// read parses a mail as a reader of mails does.
func read(t *testing.T, raw string) (header mail.Header, subject, body string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	require.NoError(t, err)
	return m.Header, subject, strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestEveryMailIsSentWholeInBothLanguages(t *testing.T) {
	server := smtptest.Start(t, smtptest.Options{})
	smtp, err := ParseSMTP("smtp://" + server.Address + "?security=none")
	require.NoError(t, err)
	wants := map[string][]string{
		booking.OrderPaid: {"Hello Ann 앤", "AN-7K3M9Q", "A1 · 12 · 7   ticket 7K3M-9QXA-22BD", "330,000 KRW", "Friday 1 May 2026, 19:30 KST", "2026년 5월 1일 (금) 19:30 KST", "한강 아레나",
			"https://shop.example/bookings/" + order.ID, "https://shop.example/api/v1/orders/" + order.ID + "/tickets"},
		booking.OrderCancelled:    {"AN-7K3M9Q is cancelled", "취소되었으며"},
		booking.TicketTransferred: {"https://shop.example/claim#secret-of-t1", "A1 · 12 · 7", "양도"},
		booking.WaitlistOffer:     {"B2 · 3 · 4   99,000 KRW", "https://shop.example/shows/arena/seats", "대기하신"},
	}
	for kind, l := range allLetters() {
		o := office(l, smtp)
		require.Contains(t, o.Routes(), kind)
		d, err := o.Deliver(t.Context(), booking.OutboxMessage{Kind: kind, Key: "k1"})
		require.NoError(t, err)
		require.Equal(t, booking.Delivered, d.Outcome)
		mails := server.Mails()
		got := mails[len(mails)-1]
		require.Equal(t, []string{"tickets@shop.example", "ann@example.org"}, []string{got.From, got.To})
		header, subject, body := read(t, got.Data)
		require.Equal(t, "<"+kind+".k1@shop.example>", header.Get("Message-ID"))
		require.Equal(t, "auto-generated", header.Get("Auto-Submitted"))
		require.Empty(t, header.Get("Bcc"), "nothing of a name gets into the header by itself")
		require.NotEmpty(t, subject)
		for _, want := range wants[kind] {
			require.Contains(t, body, want, kind)
		}
		require.NotContains(t, body, "VOID")
		require.NotContains(t, body, "<no value>")
		for line := range strings.SplitSeq(got.Data, "\r\n") {
			require.LessOrEqual(t, len(line), 200, "RFC 5322 §2.1.1 allows 998")
			require.NotContains(t, line, "\n", "a line ends with both characters")
		}
	}
}

func TestADeletedBuyerAndAMessageWithoutAMail(t *testing.T) {
	o := office(booking.Letter{}, Nobody{})
	o.Letters = letters{err: booking.ErrUndeliverable}
	_, err := o.Deliver(t.Context(), booking.OutboxMessage{Kind: booking.OrderPaid})
	require.ErrorIs(t, err, booking.ErrUndeliverable)
	_, err = office(booking.Letter{}, Nobody{}).Deliver(t.Context(), booking.OutboxMessage{Kind: "payment-capture"})
	require.ErrorContains(t, err, "payment-capture")
}

func TestADropHoldsEveryMailOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mails")
	drop, err := NewDrop(dir)
	require.NoError(t, err)
	send := func(name, body string) booking.DeliveryOutcome {
		d, err := drop.Send(t.Context(), Mail{Name: name, Bytes: []byte(body)})
		require.NoError(t, err)
		return d.Outcome
	}
	require.Equal(t, booking.Delivered, send("order-paid.1", "first"))
	require.Equal(t, booking.DeliveryRepeated, send("order-paid.1", "second"))
	require.Equal(t, booking.Delivered, send("order-paid.../../escape", "third"))
	body, err := os.ReadFile(filepath.Join(dir, "order-paid.1.eml"))
	require.NoError(t, err)
	require.Equal(t, "first", string(body))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "nothing unfinished is left, and nothing is outside")
	require.NoError(t, os.RemoveAll(dir))
	_, err = drop.Send(t.Context(), Mail{Name: "x"})
	require.Error(t, err)
}
