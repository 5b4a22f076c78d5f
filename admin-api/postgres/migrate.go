package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"anteroom/internal/migrate"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrate brings the schema named first in the search_path of the address to the newest version, making it if it is
// absent, and returns how many migrations it applied. Callers at the same time wait for each other.
func Migrate(ctx context.Context, databaseURL string) (applied int, err error) {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	return migrate.Up(ctx, databaseURL, files)
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
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	want, err := migrate.Newest(files)
	if err != nil {
		return err
	}
	if have < want {
		return fmt.Errorf("is at version %d, %d is wanted: run admin-api migrate", have, want)
	}
	return nil
}
