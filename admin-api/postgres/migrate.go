package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate makes the schema named first in search_path if it is absent and brings it up to date, one transaction a migration.
// It returns how many migrations were applied.
func Migrate(ctx context.Context, databaseURL string) (applied int, err error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return 0, fmt.Errorf("database URL: %w", err)
	}
	config.ConnectTimeout = connectTimeout
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := makeSchema(ctx, db, config.RuntimeParams["search_path"]); err != nil {
		return 0, err
	}
	provider, err := newProvider(db)
	if err != nil {
		return 0, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	return len(results), nil
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

func makeSchema(ctx context.Context, db *sql.DB, searchPath string) error {
	first, _, _ := strings.Cut(searchPath, ",")
	first = strings.Trim(strings.TrimSpace(first), `"`)
	if first == "" || first == "$user" {
		return nil
	}
	if _, err := db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pgx.Identifier{first}.Sanitize()); err != nil {
		return fmt.Errorf("make schema %s: %w", first, err)
	}
	return nil
}

// Current fails while the schema is not the one this program wants, and says what to do.
func (s *Store) Current(ctx context.Context) error {
	var have int64
	err := s.pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have)
	if pgCode(err) == "42P01" || pgCode(err) == "3F000" {
		return errors.New("is not migrated: run admin-api migrate")
	}
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	// Migrations are numbered from 1 without gaps, so their count is the newest version.
	if want := int64(len(files)); have < want {
		return fmt.Errorf("is at version %d, %d is wanted: run admin-api migrate", have, want)
	}
	return nil
}
