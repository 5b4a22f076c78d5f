package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// sessions is how many of PostgreSQL's PgBouncer has for all its clients.
const poolerSessions = 4

// startPooler runs a real PgBouncer in transaction mode in front of the database, with a file as `booking pgbouncer` says it must be, but for
// what drop changes in it, and returns the address through it.
func startPooler(t *testing.T, database string, change func(string) string) string {
	t.Helper()
	find, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	program, err := backing.FindWebServer(find, "pgbouncer")
	require.NoError(t, err)
	var printed bytes.Buffer
	require.NoError(t, printPooler([]string{"--database-url", database}, &printed, &printed))
	connectQuery := regexp.MustCompile(`(?m)^connect_query=.*$`).FindString(printed.String())
	require.NotEmpty(t, connectQuery)
	settings := printed.String()[strings.Index(printed.String(), "pool_mode"):]
	u, err := url.Parse(database)
	require.NoError(t, err)
	password, _ := u.User.Password()
	p, port, err := backing.StartServer(context.Background(), func(port int) process.Spec {
		dir, err := os.MkdirTemp("", "pooler-") // one that another user can reach: it does not run as root
		require.NoError(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		require.NoError(t, os.Chmod(dir, 0o755))
		name := strings.TrimPrefix(u.Path, "/")
		config := fmt.Sprintf("[databases]\n%s = host=%s port=%s dbname=%s user=%s password='%s' %s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
			"unix_socket_dir =\nauth_type = any\nmax_client_conn = 500\ndefault_pool_size = %d\n%s",
			name, u.Hostname(), u.Port(), name, u.User.Username(), password, connectQuery, port, poolerSessions, settings)
		if os.Geteuid() == 0 {
			config += "user = nobody\n"
		}
		file := filepath.Join(dir, "pgbouncer.ini")
		require.NoError(t, os.WriteFile(file, []byte(change(config)), 0o644))
		return process.Spec{Name: "pgbouncer", Path: program.Path, Args: []string{file}, Env: append(os.Environ(), program.Env...), Dir: dir, Log: filepath.Join(t.TempDir(), "log")}
	}, backing.Accepts)
	require.NoError(t, err)
	t.Cleanup(func() {
		stop, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = p.Stop(stop)
		if t.Failed() {
			t.Logf("the end of the log of PgBouncer:\n%s", p.Tail(30))
		}
	})
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	return u.String()
}

func asPrinted(config string) string { return config }

func TestThePurchasesOfACrowdGoThroughPgBouncer(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{settings: func(set *settings) {
		set.database, set.pool = startPooler(t, set.database, asPrinted), 32
	}})
	require.Eventually(t, func() bool { return s.ready() == 200 }, patience, 20*time.Millisecond)
	const buyers = 24
	seats := s.small[:2*buyers]
	var crowd sync.WaitGroup
	for i := range buyers {
		crowd.Go(func() {
			b := s.guest()
			if bought := b.buy(seats[2*i], seats[2*i+1]); len(bought.Tickets) != 2 {
				t.Errorf("%d tickets", len(bought.Tickets))
			}
			b.do("GET", "/api/v1/shows/small/seats/state", "").want(200)
			b.do("GET", "/api/v1/orders", "").want(200)
		})
	}
	crowd.Wait()
	require.Equal(t, 2*buyers, query[int](s, `SELECT count(*) FROM tickets WHERE state = 'valid'`))
	s.allZero()
}

func TestAPoolerThatSwallowsTheSettingsIsNoticed(t *testing.T) {
	t.Parallel()
	var through string
	s := newSystem(t, change{settings: func(set *settings) {
		schema := regexp.MustCompile(`set_config\(''search_path'', ''(\w+)'', false\)`)
		through = startPooler(t, set.database, func(config string) string {
			path := schema.FindString(config)
			require.NotEmpty(t, path)
			return regexp.MustCompile(`(?m)connect_query='.*'$`).ReplaceAllLiteralString(config, "connect_query='SELECT "+path+"'")
		})
		set.database = through
	}})
	b := s.browser()
	require.Eventually(t, func() bool {
		a, err := b.client.Get(s.ops + "/readyz")
		if err != nil {
			return false
		}
		defer a.Body.Close()
		var text bytes.Buffer
		_, _ = text.ReadFrom(a.Body)
		return a.StatusCode == 503 && strings.Contains(text.String(), "lock_timeout") && strings.Contains(text.String(), "booking pgbouncer")
	}, patience, 20*time.Millisecond)
}

// TestStatementsWithNamesDoNotGoThroughPgBouncer is the control: the same statements, with the mode that pgx has by itself, go wrong; so the pooler does
// give each transaction another session.
func TestStatementsWithNamesDoNotGoThroughPgBouncer(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	config, err := pgxpool.ParseConfig(startPooler(t, s.databaseURL, asPrinted))
	require.NoError(t, err)
	config.MaxConns = 32
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(t, err)
	defer pool.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var wrong sync.Once
	var crowd sync.WaitGroup
	for range 32 {
		crowd.Go(func() {
			for ctx.Err() == nil {
				var n int
				if err := pool.QueryRow(ctx, `SELECT count(*) FROM shows WHERE id > $1`, 0).Scan(&n); err != nil && ctx.Err() == nil {
					wrong.Do(func() { t.Logf("as it should: %v", err) })
					cancel()
				}
			}
		})
	}
	crowd.Wait()
	require.ErrorIs(t, ctx.Err(), context.Canceled, "nothing went wrong")
}
