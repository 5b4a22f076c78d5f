package postgres

import (
	"context"
	"embed"
	"io/fs"
	"sync"

	"anteroom/internal/migrate"
)

// Numbered, forward only, one transaction each.
//
//go:embed migrations/*.sql
var embedded embed.FS

var migrations = sync.OnceValue(func() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // embedded
	}
	return files
})

// Migrate brings the schema named first in the search_path of the address to the newest version, making it if it is
// absent, and returns how many migrations it applied. Callers at the same time wait for each other.
func Migrate(ctx context.Context, url string) (applied int, err error) {
	return migrate.Up(ctx, url, migrations())
}

// schemaVersion is the number of the newest migration.
var schemaVersion = sync.OnceValue(func() int64 {
	newest, err := migrate.Newest(migrations())
	if err != nil {
		panic(err) // embedded
	}
	return newest
})
