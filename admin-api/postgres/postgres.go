// Package postgres keeps the back office's staff, sessions and audit in PostgreSQL. Table names are not qualified: the schema is
// the first of search_path in the database's URL.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	adminapi "anteroom/admin-api"
	"anteroom/internal/fault"
)

const (
	connectTimeout = 2 * time.Second
	maxConns       = 8
)

// Store is the sessions and the audit in PostgreSQL. Safe for concurrent use.
type Store struct {
	pool        *pgxpool.Pool
	callTimeout time.Duration // of one call, waiting for a connection included
}

var (
	_ adminapi.SessionStore = (*Store)(nil)
	_ adminapi.Audit        = (*Store)(nil)
)

// Open prepares a store whose calls take no longer than callTimeout each; it fails only for a URL that makes no sense. Connections are made when needed, so a database that is away
// now is used as soon as it is back.
func Open(databaseURL string, callTimeout time.Duration) (*Store, error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	config.MaxConns = maxConns
	if config.ConnConfig.ConnectTimeout == 0 { // the address may say connect_timeout
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("prepare pool: %w", err)
	}
	return &Store{pool: pool, callTimeout: callTimeout}, nil
}

// Close closes all connections, waiting for those in use.
func (s *Store) Close() { s.pool.Close() }

// Ping fails while PostgreSQL does not answer.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("does not answer: %w", err)
	}
	return nil
}

// classes of SQLSTATE that say the database cannot serve now, though it answers: connection failures, resources used
// up, shutdown and start.
var away = []string{"08", "53", "57P"}

// unmigrated are the states that say the schema is not there: serving begins once it has been migrated.
var unmigrated = []string{"42P01", "3F000"}

// translate turns what went wrong into an error the domain knows: "database-unavailable" when it may go right later.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	if lost(err) {
		return unavailable(err)
	}
	code := pgCode(err)
	for _, prefix := range slices.Concat(away, unmigrated) {
		if code != "" && strings.HasPrefix(code, prefix) {
			return unavailable(err)
		}
	}
	return err
}

// lost reports whether PostgreSQL was not reached, did not answer in time or went away in the middle.
func lost(err error) bool {
	var network net.Error
	return errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func unavailable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "database-unavailable", "The back office's database does not answer.").After(2 * time.Second)
}

// bounded gives a call its deadline.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.callTimeout)
}

// pgCode is the SQLSTATE of an error, empty for one that is not PostgreSQL's.
func pgCode(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
