package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/backing"
	"anteroom/internal/backing/process"
)

// foreign is a web server that is not ours, run with a configuration of the test's.
type foreign struct {
	program string // as backing.FindWebServer knows it
	// prepare writes what the server needs into a folder of its own, for a port, and returns its arguments.
	prepare func(dir string, port int) (args []string)
}

// startForeign runs a real web server and returns its address. A machine that has none and cannot fetch one fails the test: that nothing
// was tested must not look like success.
func startForeign(t testing.TB, f foreign) string {
	t.Helper()
	find, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	program, err := backing.FindWebServer(find, f.program)
	require.NoError(t, err)
	p, port, err := backing.StartServer(context.Background(), func(port int) process.Spec {
		dir := t.TempDir()
		env := append(os.Environ(), program.Env...)
		env = append(env, "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir) // Caddy keeps its state there
		return process.Spec{Name: f.program, Path: program.Path, Env: env, Args: f.prepare(dir, port), Dir: dir, Log: filepath.Join(dir, "log")}
	}, backing.Accepts)
	require.NoError(t, err)
	t.Cleanup(func() {
		stop, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = p.Stop(stop) // some drain for longer than a test should last
		if t.Failed() {
			t.Logf("the end of the log of %s:\n%s", f.program, p.Tail(30))
		}
	})
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}

// adapt writes a configuration with other values in place of the example's; each must be there, or the example is not what is tested.
func adapt(t *testing.T, config, file string, replace ...string) {
	t.Helper()
	for i := 0; i+1 < len(replace); i += 2 {
		require.Contains(t, config, replace[i])
		config = strings.ReplaceAll(config, replace[i], replace[i+1])
	}
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
}

func example(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("../../../infra/edge", name))
	require.NoError(t, err)
	return string(content)
}

// nginxPaths keeps nginx within its folder; Debian's program would use the system's.
func nginxPaths(dir string) string {
	s := "access_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		s += kind + "_temp_path " + filepath.Join(dir, kind) + ";\n"
	}
	return s
}

// nginxArgs are the arguments of an nginx in the foreground that logs where the test looks.
func nginxArgs(dir string) []string {
	global := "daemon off; pid " + filepath.Join(dir, "pid") + ";"
	if os.Geteuid() == 0 {
		global += " user root;" // who else could not reach the test's folder
	}
	return []string{"-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-g", global}
}
