package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"anteroom/booking"
	"anteroom/booking/postgres"
	"anteroom/internal/fault"
)

const (
	sweepBatch  = 100 // holds a transaction
	sweepRounds = 20  // transactions a sweep
)

func background(run func(context.Context)) func(context.Context) error {
	return func(ctx context.Context) error {
		run(ctx)
		return nil
	}
}

// every runs the work again and again, with a pause in between, until the context ends.
func every(pause time.Duration, work func(context.Context)) func(context.Context) error {
	return background(func(ctx context.Context) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
				work(ctx)
			}
		}
	})
}

// sweep tidies what has run out, a bounded amount at a time.
func sweep(ctx context.Context, store *postgres.Store, log *slog.Logger) {
	for range sweepRounds {
		n, err := store.SweepHolds(ctx, sweepBatch)
		if err != nil {
			report(ctx, log, "tidy holds", err)
			return
		}
		if n < sweepBatch {
			break
		}
	}
	if _, err := store.SweepWebhooks(ctx, sweepBatch*sweepRounds); err != nil {
		report(ctx, log, "tidy webhooks", err)
	}
	if _, err := store.SweepSessions(ctx, sweepBatch*sweepRounds); err != nil {
		report(ctx, log, "tidy sessions", err)
	}
}

// offer offers seats that have come back to who is on a waiting list.
func offer(ctx context.Context, store *postgres.Store, deadline time.Duration, log *slog.Logger) {
	made, err := store.OfferSeats(ctx, deadline)
	if made > 0 {
		log.Info("offered seats to the waiting lists", "offers", made)
	}
	if err != nil {
		report(ctx, log, "offer seats", err)
	}
}

func reconcile(ctx context.Context, checkout *booking.Checkout, age time.Duration, log *slog.Logger) {
	done, err := checkout.Reconcile(ctx, age)
	if done != (booking.Reconciled{}) {
		log.Info("reconciled", "captured", done.Captured, "reverted", done.Reverted, "refunded", done.Refunded)
	}
	if err != nil {
		report(ctx, log, "reconcile payments", err)
	}
}

// report logs a failure of background work. A database that is away is told by /readyz and need not be repeated here.
func report(ctx context.Context, log *slog.Logger, work string, err error) {
	if ctx.Err() != nil || errors.Is(err, booking.ErrBusy) || fault.From(err).Code == fault.Unavailable {
		return
	}
	log.Error("background work failed", "work", work, "err", err)
}
