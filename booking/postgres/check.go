package postgres

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// One check a file: the name, on its first line what it counts, then a query for one text, sample, a finding. The numbers are
// those of the list in the design; the gaps are listed in notChecked.
//
//go:embed checks/*.sql
var checks embed.FS

var notChecked = []string{
	"acknowledged to the client and not in the database, or the other way round: wants the load test's journal",
	"outbox undelivered or delivered twice: there is no outbox yet",
	"admissions out of order: the waiting room's journal tells, not this database",
	"audit chain broken: the back office's database tells, not this one",
}

// Check looks for everything that must never be, in one snapshot, and changes nothing.
func (s *Store) Check(ctx context.Context) (booking.CheckReport, error) {
	report := booking.CheckReport{OK: true, NotChecked: notChecked}
	entries, err := checks.ReadDir("checks")
	if err != nil {
		return report, err
	}
	// The one place where a snapshot must outlast a statement.
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
		// Counting a large sale may take longer than a step of a sale may, and reads whole tables.
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '5min'; SET LOCAL enable_seqscan = on`); err != nil {
			return err
		}
		for _, e := range entries {
			body, err := checks.ReadFile("checks/" + e.Name())
			if err != nil {
				return err
			}
			r, err := runCheck(ctx, tx, strings.TrimSuffix(e.Name(), ".sql"), string(body))
			if err != nil {
				return err
			}
			report.OK = report.OK && r.Count == 0
			report.Checks = append(report.Checks, r)
		}
		return nil
	})
	return report, err
}

func runCheck(ctx context.Context, tx pgx.Tx, name, body string) (booking.CheckResult, error) {
	first, query, _ := strings.Cut(body, "\n")
	r := booking.CheckResult{Name: name, Wants: strings.TrimPrefix(first, "-- ")}
	err := tx.QueryRow(ctx, `
		WITH found AS MATERIALIZED (`+query+`)
		SELECT (SELECT count(*) FROM found), ARRAY(SELECT coalesce(sample, '?') FROM found LIMIT 10)`).Scan(&r.Count, &r.Samples)
	if err != nil {
		return r, fmt.Errorf("check %s: %w", name, err)
	}
	return r, nil
}
