package booking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"anteroom/internal/fault"
)

// The kinds of messages that are mails.
const (
	OrderPaid         = "order-paid"
	OrderCancelled    = "order-cancelled"
	TicketTransferred = "ticket-transferred"
	WaitlistOffer     = "waitlist-offer"
)

// OutboxMessage is something that others are to be told, because a transaction said so when it committed.
type OutboxMessage struct {
	ID      int64
	Kind    string
	Key     string // with the kind it names the message: its receiver knows by it what it has had already
	Payload json.RawMessage
	Attempt int // from 1
}

// Name is what the receiver knows the message by.
func (m OutboxMessage) Name() string { return m.Kind + "." + m.Key }

// DeliveryOutcome is how an attempt to deliver a message ended.
type DeliveryOutcome string

// The outcomes.
const (
	Delivered        DeliveryOutcome = "delivered"
	DeliveryRepeated DeliveryOutcome = "repeated" // the receiver had it already, and said so
	DeliveryFailed   DeliveryOutcome = "failed"   // to be tried again
	DeliveryRefused  DeliveryOutcome = "refused"  // for good; trying again would change nothing
)

// Delivery is what came of an attempt.
type Delivery struct {
	Outcome DeliveryOutcome
	Detail  string // what the receiver answered, for people
}

// ErrUndeliverable says that the receiver refuses a message for good: an address that does not exist, for example.
var ErrUndeliverable = fault.New(fault.Invalid, "undeliverable", "The receiver refuses the message for good.")

// Deliver hands one message over. It may be called again for a message that was delivered: the receiver has to know it by its name.
// It returns Delivered or DeliveryRepeated; an error is tried again later, unless it is ErrUndeliverable. Safe for concurrent use.
type Deliver func(ctx context.Context, m OutboxMessage) (Delivery, error)

// Outbox is where messages wait. Its methods fail with "database-unavailable" and "seats-busy".
type Outbox interface {
	// ClaimOutbox takes at most limit messages of these kinds that are due. Nobody else gets them until the lease is over.
	ClaimOutbox(ctx context.Context, kinds []string, limit int, lease time.Duration) ([]OutboxMessage, error)

	// FinishOutbox writes down what came of an attempt. Repeating it changes nothing.
	FinishOutbox(ctx context.Context, m OutboxMessage, d Delivery) error
}

// How a dispatcher works. The lease is longer than a delivery and its bookkeeping may take together, so that only a
// dispatcher that died loses a message to another.
const (
	deliverTimeout  = 20 * time.Second
	outboxLease     = time.Minute
	outboxBatch     = 64
	outboxParallel  = 8
	outboxRetryWait = 5 * time.Second // while the database is away
)

// Dispatcher delivers what waits in the outbox. Any number of them may run, in one process or many. A dispatcher is concerned with its own
// kinds only, so that a receiver that is slow holds up no other. Safe for concurrent use.
type Dispatcher struct {
	outbox Outbox
	routes map[string]Deliver
	kinds  []string
	log    *slog.Logger
}

// NewDispatcher makes a dispatcher of the kinds that have a route.
func NewDispatcher(outbox Outbox, routes map[string]Deliver, log *slog.Logger) *Dispatcher {
	d := &Dispatcher{outbox: outbox, routes: routes, log: log}
	for kind := range routes {
		d.kinds = append(d.kinds, kind)
	}
	slices.Sort(d.kinds)
	return d
}

// Run delivers until ctx ends, looking for new messages every so often. A delivery that is under way then is finished.
func (d *Dispatcher) Run(ctx context.Context, every time.Duration) {
	for {
		wait := every
		n, err := d.Dispatch(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			wait = outboxRetryWait
			if fault.From(err).Code != fault.Unavailable { // /readyz tells of a database that is away
				d.log.Error("the outbox cannot be worked on", "err", err)
			}
		case n == outboxBatch:
			wait = 0 // there is more
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Dispatch delivers one batch of what is due and returns how many messages that were, whatever became of them. The failure of a message is
// written down with it and is no failure of Dispatch.
func (d *Dispatcher) Dispatch(ctx context.Context) (int, error) {
	claim, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	messages, err := d.outbox.ClaimOutbox(claim, d.kinds, outboxBatch, outboxLease)
	if err != nil {
		return 0, err
	}
	var working sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	slots := make(chan struct{}, outboxParallel)
	begun := time.Now()
	for _, m := range messages {
		slots <- struct{}{}
		// What is late in a batch has little left of its lease: the next claim has a new one.
		if time.Since(begun) > outboxLease-deliverTimeout-2*storeTimeout {
			<-slots
			break
		}
		working.Go(func() {
			defer func() { <-slots }()
			if err := d.deliver(context.WithoutCancel(ctx), m); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failures = append(failures, err)
			}
		})
	}
	working.Wait()
	return len(messages), errors.Join(failures...)
}

// deliver makes one attempt and writes down what came of it.
func (d *Dispatcher) deliver(ctx context.Context, m OutboxMessage) error {
	result := d.attempt(ctx, m)
	if result.Outcome == DeliveryFailed || result.Outcome == DeliveryRefused {
		d.log.Warn("a message was not delivered", "kind", m.Kind, "key", m.Key, "attempt", m.Attempt, "outcome", result.Outcome, "err", result.Detail)
	}
	note, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return d.outbox.FinishOutbox(note, m, result)
}

// attempt hands the message over. A panic of a route is that message's failure, not the dispatcher's end.
func (d *Dispatcher) attempt(ctx context.Context, m OutboxMessage) (result Delivery) {
	defer func() {
		if r := recover(); r != nil {
			result = Delivery{Outcome: DeliveryFailed, Detail: fmt.Sprintf("panic: %v", r)}
		}
	}()
	limit, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	result, err := d.routes[m.Kind](limit, m)
	switch {
	case errors.Is(err, ErrUndeliverable):
		return Delivery{Outcome: DeliveryRefused, Detail: err.Error()}
	case err != nil:
		return Delivery{Outcome: DeliveryFailed, Detail: err.Error()}
	}
	return result
}
