package backing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"anteroom/internal/backing/process"
)

// Program is a program of somebody else's that tests and measurements run beside ours.
type Program struct {
	Path string
	Env  []string // what it must be run with; nil: this program's own environment
}

// webServers names, for each server that we have an example configuration for and Debian has a package of, the packages that hold its
// program and the libraries which a small machine may lack.
var webServers = map[string][]string{
	"nginx": {"nginx", "libpcre2-8-0", "libssl3", "zlib1g", "libcrypt1"},
	"caddy": {"caddy"},
	// No web servers, but found in the same way.
	"redis-benchmark": {"redis-tools", "libatomic1", "libjemalloc2", "liblzf1", "libssl3", "libsystemd0"},
	"pgbouncer":       {"pgbouncer", "libc-ares2", "libevent-2.1-7", "libssl3", "libpam0g", "libaudit1", "libcap-ng0", "libsystemd0"},
	"haproxy":         {"haproxy", "liblua5.3-0", "libpcre2-8-0", "libssl3", "zlib1g", "libcrypt1", "libsystemd0", "libopentracing-c-wrapper0", "libopentracing1", "libstdc++6"},
}

// FindWebServer finds nginx, caddy, haproxy, pgbouncer or redis-benchmark: on this machine, else in the user's cache, else it fetches Debian's packages into that cache.
// Nothing is installed, so it needs no root and no service begins to run. The error says what a person can do.
func FindWebServer(ctx context.Context, name string) (Program, error) {
	packages, known := webServers[name]
	if !known {
		return Program{}, fmt.Errorf("backing: %q is no web server that it knows", name)
	}
	for _, dir := range []string{"", "/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"} {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return Program{Path: path}, nil
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "anteroom", "programs", name)
	if p, err := unpacked(dir, name); err == nil {
		return p, nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return Program{}, fmt.Errorf("there is no %s on this machine and no apt-get to fetch it with; install it", name)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	if err := fetchPackages(ctx, dir, packages); err != nil {
		return Program{}, fmt.Errorf("there is no %s on this machine and it could not be fetched; install it (apt-get install %s): %w", name, packages[0], err)
	}
	return unpacked(dir, name)
}

// unpacked finds a program among what fetchPackages has unpacked.
func unpacked(dir, name string) (Program, error) {
	for _, bin := range []string{"usr/sbin", "usr/bin"} {
		path, err := exec.LookPath(filepath.Join(dir, bin, name))
		if err != nil {
			continue
		}
		libraries, err := filepath.Glob(filepath.Join(dir, "usr/lib/*-linux-*"))
		if err != nil {
			return Program{}, err
		}
		older, err := filepath.Glob(filepath.Join(dir, "lib/*-linux-*"))
		if err != nil {
			return Program{}, err
		}
		paths := strings.Join(append(libraries, older...), ":")
		return Program{Path: path, Env: append(os.Environ(), "LD_LIBRARY_PATH="+paths)}, nil
	}
	return Program{}, fmt.Errorf("%s holds no %s", dir, name)
}

// fetchPackages downloads Debian packages and unpacks them into dir, which is there in the end whole or not at all. Several programs may
// do it at once.
func fetchPackages(ctx context.Context, dir string, packages []string) error {
	lock, err := awaitLock(ctx, dir+".lock")
	if err != nil {
		return err
	}
	defer lock.Release()
	if _, err := os.Stat(dir); err == nil {
		return nil // somebody else has fetched it meanwhile
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := download(ctx, work, packages); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil {
		return err
	}
	root := filepath.Join(work, "root")
	for _, file := range files {
		if err := runIn(ctx, work, "dpkg-deb", "-x", file, root); err != nil {
			return err
		}
	}
	return os.Rename(root, dir)
}

// awaitLock takes a lock, and waits while another living program holds it.
func awaitLock(ctx context.Context, path string) (*process.Lock, error) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		lock, err := process.Acquire(ctx, path, func(string) {})
		var busy *process.InUseError
		if !errors.As(err, &busy) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// download asks apt for the packages, by the machine's own lists, or by new ones kept in the same folder where those are missing or too old.
func download(ctx context.Context, dir string, packages []string) error {
	err := runIn(ctx, dir, "apt-get", append([]string{"-qq", "download"}, packages...)...)
	if err == nil {
		return nil
	}
	lists := filepath.Join(dir, "lists")
	if err := os.MkdirAll(filepath.Join(lists, "partial"), 0o755); err != nil {
		return err
	}
	own := []string{"-qq", "-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache=" + filepath.Join(dir, "cache"), "-o", "APT::Sandbox::User="}
	if failed := runIn(ctx, dir, "apt-get", append(own, "update")...); failed != nil {
		return errors.Join(err, failed)
	}
	return runIn(ctx, dir, "apt-get", append(append(own, "download"), packages...)...)
}

// runIn runs a program in a folder to its end. The error ends with what it said.
func runIn(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	said, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if len(said) > 2000 {
		said = said[len(said)-2000:]
	}
	return fmt.Errorf("%s %s: %w: %s", name, args[len(args)-1], err, strings.TrimSpace(string(said)))
}
