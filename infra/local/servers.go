package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"anteroom/internal/backing"
)

func (s *System) startBacking(ctx context.Context) error {
	b, err := backing.Start(ctx, s.backingOptions())
	if err != nil {
		return err
	}
	s.backings = append(s.backings, b)
	s.Redis, s.RedisSource, s.PostgresSource = "real", b.RedisSource, b.PostgresSource
	if b.RedisSource == backing.Embedded {
		s.Redis = "embedded"
	}
	for _, p := range b.Children {
		s.watch(p)
	}
	if s.RedisURL, err = s.via("redis", b.RedisURL); err != nil {
		return err
	}
	database, err := s.via("postgres", b.DatabaseURL)
	if err != nil {
		return err
	}
	if s.DatabaseURL, err = withSchema(database, "booking", s.o.Namespace); err != nil {
		return err
	}
	s.AdminDatabaseURL, err = withSchema(database, "admin", s.o.Namespace)
	return err
}

func (s *System) backingOptions() backing.Options {
	return backing.Options{Dir: s.o.Dir, Fast: s.o.Fast, CrashSafe: s.o.CrashSafe, Progress: s.say,
		RedisURL: s.o.RedisURL, DatabaseURL: s.o.DatabaseURL, AllowEmbeddedRedis: s.o.AllowEmbeddedRedis,
		EmbeddedRedis: s.o.EmbeddedRedis, EmbeddedPostgres: s.o.EmbeddedPostgres}
}

// via is the address by which the programs find a part.
func (s *System) via(part, address string) (string, error) {
	if s.o.Via == nil {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("the address of %s cannot be read", part) // it may hold a password
	}
	if u.Host, err = s.o.Via(part, u.Host); err != nil {
		return "", fmt.Errorf("the way to %s: %w", part, err)
	}
	return u.String(), nil
}

// withSchema names the schema that a service's tables are in.
func withSchema(address, schema, namespace string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("DATABASE_URL is not an address of the form postgres://…") // it may hold a password
	}
	if namespace != "" {
		schema += "_" + namespace
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
