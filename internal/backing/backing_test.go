package backing

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

var downloads = flag.Bool("downloads", false, "also run what downloads PostgreSQL from npm (60 MB)")

// launcherDir makes this test program a launcher that starts a pair in the folder and waits to be killed.
const launcherDir = "BACKING_TEST_LAUNCHER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(launcherDir); dir != "" {
		b, err := Start(context.Background(), Options{Dir: dir, Fast: true})
		if err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		for _, c := range b.Children {
			fmt.Println(c.PID())
		}
		fmt.Println("ready")
		select {}
	}
	os.Exit(m.Run())
}

// stateDir is a folder that the user nobody can reach, which t.TempDir is not.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "anteroom-backing-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func start(t *testing.T, o Options) *Backing {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	o.Progress = func(line string) { t.Log(line) }
	b, err := Start(ctx, o)
	require.NoError(t, err)
	t.Cleanup(func() { stop(t, b) })
	return b
}

func stop(t *testing.T, b *Backing) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, b.Stop(ctx))
}

func redisClient(t *testing.T, b *Backing) rueidis.Client {
	t.Helper()
	o, err := rueidis.ParseURL(b.RedisURL)
	require.NoError(t, err)
	o.DisableCache, o.ForceSingleClient = true, true // the embedded Redis knows no tracking
	c, err := rueidis.NewClient(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func query(t *testing.T, b *Backing, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.DatabaseURL)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	var out string
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&out))
	return out
}

func TestARestartKeepsWhatWasWritten(t *testing.T) {
	dir := stateDir(t)
	first := start(t, Options{Dir: dir})
	require.Equal(t, Private, first.RedisSource)
	require.Equal(t, Private, first.PostgresSource)
	c := redisClient(t, first)
	require.NoError(t, c.Do(t.Context(), c.B().Set().Key("place").Value("17").Build()).Error())
	conn, err := pgx.Connect(t.Context(), first.DatabaseURL)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE seat AS SELECT 'A-1' AS name")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	require.Equal(t, "on", query(t, first, "SHOW fsync"))
	require.Empty(t, query(t, first, "SHOW unix_socket_directories"))
	stop(t, first)
	for _, p := range first.Children {
		require.ErrorIs(t, syscall.Kill(p.PID(), 0), syscall.ESRCH, p.Name())
	}

	second := start(t, Options{Dir: dir, Fast: true})
	require.Equal(t, "A-1", query(t, second, "SELECT name FROM seat"))
	require.Equal(t, "off", query(t, second, "SHOW fsync"))
	stop(t, second)

	third := start(t, Options{Dir: dir})
	c = redisClient(t, third)
	got, err := c.Do(t.Context(), c.B().Get().Key("place").Build()).ToString()
	require.NoError(t, err)
	require.Equal(t, "17", got)
}

func TestGivenAddressesAreUsedUntouched(t *testing.T) {
	dir := stateDir(t)
	b := start(t, Options{Dir: dir, RedisURL: "redis://given:1/2", DatabaseURL: "postgres://given/db"})
	require.Equal(t, "redis://given:1/2", b.RedisURL)
	require.Equal(t, "postgres://given/db", b.DatabaseURL)
	require.Equal(t, Given, b.RedisSource)
	require.Empty(t, b.Children)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestASecondStarterIsRefused(t *testing.T) {
	dir := stateDir(t)
	start(t, Options{Dir: dir, Fast: true, RedisURL: "redis://given"})
	_, err := Start(t.Context(), Options{Dir: dir, Fast: true, RedisURL: "redis://given"})
	require.ErrorContains(t, err, fmt.Sprintf("is in use by the process %d", os.Getpid()))
}

func TestAnotherMajorVersionIsRefusedAndNothingIsDeleted(t *testing.T) {
	dir := stateDir(t)
	data := filepath.Join(dir, "postgres", "data")
	require.NoError(t, os.MkdirAll(data, 0o700))
	file := filepath.Join(data, "PG_VERSION")
	require.NoError(t, os.WriteFile(file, []byte("9\n"), 0o600))
	_, err := Start(t.Context(), Options{Dir: dir, NoInstall: true, RedisURL: "redis://given"})
	require.ErrorContains(t, err, data)
	require.ErrorContains(t, err, "install PostgreSQL 9, or move that folder away")
	require.FileExists(t, file)
}

func TestAnOldPostmasterFileDoesNotPreventAStart(t *testing.T) {
	dir := stateDir(t)
	stop(t, start(t, Options{Dir: dir, Fast: true, RedisURL: "redis://given"}))
	// The number of a process that is alive and is not PostgreSQL: of the same user, PostgreSQL would give up.
	other := exec.Command("sleep", "300")
	if os.Geteuid() == 0 {
		place, err := findPlace(Options{Dir: dir})
		require.NoError(t, err)
		other.SysProcAttr = &syscall.SysProcAttr{Credential: place.credential}
	}
	require.NoError(t, other.Start())
	t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
	file := filepath.Join(dir, "postgres", "data", "postmaster.pid")
	require.NoError(t, os.WriteFile(file, []byte(strconv.Itoa(other.Process.Pid)+"\n"), 0o644))
	b := start(t, Options{Dir: dir, Fast: true, RedisURL: "redis://given"})
	require.Equal(t, "1", query(t, b, "SELECT '1'"))
}

func TestAFolderOutOfReachOfNobodyIsReplaced(t *testing.T) {
	if os.Geteuid() != 0 {
		// Only root needs another user for PostgreSQL; for everybody else the folder is simply used.
		p, err := findPlace(Options{Dir: t.TempDir()})
		require.NoError(t, err)
		require.Nil(t, p.credential)
		return
	}
	dir := t.TempDir() // mode 0700, root's
	b := start(t, Options{Dir: dir, Fast: true, RedisURL: "redis://given"})
	data := query(t, b, "SHOW data_directory")
	require.NotContains(t, data, dir)
	t.Cleanup(func() { stop(t, b); _ = os.RemoveAll(filepath.Dir(filepath.Dir(data))) })
	again, err := findPlace(Options{Dir: dir, Progress: func(string) {}})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(again.base, "postgres", "data"), data, "the next start finds the same folder")
}

