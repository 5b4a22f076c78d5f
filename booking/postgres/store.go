// Package postgres keeps the booking in PostgreSQL, which is the truth. The steps of a sale are functions of the
// database (migrations/), one round trip each; this package calls them and turns their outcomes into the domain's errors.
package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
)

const (
	lockTimeout      = 300 * time.Millisecond // a crowd on one seat is turned away rather than queued
	statementTimeout = 5 * time.Second
	connectTimeout   = 2 * time.Second
)

// Store implements the domain's storage on a pool of connections. Safe for concurrent use.
type Store struct {
	pool        *pgxpool.Pool
	sessionGood atomic.Bool // checkSession has found nothing wrong
}

var (
	_ booking.Catalogue = (*Store)(nil)
	_ booking.Holds     = (*Store)(nil)
	_ booking.Orders    = (*Store)(nil)
	_ booking.Buyers    = (*Store)(nil)
)

// NewStore makes a store on the pool, which stays the caller's.
func NewStore(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Open makes a pool of at most size connections. It connects when first used, so it succeeds while
// PostgreSQL is away; it fails only when the address cannot be read. The error does not show the address: it holds a password.
func Open(url string, size int) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read")
	}
	config.MaxConns = int32(size)
	if config.ConnConfig.ConnectTimeout == 0 { // the address may say connect_timeout
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	setSession(config.ConnConfig)
	return pgxpool.NewWithConfig(context.Background(), config)
}

// CheckAddress fails when Open would.
func CheckAddress(url string) error {
	_, err := pgxpool.ParseConfig(url)
	return err
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// answer is what a function of the database returns: an outcome and what belongs to it.
type answer struct {
	Outcome     string               `json:"outcome"`
	SeatIDs     []int64              `json:"seat_ids"`
	Hold        booking.Hold         `json:"hold"`
	Holds       []booking.Hold       `json:"holds"`
	Together    *int                 `json:"together"`
	Available   *int                 `json:"available"`
	Order       *booking.Order       `json:"order"`
	OrderID     string               `json:"order_id"`
	PaymentID   string               `json:"payment_id"`
	State       string               `json:"state"`
	OnSaleAt    string               `json:"on_sale_at"`
	MaxPerBuyer int                  `json:"max_per_buyer"`
	Waiting     booking.WaitingPlace `json:"waiting"`
	paymentAnswer
}

// call runs a function of the database and decodes its answer; an outcome that is a refusal is returned as the domain's error.
func (s *Store) call(ctx context.Context, sql string, args ...any) (answer, error) {
	var body []byte
	if err := s.pool.QueryRow(ctx, sql, args...).Scan(&body); err != nil {
		return answer{}, failure(err)
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return answer{}, fmt.Errorf("decode answer of the database: %w", err)
	}
	return a, refusal(a)
}

func (a answer) order() booking.Order {
	if a.Order == nil {
		return booking.Order{}
	}
	return *a.Order
}

// Ready fails unless the database answers and its schema is the one this program was made for.
func (s *Store) Ready(ctx context.Context) error {
	var version int64
	err := s.pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if isUndefinedTable(err) {
		return fmt.Errorf("the schema is missing: run booking migrate")
	}
	if err != nil {
		return fmt.Errorf("not reachable: %w", err)
	}
	if want := schemaVersion(); version != want {
		return fmt.Errorf("the schema has version %d, this program wants %d: run booking migrate", version, want)
	}
	return s.checkSession(ctx)
}

// collect reads rows into values by position.
func collect[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, failure(err)
	}
	values, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, failure(err)
	}
	return values, nil
}
