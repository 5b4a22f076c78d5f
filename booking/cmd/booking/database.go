package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/booking/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// How long a command waits for the database.
const (
	migrateTimeout = 5 * time.Minute
	seedTimeout    = time.Minute
)

// databaseFlags reads the settings that all commands on the database have, and those that more adds.
func databaseFlags(command string, args []string, errOut io.Writer, more func(*service.Flags)) (url string, err error) {
	f := service.NewFlags("booking "+command, envPrefix, errOut)
	f.String(&url, "database-url", defaultDatabase, databaseUsage)
	if more != nil {
		more(f)
	}
	rest, err := f.Parse(args)
	if err == nil && len(rest) > 0 {
		err = f.Fail(errors.New("takes no arguments but flags"))
	}
	return url, err
}

func migrate(ctx context.Context, args []string, out, errOut io.Writer) error {
	url, err := databaseFlags("migrate", args, errOut, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, migrateTimeout)
	defer cancel()
	n, err := postgres.Migrate(ctx, url)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "booking: %d migrations applied, the schema is current\n", n)
	return nil
}

func seed(ctx context.Context, args []string, out, errOut io.Writer) error {
	url, err := databaseFlags("seed", args, errOut, nil)
	if err != nil {
		return err
	}
	return withStore(ctx, url, seedTimeout, func(ctx context.Context, store *postgres.Store) error {
		for _, show := range demo.Shows() {
			created, err := store.SeedShow(ctx, show)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "booking: show %s, %d seats: %s\n", show.Slug, show.Layout.Seats(), made(created))
		}
		created, err := seedBuyer(ctx, store)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "booking: buyer %s: %s\n", demo.BuyerEmail, made(created))
		return nil
	})
}

// withStore lets a command work on the database, for at most so long.
func withStore(ctx context.Context, url string, limit time.Duration, work func(context.Context, *postgres.Store) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	pool, err := postgres.Open(url, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	return work(ctx, postgres.NewStore(pool))
}

func seedBuyer(ctx context.Context, store *postgres.Store) (created bool, err error) {
	hash, err := auth.HashPassword(demo.BuyerPassword)
	if err != nil {
		return false, err
	}
	_, digest := auth.NewSecret() // a session nobody has the token of
	_, err = store.CreateAccount(ctx, nil, demo.BuyerEmail, demo.BuyerName, hash, digest)
	if errors.Is(err, booking.ErrEmailTaken) {
		return false, nil
	}
	return err == nil, err
}

func made(created bool) string {
	if created {
		return "made"
	}
	return "was there"
}
