package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
	"anteroom/internal/testenv"
)

func run(args ...string) (code int, printed string) {
	var out strings.Builder
	code = service.Main("admin-api", args, &out, commands())
	return code, out.String()
}

func TestMigrateAndSeedCommands(t *testing.T) {
	t.Parallel()
	databaseURL := testenv.Postgres(t)
	code, printed := run("seed", "--database-url", databaseURL)
	require.Equal(t, 1, code)
	require.Contains(t, printed, "run admin-api migrate")
	for range 2 { // each is idempotent
		code, printed = run("migrate", "--database-url", databaseURL)
		require.Zero(t, code, printed)
		code, printed = run("seed", "--database-url", databaseURL)
		require.Zero(t, code, printed)
	}
}

func TestKeysInitCommand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "private", "keys.json")
	code, printed := run("keys", "init", "--keys-file", path)
	require.Zero(t, code, printed)
	first, err := os.ReadFile(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	code, _ = run("keys", "init", "--keys-file", path)
	require.Zero(t, code)
	second, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, first, second, "keys that are there are left as they are")
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"no command":            {nil, 2},
		"unknown command":       {[]string{"sail"}, 2},
		"unknown flag":          {[]string{"serve", "--colour", "red"}, 2},
		"argument too many":     {[]string{"migrate", "now"}, 2},
		"keys without init":     {[]string{"keys"}, 2},
		"bad switch":            {[]string{"serve", "--secure-cookies=perhaps"}, 2},
		"bad database":          {[]string{"serve", "--database-url", "postgres://x:y@h:port/"}, 2},
		"bad database, migrate": {[]string{"migrate", "--database-url", "postgres://x:y@h:port/"}, 2},
		"bad gateway":           {[]string{"serve", "--waitroom-url", "127.0.0.1:9080"}, 2},
		"bad booking":           {[]string{"serve", "--booking-url", "ftp://h"}, 2},
		"no keys":               {[]string{"serve", "--keys-file", "/nowhere/keys.json"}, 1},
		"help":                  {[]string{"--help"}, 0},
		"help of serve":         {[]string{"serve", "--help"}, 0},
		"help of keys":          {[]string{"keys", "--help"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			code, _ := run(c.args...)
			require.Equal(t, c.code, code)
		})
	}
}
