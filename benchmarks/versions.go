package benchmarks

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"
)

// RedisVersion asks a Redis for its version.
func RedisVersion(ctx context.Context, address string) (string, error) {
	option, err := rueidis.ParseURL(address)
	if err != nil {
		return "", fmt.Errorf("REDIS_URL: %w", err)
	}
	option.DisableCache = true
	client, err := rueidis.NewClient(option)
	if err != nil {
		return "", fmt.Errorf("redis: %w", err)
	}
	defer client.Close()
	info, err := client.Do(ctx, client.B().Info().Section("server").Build()).ToString()
	if err != nil {
		return "", fmt.Errorf("redis: %w", err)
	}
	for line := range strings.Lines(info) {
		if version, ok := strings.CutPrefix(strings.TrimSpace(line), "redis_version:"); ok {
			return version, nil
		}
	}
	return "", fmt.Errorf("redis does not tell its version: no figure is taken on an embedded one")
}

// PostgresVersion asks a PostgreSQL for its version.
func PostgresVersion(ctx context.Context, address string) (string, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return "", fmt.Errorf("postgresql: %w", err)
	}
	defer conn.Close(ctx)
	var version string
	if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return "", fmt.Errorf("postgresql: %w", err)
	}
	version, _, _ = strings.Cut(version, " ") // without the packager's remark
	return version, nil
}
