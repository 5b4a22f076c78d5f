package backing

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"anteroom/internal/backing/process"
)

func (b *Backing) startRedis(ctx context.Context, o Options) error {
	if o.EmbeddedRedis {
		return b.startMiniredis(o)
	}
	program, err := findRedis()
	if err != nil && mayInstall(o) {
		err = install(ctx, o, "Redis", redisPackages)
		if err == nil {
			program, err = findRedis()
		}
	}
	if err != nil {
		if !o.AllowEmbeddedRedis {
			return fmt.Errorf("no Redis: %w; install one (%s) or set REDIS_URL", err, installHint("redis"))
		}
		o.Progress(fmt.Sprintf("no Redis on this machine: %v", err))
		return b.startMiniredis(o)
	}
	return b.startRedisProgram(ctx, o, program)
}

// findRedis looks for the server's program. Debian packs it twice: as redis-server together with a system
// service, and, the same file by another name, in the package of tools. Redis decides by the name it is
// called by, so the second serves as well.
func findRedis() (string, error) {
	for _, name := range []string{redisName, "redis-check-rdb"} {
		for _, dir := range []string{"", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"} {
			if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return path, nil
			}
		}
	}
	return "", errors.New("there is no redis-server in the search path")
}

// RedisCommand prepares a Redis server of the caller's own, for tests that break one. It fails where there is no such program.
func RedisCommand(ctx context.Context, args ...string) (*exec.Cmd, error) {
	program, err := findRedis()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Args[0] = redisName
	return cmd, nil
}

// redisName is what the program must be called by, whatever its file is called.
const redisName = "redis-server"

func (b *Backing) startRedisProgram(ctx context.Context, o Options, program string) error {
	began := time.Now()
	dir := filepath.Join(o.Dir, "redis")
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	lock, err := acquire(ctx, o, dir)
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	defer lock.Release()
	o.Progress(fmt.Sprintf("Redis: starting %s in %s", redisVersion(ctx, program), data))
	p, port, err := StartServer(ctx, func(port int) process.Spec {
		args := []string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--protected-mode", "yes",
			"--dir", data, "--save", "", "--daemonize", "no"}
		switch {
		case o.CrashSafe:
			args = append(args, "--appendonly", "yes", "--appendfsync", "always")
		case o.Fast:
			args = append(args, "--appendonly", "no")
		default:
			args = append(args, "--appendonly", "yes", "--appendfsync", "everysec")
		}
		return process.Spec{Name: "Redis", Path: program, Argv0: redisName, Args: args,
			Log: filepath.Join(dir, "log"), StopSignal: syscall.SIGTERM, Inherit: []*os.File{lock.File}}
	}, pingRedis)
	if err != nil {
		return err
	}
	b.Children = append(b.Children, p)
	b.stops = append(b.stops, p.Stop)
	b.RedisURL, b.RedisSource = fmt.Sprintf("redis://127.0.0.1:%d/0", port), Private
	o.Progress(fmt.Sprintf("Redis: ready on port %d after %s", port, time.Since(began).Round(time.Millisecond)))
	return lock.Note(p)
}

// redisVersion is for messages only.
func redisVersion(ctx context.Context, program string) string {
	cmd := exec.CommandContext(ctx, program, "--version")
	cmd.Args[0] = redisName
	out, _ := cmd.Output()
	for _, word := range strings.Fields(string(out)) {
		if v, ok := strings.CutPrefix(word, "v="); ok {
			return v
		}
	}
	return filepath.Base(program)
}

// pingRedis asks until the log is read back: while it loads, Redis answers with an error.
func pingRedis(ctx context.Context, port int) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "+PONG") {
		return fmt.Errorf("the answer to PING was %q", strings.TrimSpace(line))
	}
	return nil
}
