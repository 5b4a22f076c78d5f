package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/admin-api/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/service"
)

// commandTimeout bounds the commands that end by themselves.
const commandTimeout = time.Minute

func commands() map[string]func(args []string) error {
	return map[string]func(args []string) error{
		"serve":   serveCommand,
		"keys":    keysCommand,
		"migrate": migrateCommand,
		"seed":    seedCommand,
	}
}

func keysCommand(args []string) error {
	var path string
	f := service.NewFlags("admin-api keys init", "ADMIN", os.Stderr)
	keysFlag(f, &path)
	if len(args) == 0 || (args[0] != "init" && args[0] != "--help") {
		return f.Fail(errors.New("the command is: keys init"))
	}
	if args[0] == "init" {
		args = args[1:]
	}
	if err := parse(f, args); err != nil {
		return err
	}
	created, err := auth.InitKeys(path)
	if err != nil {
		return err
	}
	if !created {
		fmt.Println("the key file", path, "is there already; it was left as it is")
		return nil
	}
	fmt.Println("made the key file", path)
	return nil
}

func migrateCommand(args []string) error {
	databaseURL, err := databaseArgs("admin-api migrate", args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	applied, err := postgres.Migrate(ctx, databaseURL)
	if err != nil {
		return err
	}
	fmt.Println("migrations applied:", applied)
	return nil
}

func seedCommand(args []string) error {
	databaseURL, err := databaseArgs("admin-api seed", args)
	if err != nil {
		return err
	}
	store, err := postgres.Open(databaseURL, callTimeout)
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	if err := store.Current(ctx); err != nil {
		return fmt.Errorf("the schema %w", err)
	}
	made, err := store.Seed(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("demo staff: %d made, %d in all\n", made, len(postgres.DemoStaff))
	return nil
}

func databaseArgs(command string, args []string) (databaseURL string, err error) {
	f := service.NewFlags(command, "ADMIN", os.Stderr)
	databaseFlag(f, &databaseURL)
	if err := parse(f, args); err != nil {
		return "", err
	}
	if err := checkDatabaseURL(databaseURL); err != nil {
		return "", f.Fail(err)
	}
	return databaseURL, nil
}

func databaseFlag(f *service.Flags, p *string) {
	f.String(p, "database-url", "postgres://127.0.0.1:5432/anteroom?search_path=admin", "PostgreSQL, URL; the schema is the first of search_path")
}

func keysFlag(f *service.Flags, p *string) {
	f.String(p, "keys-file", ".run/admin-api.keys.json", "private keys of staff tokens, file made by keys init, mode 0600")
}

// checkDatabaseURL does not show the URL: it may hold a password.
func checkDatabaseURL(databaseURL string) error {
	if _, err := pgx.ParseConfig(databaseURL); err != nil {
		return errors.New("--database-url is not a PostgreSQL URL")
	}
	return nil
}

func parse(f *service.Flags, args []string) error {
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(fmt.Errorf("there is an argument too many: %q", rest[0]))
	}
	return nil
}
