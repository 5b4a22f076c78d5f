package main

import (
	"context"
	"log/slog"
	"time"

	"anteroom/booking"
	"anteroom/booking/postgres"
)

// pulseEvery is how often the time is written for a replica to tell its age by; a seat state from one looks older by up to as much.
const pulseEvery = time.Second

// nearby is the catalogue with a replica, if one is given, and what must run for it.
func nearby(s settings, primary *postgres.Store, log *slog.Logger) (booking.Catalogue, []func(context.Context) error) {
	if s.replica == "" {
		return primary, nil
	}
	pool, err := postgres.Open(s.replica, s.pool)
	if err != nil {
		panic(err) // readSettings has looked at the address
	}
	near := &booking.NearCatalogue{Catalogue: primary, Replica: postgres.NewStore(pool), MaxLag: s.replicaLag}
	return near, []func(context.Context) error{
		every(pulseEvery, func(ctx context.Context) {
			if err := primary.Pulse(ctx); err != nil {
				report(ctx, log, "write the pulse", err)
			}
		}),
		func(ctx context.Context) error { // tasks end when no request is under way any more
			<-ctx.Done()
			pool.Close()
			return nil
		},
	}
}
