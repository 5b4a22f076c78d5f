package local

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/backing/process"
)

// programs are stand-ins that end or stay as told: how the launcher deals with its children is tested with
// them; that the real ones work together is tested end to end.
func programs(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"waitroom", "booking", "admin-api"} {
		body := "#!/bin/sh\n" + scripts[name] + "\n[ \"$1\" != serve ] || exec sleep 60\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(body), 0o755))
	}
	return dir
}

func given(t *testing.T, bin string) Options {
	return Options{Dir: t.TempDir(), BinDir: bin, FreePorts: true, RedisURL: "redis://given", DatabaseURL: "postgres://given/db?sslmode=disable"}
}

func TestAServiceThatEndsWhileStartingIsNamedWithItsLog(t *testing.T) {
	bin := programs(t, map[string]string{"admin-api": `if [ "$1" = serve ]; then echo "admin-api: the keys file is broken"; exit 3; fi`})
	o := given(t, bin)
	_, err := Start(t.Context(), o)
	require.ErrorContains(t, err, "admin-api ended by itself (exit status 3)")
	require.ErrorContains(t, err, "the keys file is broken")
	lock, err := process.Acquire(t.Context(), filepath.Join(o.Dir, "lock"), func(string) {})
	require.NoError(t, err, "something was left running")
	lock.Release()
}

func TestAPreparingCommandThatFailsIsNamedWithItsOutput(t *testing.T) {
	bin := programs(t, map[string]string{"booking": `if [ "$1" = migrate ]; then echo "no such database"; exit 1; fi`})
	_, err := Start(t.Context(), given(t, bin))
	require.ErrorContains(t, err, "booking migrate failed")
	require.ErrorContains(t, err, "no such database")
}

func TestTheProgramsAreToldWhereEverythingIs(t *testing.T) {
	told := filepath.Join(t.TempDir(), "told")
	tell := fmt.Sprintf(`echo "$0 $*" >>%s`, told)
	bin := programs(t, map[string]string{"waitroom": tell, "booking": tell, "admin-api": tell})
	o := given(t, bin)
	o.Namespace, o.Gateways = "x1", 2
	o.Rooms = map[string][]string{"arena": {"mode=hold"}}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		assert.Eventually(t, func() bool { return strings.Count(process.Tail(told, 99), " serve ") == 4 }, 2*time.Minute, time.Millisecond)
	}()
	_, err := Start(ctx, o) // never ready: the stand-ins serve nothing
	require.ErrorContains(t, err, "is not ready (it does not answer)")
	all := strings.ReplaceAll(process.Tail(told, 99), bin+"/", "")
	require.Contains(t, all, "waitroom room put arena --redis-url redis://given --key-prefix wr-x1 --if-absent mode=hold\n")
	require.Contains(t, all, "booking migrate --database-url postgres://given/db?search_path=booking_x1&sslmode=disable\n")
	require.Contains(t, all, "admin-api seed --database-url postgres://given/db?search_path=admin_x1&sslmode=disable\n")
	require.Equal(t, 2, strings.Count(all, "waitroom serve "))
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"Dir is required":         func(o *Options) { o.Dir = "" },
		"BinDir is required":      func(o *Options) { o.BinDir = "" },
		"17 gateways":             func(o *Options) { o.Gateways = 17 },
		`the namespace "a; DROP"`: func(o *Options) { o.Namespace = "a; DROP" },
	} {
		o := given(t, t.TempDir())
		change(&o)
		_, err := Start(t.Context(), o)
		require.ErrorContains(t, err, want)
	}
}

func TestAPortThatIsTakenIsReplacedAndSaid(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr).Port
	var said []string
	p := &ports{used: map[int]bool{}, say: func(line string) { said = append(said, line) }}
	got, err := p.one("the gateway", taken)
	require.NoError(t, err)
	require.NotEqual(t, taken, got)
	require.Len(t, said, 1)
	require.Regexp(t, fmt.Sprintf(`^port %d is taken.*: the gateway listens on %d$`, taken, got), said[0])
	if _, err := os.Stat("/proc/net/tcp"); err == nil {
		require.Contains(t, said[0], fmt.Sprintf("(process %d)", os.Getpid()))
	}
	again, err := p.one("the booking service", got)
	require.NoError(t, err)
	require.NotEqual(t, got, again, "a port is given out once")
}

// TestAFreePortIsNoOtherSystemsUntilItIsReleased: and none that an outgoing connection, or a listener on any port, would be given meanwhile.
func TestAFreePortIsNoOtherSystemsUntilItIsReleased(t *testing.T) {
	one := &ports{anywhere: true, used: map[int]bool{}}
	defer one.release()
	port, err := one.one("the gateway", gatewayPort)
	require.NoError(t, err)
	require.Less(t, port, 32_768)
	other := &ports{anywhere: true, used: map[int]bool{}}
	defer other.release()
	for range freeStep / 4 { // of a quarter of all ports none is the one
		another, err := other.one("the gateway", gatewayPort)
		require.NoError(t, err)
		require.NotEqual(t, port, another)
	}
	held := fmt.Sprintf("127.0.0.1:%d", port+freeStep)
	_, err = net.Listen("tcp", held)
	require.Error(t, err, "it is spoken for")
	one.release()
	require.Empty(t, one.held)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	status, body := 503, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer server.Close()
	for answer, want := range map[string]string{
		`{"ready":false,"checks":{"redis":"connection refused","keys":"ok"}}`: "redis: connection refused",
		`{"ready":false,"checks":{"redis":"ok"}}`:                             server.URL + " answers 503",
		`not JSON`: server.URL + " answers 503",
	} {
		body = answer
		missing, err := ask(t.Context(), server.URL)
		require.NoError(t, err)
		require.Equal(t, want, missing)
	}
	status, body = 200, `{"ready":true,"checks":{"redis":"ok"}}`
	missing, err := ask(t.Context(), server.URL)
	require.NoError(t, err)
	require.Empty(t, missing)
}
