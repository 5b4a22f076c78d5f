// Package testenv gives each test its own corner of the Redis and the PostgreSQL that `make test` starts.
package testenv

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"
)

const howTo = "is not set; run the tests with `make test`, or a single package with\n" +
	"    go run ./infra/local/cmd/backing exec --fast -- go test ./path/to/package"

// cleanupTime bounds what happens after a test.
const cleanupTime = 2 * time.Minute

// RedisEnv is a test's corner of Redis: every key it makes has Prefix in its name.
type RedisEnv struct {
	URL    string
	Prefix string
}

// Redis returns a prefix that no other test uses; the keys with it are deleted when the test is over.
// Without a Redis the test fails.
func Redis(t testing.TB) RedisEnv {
	t.Helper()
	env := RedisEnv{URL: os.Getenv("REDIS_URL"), Prefix: "test-" + unique()}
	if env.URL == "" {
		t.Fatal("REDIS_URL " + howTo)
	}
	options, err := rueidis.ParseURL(env.URL)
	if err != nil {
		t.Fatalf("REDIS_URL: %v", err)
	}
	options.DisableCache = true
	options.Dialer.Timeout, options.ConnWriteTimeout = cleanupTime, cleanupTime
	client, err := rueidis.NewClient(options)
	if err != nil {
		t.Fatalf("the Redis at REDIS_URL: %v", err)
	}
	t.Cleanup(func() {
		defer client.Close()
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		if err := deleteKeys(ctx, client, "*"+env.Prefix+"*"); err != nil {
			t.Errorf("deleting the test's keys: %v", err)
		}
	})
	return env
}

// Patient is the address of a Redis for clients that do not give a connection up, as services do, when a busy machine lets it wait for some seconds.
func Patient(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("dial_timeout", cleanupTime.String())
	q.Set("write_timeout", cleanupTime.String())
	u.RawQuery = q.Encode()
	return u.String()
}

func deleteKeys(ctx context.Context, client rueidis.Client, pattern string) error {
	for cursor := uint64(0); ; {
		page, err := client.Do(ctx, client.B().Scan().Cursor(cursor).Match(pattern).Count(1000).Build()).AsScanEntry()
		if err != nil {
			return err
		}
		for _, key := range page.Elements {
			if err := client.Do(ctx, client.B().Unlink().Key(key).Build()).Error(); err != nil {
				return err
			}
		}
		if cursor = page.Cursor; cursor == 0 {
			return nil
		}
	}
}

// Postgres returns the address of the database with a fresh, empty schema as its search_path; the schema is
// dropped with all that is in it when the test is over. Without a PostgreSQL the test fails.
func Postgres(t testing.TB) string {
	t.Helper()
	address := os.Getenv("DATABASE_URL")
	if address == "" {
		t.Fatal("DATABASE_URL " + howTo)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("DATABASE_URL is not an address of the form postgres://…")
	}
	schema := "test_" + unique()
	execute(t, address, "CREATE SCHEMA "+schema)
	t.Cleanup(func() {
		// A connection that the test forgot would hold its locks: better an error than a test that hangs.
		execute(t, address, "SET lock_timeout = '60s'; DROP SCHEMA "+schema+" CASCADE")
	})
	q := u.Query()
	q.Set("search_path", schema)
	q.Set("connect_timeout", "60") // seconds; a test machine with much else to do is no outage
	u.RawQuery = q.Encode()
	return u.String()
}

func execute(t testing.TB, address, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Errorf("the PostgreSQL at DATABASE_URL: %v", err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Errorf("%s: %v", sql, err)
	}
}

func unique() string { return strings.ToLower(rand.Text()[:13]) }
