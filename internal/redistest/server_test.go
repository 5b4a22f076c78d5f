package redistest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAKillKeepsWhatIsOnDisk: every write that was acknowledged is there after a kill -9 in the middle of the writing. The control keeps
// nothing on disk, and loses it.
func TestAKillKeepsWhatIsOnDisk(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"durable": Durable, "control": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Start(t, args...)
			acknowledged := make(chan int)
			enough := make(chan struct{})
			go func() {
				for n := 0; ; n++ {
					if _, err := s.Do("SET", "n", strconv.Itoa(n)); err != nil {
						acknowledged <- n - 1
						return
					}
					if n == 50 {
						close(enough)
					}
				}
			}()
			<-enough
			s.Kill()
			last := <-acknowledged
			require.GreaterOrEqual(t, last, 50)
			s.Restart()
			kept, err := s.Do("GET", "n")
			require.NoError(t, err)
			if name == "control" {
				require.Empty(t, kept)
				return
			}
			n, err := strconv.Atoi(kept)
			require.NoError(t, err)
			require.GreaterOrEqual(t, n, last)
			require.LessOrEqual(t, n, last+1, "one may have been written and not acknowledged")
		})
	}
}

func TestARestartIsAnotherProcessAtTheSameAddress(t *testing.T) {
	t.Parallel()
	s := Start(t, "--maxmemory", "7mb")
	addr, pid := s.Addr(), s.PID()
	require.Equal(t, "7340032", s.Info("memory", "maxmemory"))
	s.Kill()
	s.Kill()
	_, err := s.Do("PING")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.Empty(t, s.Info("server", "process_id"))
	s.Restart()
	require.Equal(t, addr, s.Addr())
	require.NotEqual(t, pid, s.PID())
	require.Equal(t, strconv.Itoa(s.PID()), s.Info("server", "process_id"))
	require.Equal(t, "7340032", s.Info("memory", "maxmemory"))
}

// TestAFrozenServerAnswersAfterThaw: and not before, although it takes connections.
func TestAFrozenServerAnswersAfterThaw(t *testing.T) {
	t.Parallel()
	s := Start(t)
	s.Freeze()
	answer := make(chan error, 1)
	conn, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("PING\r\n"))
	require.NoError(t, err)
	go func() {
		_, err := bufio.NewReader(conn).ReadString('\n')
		answer <- err
	}()
	_, err = call(s.Addr(), 300*1e6, "PING")
	var late net.Error
	require.ErrorAs(t, err, &late)
	require.True(t, late.Timeout(), "%v", err)
	require.Empty(t, answer)
	s.Thaw()
	require.NoError(t, <-answer)
	s.Freeze()
	s.Kill() // also of a frozen one
}

func TestAnswersAsText(t *testing.T) {
	t.Parallel()
	s := Start(t)
	for _, c := range []struct{ command, want string }{
		{"SET a x", "OK"}, {"GET a", "x"}, {"GET b", ""}, {"INCR n", "1"}, {"RPUSH l a b", "2"}, {"LRANGE l 0 -1", "a\nb"},
		{"MGET a b a", "x\n\nx"}, {"LRANGE none 0 -1", ""},
	} {
		got, err := s.Do(strings.Fields(c.command)...)
		require.NoError(t, err, c.command)
		require.Equal(t, c.want, got, c.command)
	}
	_, err := s.Do("INCR", "a")
	require.EqualError(t, err, "ERR value is not an integer or out of range")
	_, err = s.Do("EVAL", "return {1, redis.error_reply('ERR inner')}", "0")
	require.EqualError(t, err, "ERR inner")
}

// TestATakenPortIsNotUsed: neither where another Redis answers there, nor where somebody else says nothing.
func TestATakenPortIsNotUsed(t *testing.T) {
	t.Parallel()
	other := Start(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	taken := []int{other.port, silent.Addr().(*net.TCPAddr).Port}
	s := start(t, func() (int, net.Listener, error) {
		port, held, err := claim()
		if len(taken) > 0 {
			port, taken = taken[0], taken[1:]
		}
		return port, held, err
	}, func(_ string, port int) ([]string, error) {
		return []string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", ""}, nil
	})
	require.Empty(t, taken)
	require.NotEqual(t, other.Addr(), s.Addr())
	require.NotEqual(t, other.Info("server", "run_id"), s.Info("server", "run_id"))
}

// TestAClaimIsHeld: nobody else gets a port while its holder has it, server or none.
func TestAClaimIsHeld(t *testing.T) {
	t.Parallel()
	port, held, err := claim()
	require.NoError(t, err)
	defer held.Close()
	require.Error(t, probe(port+claimStep))
	require.NoError(t, probe(port))
	require.LessOrEqual(t, lowestPort+ports+busStep, 32768)
}

// fatal is a test that records why it was ended instead of ending ours.
type fatal struct {
	testing.TB
	why string
}

func (f *fatal) Helper() {}
func (f *fatal) Fatalf(format string, args ...any) {
	f.why = fmt.Sprintf(format, args...)
	panic(f)
}

func TestAServerThatDoesNotStartSaysWhy(t *testing.T) {
	t.Parallel()
	f := &fatal{TB: t}
	require.Panics(t, func() { Start(f, "--no-such-setting", "1") })
	require.Contains(t, f.why, "the server ended")
	require.Contains(t, f.why, "no-such-setting")
}

const launcher = "REDISTEST_LAUNCHER"

// TestNothingOutlivesTheTestsProcess: a launcher starts a server, which is frozen, and is killed with -9.
func TestNothingOutlivesTheTestsProcess(t *testing.T) {
	if os.Getenv(launcher) != "" {
		s := Start(t)
		s.Freeze()
		fmt.Printf("\npid %d\n", s.PID())
		select {}
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), launcher+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	pid := 0
	for lines := bufio.NewScanner(out); pid == 0 && lines.Scan(); {
		_, _ = fmt.Sscanf(lines.Text(), "pid %d", &pid)
	}
	require.NotZero(t, pid)
	require.NoError(t, syscall.Kill(pid, 0))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.NoError(t, poll(func() error {
		if syscall.Kill(pid, 0) == nil && !zombie(pid) {
			return fmt.Errorf("%d is alive", pid)
		}
		return nil
	}))
}

// zombie says whether a process has ended and only waits for its adopter to take note.
func zombie(pid int) bool {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return strings.Contains(string(stat), ") Z ")
}
