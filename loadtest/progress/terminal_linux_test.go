package progress_test

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"anteroom/loadtest/progress"
)

// terminal opens a pair of a terminal and what stands at its other end.
func terminal(t *testing.T, columns uint16) (screen, program *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = screen.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	program, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = program.Close() })
	require.NoError(t, unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
	return screen, program
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if value, ok := strings.CutPrefix(p, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// shown is what a board writes to a file of the program, read at the other end until its last figure.
func shown(t *testing.T, screen, program *os.File, env func(string) string) string {
	t.Helper()
	b := progress.For(program, env)
	b.Show(rush)
	b.Close()
	var all []byte
	for buffer := make([]byte, 4096); !strings.Contains(string(all), "9,301 sold"); {
		n, err := screen.Read(buffer)
		require.NoError(t, err)
		all = append(all, buffer[:n]...)
	}
	return string(all)
}

func TestBarsOnATerminalOnly(t *testing.T) {
	t.Parallel()
	screen, program := terminal(t, 60)
	got := shown(t, screen, program, env("TERM=xterm"))
	require.Contains(t, got, "█")
	require.Contains(t, got, "\x1b[32m")
	for _, l := range strings.Split(got, "\n") {
		for _, code := range []string{"\x1b[2m", "\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[0m", "\r"} {
			l = strings.ReplaceAll(l, code, "")
		}
		require.Less(t, len([]rune(l)), 60, l)
	}

	got = shown(t, screen, program, env("TERM=xterm", "NO_COLOR=1"))
	require.Contains(t, got, "█")
	require.NotContains(t, got, "\x1b[32m")

	for _, e := range []func(string) string{env("TERM=dumb"), env()} {
		got = shown(t, screen, program, e)
		require.NotContains(t, got, "█")
		require.NotContains(t, got, "\x1b")
	}

	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	require.NotContains(t, shown(t, read, write, env("TERM=xterm")), "█", "a pipe is no terminal")
	require.NoError(t, write.Close())

	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	defer null.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer file.Close()
	for _, f := range []*os.File{null, file} {
		b := progress.For(f, env("TERM=xterm"))
		b.Show(rush)
	}
	_, err = file.Seek(0, io.SeekStart)
	require.NoError(t, err)
	written, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NotContains(t, string(written), "\x1b")
	require.Contains(t, string(written), "loading 1:12 of 3:20")
}
