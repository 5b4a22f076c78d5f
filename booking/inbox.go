package booking

import (
	"context"
	"errors"
	"time"
)

// How the inbox of webhooks is worked through.
const (
	inboxBatch = 50
	inboxEvery = 2 * time.Second // should nobody ring: those of another instance, and those that failed before
)

// Provider is the name of the checkout's provider.
func (c *Checkout) Provider() string { return c.provider.Name() }

// Receive verifies a webhook and writes it down; the work follows. It fails with "webhook-signature-invalid", "webhook-invalid" and
// "database-unavailable"; then the provider sends it again.
func (c *Checkout) Receive(ctx context.Context, header func(name string) string, body []byte) error {
	event, err := c.provider.Event(header, body)
	if err != nil {
		return err
	}
	if !ValidID(event.Key) {
		event.Key = "" // about none of our payments: kept as evidence only
	}
	limit, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	if err := c.payments.StoreWebhook(limit, c.provider.Name(), event, body); err != nil {
		return err
	}
	select {
	case c.rung <- struct{}{}:
	default: // the worker has been told already
	}
	return nil
}

// RunInbox works through the inbox until the context ends. report is told of what goes wrong.
func (c *Checkout) RunInbox(ctx context.Context, report func(error)) {
	tick := time.NewTicker(inboxEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.rung:
		case <-tick.C:
		}
		for n := inboxBatch; n == inboxBatch && ctx.Err() == nil; {
			var err error
			if n, err = c.WorkInbox(ctx); err != nil {
				report(err)
			}
		}
	}
}

// WorkInbox works on what is due in the inbox, a bounded amount, and returns how much that was. A webhook says only that something
// happened: what did is asked of the provider. So one that comes twice, late or before an earlier one does no harm.
func (c *Checkout) WorkInbox(ctx context.Context) (int, error) {
	due, err := c.payments.TakeWebhooks(ctx, inboxBatch)
	if err != nil {
		return 0, err
	}
	var failures []error
	for _, w := range due {
		failure := c.workWebhook(ctx, w)
		if err := c.payments.FinishWebhook(ctx, w, failure); err != nil {
			failure = errors.Join(failure, err)
		}
		failures = append(failures, failure)
	}
	return len(due), errors.Join(failures...)
}

func (c *Checkout) workWebhook(ctx context.Context, w Webhook) error {
	if w.Payment == "" || w.Provider != c.provider.Name() {
		return nil
	}
	p, err := c.payments.PaymentUnderWay(ctx, w.Payment)
	if err != nil || p == nil {
		return err
	}
	status, err := c.lookup(ctx, p.Charge())
	if err != nil {
		return err
	}
	if _, err = c.follow(ctx, *p, status); isVerdict(err) {
		return nil
	}
	return err
}
