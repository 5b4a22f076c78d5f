package backing

import (
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/backing/process"
)

// TestAPortThatIsTakenMeansAnother: somebody else has the first port by the time that the server comes to it. A server that ends for another reason
// is not tried again.
func TestAPortThatIsTakenMeansAnother(t *testing.T) {
	for name, c := range map[string]struct {
		taken bool
		flags []string
		wrong string
	}{
		"taken":     {taken: true},
		"free":      {},
		"bad flags": {flags: []string{"--no-such-setting", "x"}, wrong: "no-such-setting"},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			var logs []string
			p, port, err := StartServer(t.Context(), func(port int) process.Spec {
				tries++
				if c.taken && tries == 1 {
					l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
					require.NoError(t, err)
					t.Cleanup(func() { _ = l.Close() })
					go func() {
						for {
							conn, err := l.Accept()
							if err != nil {
								return
							}
							_ = conn.Close()
						}
					}()
				}
				cmd, err := RedisCommand(t.Context(), append([]string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", ""}, c.flags...)...)
				require.NoError(t, err)
				logs = append(logs, filepath.Join(t.TempDir(), "log"))
				return process.Spec{Name: "Redis", Path: cmd.Path, Argv0: cmd.Args[0], Args: cmd.Args[1:], Log: logs[tries-1], StopSignal: syscall.SIGTERM}
			}, pingRedis)
			if c.taken {
				require.Greater(t, tries, 1)
			}
			for i, log := range logs { // somebody else can be faster at any time; a try follows that, and nothing else
				require.Equal(t, i < tries-1, strings.Contains(process.Tail(log, 40), "ddress already in use"), "try %d of %d", i+1, tries)
			}
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			require.NoError(t, Accepts(t.Context(), port))
			require.NoError(t, p.Stop(t.Context()))
			require.Error(t, Accepts(t.Context(), port))
		})
	}
}
