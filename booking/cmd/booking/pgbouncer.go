package main

import (
	"fmt"
	"io"
	"strings"

	"anteroom/booking/postgres"
)

// printPooler prints what pgbouncer.ini must say for the service to run behind PgBouncer in transaction mode.
func printPooler(args []string, out, errOut io.Writer) error {
	url, err := databaseFlags("pgbouncer", args, errOut, nil)
	if err != nil {
		return err
	}
	ignored, query, err := postgres.PoolerSettings(url)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `; For [databases], at the end of the line of the service's database:
connect_query='%s'
; For [pgbouncer]:
pool_mode = transaction
ignore_startup_parameters = %s
`, strings.ReplaceAll(query, "'", "''"), ignored)
	return err
}
