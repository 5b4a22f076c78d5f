package progress

import (
	"os"

	"golang.org/x/sys/unix"
)

// For makes a board for a file, such as standard error: with bars when it is a terminal that can draw them. The environment says so with
// TERM, and with NO_COLOR (no-color.org) that there shall be no colours.
func For(f *os.File, env func(name string) string) *Board {
	terminal := isTerminal(f) && env("TERM") != "" && env("TERM") != "dumb"
	return New(f, terminal, Colour(env("NO_COLOR") == ""), Width(func() int { return columns(f) }))
}

// isTerminal asks for what only a terminal has: a size. Other devices of characters, such as /dev/null, have none.
func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// columns is the width of a terminal; 80 when it does not tell.
func columns(f *os.File) int {
	if size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err == nil && size.Col > 0 {
		return int(size.Col)
	}
	return 80
}
