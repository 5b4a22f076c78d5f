package main

import (
	"context"
	"encoding/json"
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
	checkTimeout   = 30 * time.Minute
)

var errFindings = errors.New("the checker found something")

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
	ctx, cancel := context.WithTimeout(ctx, seedTimeout)
	defer cancel()
	pool, err := postgres.Open(url, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	store := postgres.NewStore(pool)
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

func check(ctx context.Context, args []string, out, errOut io.Writer) error {
	var asJSON bool
	url, err := databaseFlags("check", args, errOut, func(f *service.Flags) {
		f.Bool(&asJSON, "json", false, "print the report as JSON")
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	pool, err := postgres.Open(url, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	report, err := postgres.NewStore(pool).Check(ctx)
	if err != nil {
		return err
	}
	if err := printReport(out, report, asJSON); err != nil {
		return err
	}
	if !report.OK {
		return errFindings
	}
	return nil
}

func printReport(out io.Writer, report booking.CheckReport, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(report)
	}
	for _, c := range report.Checks {
		fmt.Fprintf(out, "%7d  %s\n", c.Count, c.Name)
		for _, s := range c.Samples {
			fmt.Fprintf(out, "         · %s\n", s)
		}
	}
	for _, n := range report.NotChecked {
		fmt.Fprintf(out, "      –  not checked yet: %s\n", n)
	}
	verdict := "all zero"
	if !report.OK {
		verdict = "NOT all zero"
	}
	_, err := fmt.Fprintf(out, "booking check: %s\n", verdict)
	return err
}
