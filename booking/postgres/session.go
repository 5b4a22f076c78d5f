package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sessionSettings are what every connection of the service has set.
var sessionSettings = map[string]string{
	"lock_timeout":                        millis(lockTimeout),
	"statement_timeout":                   millis(statementTimeout),
	"idle_in_transaction_session_timeout": millis(statementTimeout),
	"jit":                                 "off", // short statements: compiling one costs more than it saves
	// A connection keeps the plan it made while a table was small; in a surge the table is large a minute later. There is an
	// index for every statement of a sale, so reading a whole table is never the better plan.
	"enable_seqscan": "off",
	// Every statement is found by key, so its plan does not depend on what is asked for, and planning the joins of an order anew costs
	// ten times what they take: 3,000 visitors of the load laboratory took 22 s of PostgreSQL's time without this and 18 s with it.
	"plan_cache_mode": "force_generic_plan",
	// The protocol of a hold needs a snapshot from after the wait for a lock; a higher level keeps the one from before.
	"default_transaction_isolation": "read committed",
}

// setSession sets up the connections of a pool. They carry their settings in the message that opens a session, and use no statement that
// the server remembers by name: so they work through a pooler that gives each transaction another session (see PoolerSettings).
func setSession(config *pgx.ConnConfig) {
	maps.Copy(config.RuntimeParams, sessionSettings)
	config.RuntimeParams["application_name"] = "booking"
	config.RuntimeParams["timezone"] = "UTC"
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
}

// PoolerSettings are the two lines of pgbouncer.ini that make PgBouncer in transaction mode set its sessions up as the service would: it is to ignore the settings
// that the service sends, because it cannot keep them for one client, and to set the same ones itself. It fails when the address cannot be read.
func PoolerSettings(url string) (ignored, connectQuery string, err error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return "", "", fmt.Errorf("the database address cannot be read")
	}
	set := maps.Clone(sessionSettings)
	for name, value := range config.RuntimeParams { // search_path, most of all
		set[name] = value
	}
	var calls []string
	names := slices.Sorted(maps.Keys(set))
	for _, name := range names {
		calls = append(calls, fmt.Sprintf("set_config('%s', '%s', false)", name, strings.ReplaceAll(set[name], "'", "''")))
	}
	return strings.Join(names, ", "), "SELECT " + strings.Join(calls, ", "), nil
}

// checkSession fails when the sessions lack a setting that correctness or speed rests on: a pooler in between has swallowed it.
func (s *Store) checkSession(ctx context.Context) error {
	if s.sessionGood.Load() {
		return nil
	}
	rows, err := s.pool.Query(ctx, `SELECT name, setting FROM pg_settings WHERE name = ANY ($1)`, slices.Collect(maps.Keys(sessionSettings)))
	if err != nil {
		return err
	}
	var name, value string
	var wrong []string
	if _, err := pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		if value != sessionSettings[name] {
			wrong = append(wrong, name)
		}
		return nil
	}); err != nil {
		return err
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("a pooler does not set %s: give it what booking pgbouncer prints", strings.Join(wrong, ", "))
	}
	s.sessionGood.Store(true)
	return nil
}
