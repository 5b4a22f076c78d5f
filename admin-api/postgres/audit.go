package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	adminapi "anteroom/admin-api"
)

// Append implements adminapi.Audit.
func (s *Store) Append(ctx context.Context, e adminapi.Entry) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return translate(appendEntry(ctx, s.pool, e))
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func appendEntry(ctx context.Context, db execer, e adminapi.Entry) error {
	_, err := db.Exec(ctx, `
		INSERT INTO audit (at, actor, role, action, target, outcome, before, after, reason)
		VALUES (clock_timestamp(), $1, $2, $3, $4, $5, $6, $7, $8)`,
		storable(e.Actor), e.Role, e.Action, storable(e.Target), e.Outcome, storableJSON(e.Before), storableJSON(e.After), storable(e.Reason))
	return err
}

// Intend implements adminapi.Audit.
func (s *Store) Intend(ctx context.Context, e adminapi.Entry) (intent int64, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	err = s.pool.QueryRow(ctx, `
		INSERT INTO audit_intents (actor, role, action, target, after) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		storable(e.Actor), e.Role, e.Action, storable(e.Target), storableJSON(e.After)).Scan(&intent)
	return intent, translate(err)
}

// Settle implements adminapi.Audit. Where Recover has been faster, the entry is written nevertheless: the later one tells the end.
func (s *Store) Settle(ctx context.Context, intent int64, e adminapi.Entry) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return translate(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM audit_intents WHERE id = $1`, intent); err != nil {
			return err
		}
		return appendEntry(ctx, tx, e)
	}))
}

// Recover implements adminapi.Audit.
func (s *Store) Recover(ctx context.Context, olderThan time.Duration) (int, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	written, err := s.pool.Exec(ctx, `
		WITH lost AS (
			DELETE FROM audit_intents WHERE at < clock_timestamp() - $1::interval RETURNING *
		)
		INSERT INTO audit (at, actor, role, action, target, outcome, after, reason)
		SELECT clock_timestamp(), actor, role, action, target, 'failed', after,
			'end-unknown: It was begun at ' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' and its end was not recorded; it may be in force.'
		FROM lost ORDER BY id`, olderThan)
	return int(written.RowsAffected()), translate(err)
}

// List implements adminapi.Audit.
func (s *Store) List(ctx context.Context, before int64, limit int) ([]adminapi.Entry, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, `
		SELECT id, at, actor, role, action, target, outcome, before, after, reason
		FROM audit WHERE $1 = 0 OR id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
	if err != nil {
		return nil, translate(err)
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e adminapi.Entry, err error) {
		err = row.Scan(&e.ID, &e.At, &e.Actor, &e.Role, &e.Action, &e.Target, &e.Outcome, (*[]byte)(&e.Before), (*[]byte)(&e.After), &e.Reason)
		e.At = e.At.UTC()
		return e, err
	})
	return entries, translate(err)
}

// storable makes a text one that PostgreSQL can store. What comes here may have been typed by anyone, and an
// audit that a strange letter can prevent is none.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// storableJSON does the same for a JSON object: jsonb refuses the escape of the zero character.
func storableJSON(doc json.RawMessage) []byte {
	if doc == nil {
		return nil
	}
	return bytes.ReplaceAll(bytes.ToValidUTF8(doc, []byte("\uFFFD")), []byte(`\u0000`), []byte(`\ufffd`))
}
