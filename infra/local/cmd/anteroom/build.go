package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anteroom/internal/backing/process"
)

// builder makes the programs and the web apps, each only when its sources have changed.
type builder struct {
	root, dir string
	say       func(line string)
	held      *process.Lock
}

// lock keeps two starts from building in the same folder at once. The folder's other lock, that of the
// running system, is looked at first, so that a second start is refused before it builds anything.
func (b *builder) lock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	running, err := process.Acquire(ctx, filepath.Join(b.dir, "lock"), b.say)
	if err != nil {
		return err
	}
	running.Release()
	b.held, err = process.Acquire(ctx, filepath.Join(b.dir, "build.lock"), b.say)
	return err
}

func (b *builder) unlock() { b.held.Release() }

// programs builds the services; Go's own cache makes it quick when nothing has changed.
func (b *builder) programs(ctx context.Context, bin string) error {
	began := time.Now()
	b.say("programs: building with go build (the first time takes a minute or two)")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	err := b.command(ctx, b.root, "go", "build", "-o", bin+string(filepath.Separator),
		"./waitroom/cmd/waitroom", "./booking/cmd/booking", "./admin-api/cmd/admin-api")
	if err == nil {
		b.say(fmt.Sprintf("programs: built after %s", time.Since(began).Round(100*time.Millisecond)))
	}
	return err
}

// apps are the web apps: folders below spa/apps, and below the folder that the gateway serves.
var apps = []string{"client", "admin", "accounts"}

// web builds the web apps into the folder out, unless it holds what the present sources give.
func (b *builder) web(ctx context.Context, out string) error {
	began := time.Now()
	spa := filepath.Join(b.root, "spa")
	sources, err := hashFiles(b.root, []string{"spa", "waitroom/openapi.yaml", "booking/openapi.yaml", "admin-api/openapi.yaml"})
	if err != nil {
		return fmt.Errorf("the web apps cannot be built (--no-web leaves them out): %w", err)
	}
	mark := filepath.Join(out, "built-from")
	if read(mark) == sources {
		b.say("web apps: unchanged")
		return nil
	}
	b.say("web apps: getting their packages from npm, where that is not done yet")
	if err := b.command(ctx, spa, "bash", "install.sh"); err != nil {
		return err
	}
	b.say("web apps: building with npm run build")
	if err := b.command(ctx, spa, "npm", "run", "build"); err != nil {
		return err
	}
	fresh := out + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	for _, app := range apps {
		if err := os.CopyFS(filepath.Join(fresh, app), os.DirFS(filepath.Join(spa, "apps", app, "dist"))); err != nil {
			return fmt.Errorf("the built app %s: %w", app, err)
		}
	}
	if err := os.WriteFile(filepath.Join(fresh, "built-from"), []byte(sources), 0o644); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.Rename(fresh, out); err != nil {
		return err
	}
	b.say(fmt.Sprintf("web apps: built after %s", time.Since(began).Round(100*time.Millisecond)))
	return nil
}

// command runs a building program; its output is shown only when it fails.
func (b *builder) command(ctx context.Context, dir, name string, args ...string) error {
	p, err := process.Start(process.Spec{Name: name + " " + args[0], Path: name, Args: args, Dir: dir,
		Log: filepath.Join(b.dir, "logs", "build", name+"-"+args[0]+".log"), Inherit: []*os.File{b.held.File}})
	if err != nil {
		return err
	}
	if err := p.Wait(ctx); err != nil {
		return err
	}
	if p.Err() != nil {
		return fmt.Errorf("%s failed (%w); its output:\n%s", p.Name(), p.Err(), bothEnds(p.Tail(10_000), 15))
	}
	return nil
}

// bothEnds leaves out the middle of a long text: npm says what is wrong first, others say it last.
func bothEnds(text string, lines int) string {
	all := strings.Split(text, "\n")
	if len(all) <= 2*lines {
		return text
	}
	return strings.Join(all[:lines], "\n") + "\n    …\n" + strings.Join(all[len(all)-lines:], "\n")
}

// made are the folders below spa/ that a build makes; they are no sources.
var made = map[string]bool{"node_modules": true, "dist": true, ".turbo": true, "coverage": true, "screenshots": true}

// hashFiles hashes the names and contents of files and of all files below folders, relative to root.
func hashFiles(root string, paths []string) (string, error) {
	sum := sha256.New()
	for _, path := range paths {
		err := filepath.WalkDir(filepath.Join(root, path), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && made[entry.Name()] {
				return filepath.SkipDir
			}
			if !entry.Type().IsRegular() || strings.HasSuffix(file, ".tsbuildinfo") {
				return nil
			}
			body, err := os.Open(file)
			if err != nil {
				return err
			}
			defer body.Close()
			fmt.Fprintf(sum, "%s\n", strings.TrimPrefix(file, root))
			n, err := io.Copy(sum, body)
			fmt.Fprintf(sum, "\n%d\n", n)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// read returns a small file's content; empty when there is none.
func read(path string) string {
	body, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(body))
}
