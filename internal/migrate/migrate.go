// Package migrate brings a PostgreSQL schema to the newest of a service's embedded migrations: numbered from 1, forward only,
// one transaction each.
package migrate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const connectTimeout = 5 * time.Second

// Up makes the schema named first in the address's search_path (public when none is), if it is absent, applies the
// migrations that it lacks, and returns how many those were. Callers at the same time wait for each other.
// No error shows the address, which may hold a password.
func Up(ctx context.Context, databaseURL string, files fs.FS) (applied int, err error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return 0, errors.New("the database address cannot be read")
	}
	if config.ConnectTimeout == 0 { // the address may say connect_timeout
		config.ConnectTimeout = connectTimeout
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	unlock, err := prepareSchema(ctx, db, schemaOf(config))
	if err != nil {
		return 0, err
	}
	defer unlock()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return len(results), fmt.Errorf("migrate: %w", err)
	}
	return len(results), nil
}

// Newest is the number of the newest migration, 0 when there is none. Files are named as in 00001_shows.sql.
func Newest(files fs.FS) (newest int64, err error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("the migration %s has no number", name)
		}
		newest = max(newest, n)
	}
	return newest, nil
}

// prepareSchema makes the schema while holding a lock that a second migration of it waits for.
func prepareSchema(ctx context.Context, db *sql.DB, schema string) (unlock func(), err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	// A session lock, given back with the connection; it is no part of a sale, so its key may be a hash.
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtextextended('migrate ' || $1, 0))`, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("wait for another migration: %w", err), conn.Close())
	}
	unlock = func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock_all()`); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // a connection that kept the lock must not go back to the pool
		}
		conn.Close()
	}
	if _, err := conn.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{schema}.Sanitize()); err != nil {
		unlock()
		return nil, fmt.Errorf("make schema %s: %w", schema, err)
	}
	return unlock, nil
}

// schemaOf is the schema named first in the search_path; public when none is.
func schemaOf(config *pgx.ConnConfig) string {
	first, _, _ := strings.Cut(config.RuntimeParams["search_path"], ",")
	if first = strings.Trim(strings.TrimSpace(first), `"`); first != "" && first != "$user" {
		return first
	}
	return "public"
}
