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
// those of the list in the design; 11 and 14 want a client's journal (CheckJournal).
//
//go:embed checks/*.sql
var checks embed.FS

// Check looks for everything that must never be, in one snapshot, and changes nothing.
func (s *Store) Check(ctx context.Context) (booking.CheckReport, error) {
	report := booking.CheckReport{OK: true}
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
			report.Add(r)
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
