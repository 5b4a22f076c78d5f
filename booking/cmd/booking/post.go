package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"anteroom/booking"
	"anteroom/booking/api"
	bookingmail "anteroom/booking/mail"
	"anteroom/booking/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// outboxLook is how often the outbox is looked at for the metrics.
const outboxLook = 15 * time.Second

// postSettings say how buyers are told things, and with what tickets are signed.
type postSettings struct {
	keysFile   string
	smtpURL    string
	dir        string
	from       string
	publicURL  string // given by validate
	every      time.Duration
	keys       *auth.Keys // of the file; nil without one
	sender     bookingmail.Sender
	fromParsed mail.Address
}

func (p *postSettings) flags(f *service.Flags) {
	f.String(&p.keysFile, "keys-file", "", "file with the private keys that tickets are signed with, made by booking keys init; a change is noticed by itself; empty: tickets have codes only and cannot be handed on")
	f.String(&p.smtpURL, "smtp-url", "", "mail server, smtp://user:password@host:587 (STARTTLS is a must; ?security=none turns it off) or smtps://user:password@host:465")
	f.String(&p.dir, "mail-dir", "", "folder that mails are dropped into as files, in place of a mail server; without both mails go nowhere")
	f.String(&p.from, "mail-from", "Anteroom <tickets@localhost.localdomain>", "sender of mails")
	f.Duration(&p.every, "outbox-every", 500*time.Millisecond, "how often the outbox is looked at for messages to deliver")
}

// validate fails with the setting that is wrong; it opens what the settings name. Links in mails begin with publicURL.
func (p *postSettings) validate(publicURL string) error {
	u, err := url.Parse(publicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("--public-url must be an address of the form https://shop.example")
	}
	p.publicURL = strings.TrimRight(publicURL, "/")
	from, err := mail.ParseAddress(p.from)
	if err != nil || !booking.ValidEmail(from.Address) {
		return errors.New("--mail-from must be an address of the form Shop <tickets@shop.example>")
	}
	p.fromParsed = *from
	switch {
	case p.every <= 0:
		return errors.New("--outbox-every must be positive")
	case p.smtpURL != "" && p.dir != "":
		return errors.New("--smtp-url and --mail-dir are one or the other")
	case p.smtpURL != "":
		server, err := bookingmail.ParseSMTP(p.smtpURL)
		if err != nil {
			return fmt.Errorf("--smtp-url %w", err)
		}
		p.sender = server
	case p.dir != "":
		drop, err := bookingmail.NewDrop(p.dir)
		if err != nil {
			return fmt.Errorf("--mail-dir: %w", err)
		}
		p.sender = drop
	}
	if p.keysFile != "" {
		if p.keys, err = auth.LoadKeys(p.keysFile); err != nil {
			return fmt.Errorf("--keys-file: %w; make it with: booking keys init --keys-file %s", err, p.keysFile)
		}
	}
	return nil
}

// tasks deliver mails and keep the keys as their file says.
func (p *postSettings) tasks(store *postgres.Store, log *slog.Logger) []func(context.Context) error {
	sender := p.sender
	if sender == nil {
		sender = bookingmail.Nobody{}
	}
	office := &bookingmail.Office{Letters: store, Sender: sender, From: p.fromParsed, PublicURL: p.publicURL, ClaimCode: p.claimCode}
	dispatcher := booking.NewDispatcher(store, office.Routes(), log)
	var tasks []func(context.Context) error
	if p.every > 0 { // else a test delivers by itself
		tasks = append(tasks, background(func(ctx context.Context) { dispatcher.Run(ctx, p.every) }))
	}
	tasks = append(tasks, every(outboxLook, func(ctx context.Context) {
		waiting, oldest, err := store.OutboxState(ctx)
		if err != nil {
			report(ctx, log, "look at the outbox", err)
			return
		}
		api.ObserveOutbox(waiting, oldest)
	}))
	if p.keysFile != "" {
		tasks = append(tasks, background(func(ctx context.Context) {
			p.keys.Watch(ctx, auth.WatchEvery, func(gone []string, err error) {
				switch {
				case err != nil:
					log.Error("the key file cannot be used, the keys from before stay", "err", err)
				case len(gone) > 0:
					log.Warn("keys are in the file no more, tickets that they signed are refused", "kids", strings.Join(gone, " "))
				}
			})
		}))
	}
	return tasks
}

func (p *postSettings) claimCode(transfer string) (string, error) {
	if p.keys == nil {
		return "", booking.ErrTicketsUnsigned
	}
	return p.keys.SignTransfer(transfer)
}
