// Package mail tells buyers by e-mail what became of their orders and tickets: it writes the mails that messages of the outbox
// ask for, and hands them to an SMTP server or drops them as files.
package mail

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"anteroom/booking"
)

// Mail is one mail as it is sent.
type Mail struct {
	Name  string // by which a receiver knows it again: in the Message-ID, and as the name of a file
	From  string // address of the envelope
	To    string
	Bytes []byte // header and body, RFC 5322
}

// Sender hands a mail over. It may be called again for a mail that was sent. It fails with booking.ErrUndeliverable when the receiver refuses the mail
// for good. Safe for concurrent use.
type Sender interface {
	Send(ctx context.Context, m Mail) (booking.Delivery, error)
}

// Office writes mails and sends them. Safe for concurrent use.
type Office struct {
	Letters   booking.Letters
	Sender    Sender
	From      mail.Address
	PublicURL string                                // of the shop, without a slash at the end; links begin with it
	ClaimCode func(transfer string) (string, error) // the secret part of the link by which an offered ticket is claimed
}

// Routes are the deliveries of all messages that are mails, for a dispatcher.
func (o *Office) Routes() map[string]booking.Deliver {
	return map[string]booking.Deliver{
		booking.OrderPaid: o.Deliver, booking.OrderCancelled: o.Deliver, booking.TicketTransferred: o.Deliver, booking.WaitlistOffer: o.Deliver,
	}
}

// Deliver implements booking.Deliver.
func (o *Office) Deliver(ctx context.Context, m booking.OutboxMessage) (booking.Delivery, error) {
	letter, err := o.Letters.Letter(ctx, m)
	if err != nil {
		return booking.Delivery{}, err
	}
	links := links{base: o.PublicURL}
	if letter.Transfer != "" {
		if links.claim, err = o.ClaimCode(letter.Transfer); err != nil {
			return booking.Delivery{}, err
		}
	}
	subject, text, err := write(m.Kind, letter, links)
	if err != nil {
		return booking.Delivery{}, err
	}
	return o.Sender.Send(ctx, Mail{
		Name: m.Name(), From: o.From.Address, To: letter.To, Bytes: o.compose(m.Name(), letter, subject, text, time.Now()),
	})
}

// compose makes the mail of a text. The Message-ID is the message's name and not new for every attempt, so that a server that got a mail twice
// can tell.
func (o *Office) compose(name string, l booking.Letter, subject, text string, now time.Time) []byte {
	var b bytes.Buffer
	_, host, _ := strings.Cut(o.From.Address, "@")
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", o.From.String())
	header("To", (&mail.Address{Name: l.Name, Address: l.To}).String())
	header("Subject", folded(mime.BEncoding.Encode("utf-8", subject)))
	header("Date", now.Format(time.RFC1123Z))
	header("Message-ID", "<"+name+"@"+host+">")
	header("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // into memory
	_ = w.Close()
	return b.Bytes()
}

// folded breaks a header between its encoded words, which keep to 75 characters each.
func folded(s string) string { return strings.ReplaceAll(s, "?= =?", "?=\r\n =?") }

// Nobody is the Sender of a service that was given none: mails are made up and go nowhere, which is noted with each.
type Nobody struct{}

// Send implements Sender.
func (Nobody) Send(context.Context, Mail) (booking.Delivery, error) {
	return booking.Delivery{Outcome: booking.Delivered, Detail: "to nobody: no mail server and no folder is set"}, nil
}
