package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"anteroom/booking"
	"anteroom/booking/postgres"
	"anteroom/internal/service"
)

const checkTimeout = 30 * time.Minute

var errFindings = errors.New("the checker found something")

func check(ctx context.Context, args []string, out, errOut io.Writer) error {
	var asJSON bool
	var journals string
	url, err := databaseFlags("check", args, errOut, func(f *service.Flags) {
		f.Bool(&asJSON, "json", false, "print the report as JSON")
		f.String(&journals, "journal", "", "files with what clients were told, JSON lines, may be gzipped, separated by commas: they are held against the database")
	})
	if err != nil {
		return err
	}
	journal, err := readJournals(journals)
	if err != nil {
		return err
	}
	return withStore(ctx, url, checkTimeout, func(ctx context.Context, store *postgres.Store) error {
		report, err := store.Check(ctx)
		if err != nil {
			return err
		}
		if journal == nil {
			report.NotChecked = []string{
				"acknowledged to the client and not in the database, or the other way round: wants --journal",
				"admissions out of order: wants --journal",
			}
		} else {
			results, err := store.CheckJournal(ctx, journal)
			if err != nil {
				return err
			}
			report.Add(results...)
		}
		if err := printReport(out, report, asJSON); err != nil {
			return err
		}
		if !report.OK {
			return errFindings
		}
		return nil
	})
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
		fmt.Fprintf(out, "      –  not checked: %s\n", n)
	}
	verdict := "all zero"
	if !report.OK {
		verdict = "NOT all zero"
	}
	_, err := fmt.Fprintf(out, "booking check: %s\n", verdict)
	return err
}
