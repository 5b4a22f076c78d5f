// Command booking sells seats: it serves the booking API, and prepares and checks its database.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // shows have time zones, and a container may have no files of them

	"anteroom/internal/service"
)

func main() {
	ctx := context.Background()
	os.Exit(service.Main("booking", os.Args[1:], os.Stderr, map[string]func([]string) error{
		"serve":         func(args []string) error { return serve(ctx, args, os.Stderr, nil) },
		"migrate":       func(args []string) error { return migrate(ctx, args, os.Stdout, os.Stderr) },
		"seed":          func(args []string) error { return seed(ctx, args, os.Stdout, os.Stderr) },
		"pgbouncer":     func(args []string) error { return printPooler(args, os.Stdout, os.Stderr) },
		"import-layout": func(args []string) error { return importLayout(ctx, args, os.Stdout, os.Stderr) },
		"import-seats":  func(args []string) error { return importSeats(ctx, args, os.Stdout, os.Stderr) },
		"export-layout": func(args []string) error { return exportLayout(ctx, args, os.Stdout, os.Stderr) },
		"keys":          func(args []string) error { return keys(args, os.Stdout, os.Stderr) },
		"ticket":        func(args []string) error { return ticket(ctx, args, os.Stdin, os.Stdout, os.Stderr) },
		"check":         func(args []string) error { return check(ctx, args, os.Stdout, os.Stderr) },
	}))
}
