package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// Numbered, forward only, one transaction each.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema named first in the search_path of the address to the newest version, making it if it is
// absent, and returns how many migrations it applied. Callers at the same time wait for each other.
func Migrate(ctx context.Context, url string) (applied int, err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return 0, errors.New("the database address cannot be read")
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
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

// prepareSchema makes the schema while holding a lock that a second migration of it waits for.
func prepareSchema(ctx context.Context, db *sql.DB, schema string) (unlock func(), err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	// A session lock, given back with the connection; it is no part of a sale, so its key may be a hash.
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtextextended('booking migrate ' || $1, 0))`, schema); err != nil {
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
	if first = strings.Trim(strings.TrimSpace(first), `"`); first != "" {
		return first
	}
	return "public"
}

// schemaVersion is the number of the newest migration.
var schemaVersion = sync.OnceValue(func() int64 {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		panic(err) // embedded
	}
	var newest int64
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
})