func TestNothingOutlivesAKilledLauncher(t *testing.T) {
	dir := stateDir(t)
	launcher := exec.Command(os.Args[0])
	launcher.Env = append(os.Environ(), launcherDir+"="+dir)
	out, err := launcher.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, launcher.Start())
	var pids []int
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
		pid, err := strconv.Atoi(lines.Text())
		require.NoError(t, err, lines.Text())
		pids = append(pids, pid)
	}
	require.Len(t, pids, 2)
	for _, pid := range pids {
		require.NoError(t, syscall.Kill(pid, 0))
	}
	require.NoError(t, launcher.Process.Kill())
	_ = launcher.Wait()
	// Where the kernel does not end the children, the next start does; either way it gets the folder.
	b := start(t, Options{Dir: dir, Fast: true})
	require.Equal(t, "1", query(t, b, "SELECT '1'"))
	for _, pid := range pids {
		require.Eventually(t, func() bool { return gone(pid) }, time.Minute, 20*time.Millisecond)
	}
}

// gone: a child whose parent was killed may stay on as a zombie where nobody collects it.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestTheEmbeddedRedisSaysWhatItIsAndLetsKeysExpire(t *testing.T) {
	b := start(t, Options{Dir: stateDir(t), EmbeddedRedis: true, DatabaseURL: "postgres://given"})
	require.Contains(t, b.RedisSource, "for demonstration only")
	c := redisClient(t, b)
	require.NoError(t, c.Do(t.Context(), c.B().Set().Key("k").Value("v").Px(300*time.Millisecond).Build()).Error())
	require.Eventually(t, func() bool {
		n, err := c.Do(t.Context(), c.B().Exists().Key("k").Build()).AsInt64()
		return err == nil && n == 0
	}, time.Minute, 20*time.Millisecond)
	stop(t, b)
	_, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(b.RedisURL, "redis://"), "/0"))
	require.Error(t, err)
}

// TestPostgresFromNPM does all of it with: go test ./internal/backing -run NPM -args -downloads
func TestPostgresFromNPM(t *testing.T) {
	o := Options{Dir: stateDir(t), EmbeddedPostgres: true, Fast: true, RedisURL: "redis://given"}
	if !*downloads {
		// Without the download, at least the path before it: no npm means a clear error.
		t.Setenv("PATH", "")
		_, err := Start(t.Context(), o)
		require.ErrorContains(t, err, "without npm it cannot be embedded")
		require.ErrorContains(t, err, "or set DATABASE_URL")
		return
	}
	b := start(t, o)
	require.Equal(t, FromNPM, b.PostgresSource)
	require.True(t, strings.HasPrefix(query(t, b, "SHOW server_version"), "18."))
	stop(t, b)
	// Without npm: the programs are there already, and the data folder decides the version.
	t.Setenv("PATH", "")
	o.EmbeddedPostgres = false
	b = start(t, o)
	require.Equal(t, FromNPM, b.PostgresSource)
}
