package progress_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/progress"
)

var update = flag.Bool("update", false, "write the golden files anew")

// rush is a load in its middle.
var rush = progress.Snapshot{
	Phase: "loading", Elapsed: 72 * time.Second, Total: 200 * time.Second, Arrived: 20_000, Visitors: 20_000, PerSecond: 2083.4, InFlight: 41,
	P99: 88 * time.Millisecond, Waiting: 12_345, Active: 598, Admitted: 6204, Sold: 9301, Lag: 3 * time.Millisecond,
}

func width(n int) progress.Option { return progress.Width(func() int { return n }) }

// golden compares with a file that a person has looked at.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestFrames(t *testing.T) {
	t.Parallel()
	trouble := rush
	trouble.Errors, trouble.OrderSoFar, trouble.Lag, trouble.P99 = 17, 2, 480*time.Millisecond, 12*time.Second
	early := progress.Snapshot{Phase: "preparing", Waiting: -1, Active: -1, OrderSoFar: -1}
	for name, c := range map[string]struct {
		s       progress.Snapshot
		columns int
		colour  bool
	}{
		"wide.txt": {rush, 120, false}, "usual.txt": {rush, 80, false}, "narrow.txt": {rush, 40, false}, "colours.txt": {rush, 80, true},
		"trouble.txt": {trouble, 80, true}, "early.txt": {early, 80, false},
	} {
		var out bytes.Buffer
		b := progress.New(&out, true, width(c.columns), progress.Colour(c.colour))
		b.Show(c.s)
		golden(t, name, strings.ReplaceAll(out.String(), "\x1b", "␛"))
		require.Equal(t, c.colour, strings.Contains(out.String(), "\x1b["), "the first frame has no control characters but its colours: %s", name)
	}
}

func TestPlainLinesWhereThereIsNoTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := progress.New(&out, false, width(80))
	s := rush
	for s.Elapsed = 0; s.Elapsed <= 12*time.Second; s.Elapsed += time.Second {
		if b.Show(s); s.Elapsed == 6*time.Second {
			b.Line("a gateway was stopped")
		}
	}
	s.Phase, s.Elapsed = "auditing", 13*time.Second
	b.Show(s)
	s.Elapsed = 14 * time.Second
	b.Show(s)
	b.Close()
	golden(t, "plain.txt", out.String())
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\r")
	require.NotContains(t, out.String(), "█")
}

func TestFramesAreReplacedAndMessagesStay(t *testing.T) {
	t.Parallel()
	for columns := 1; columns <= 130; columns++ {
		shown := &screen{columns: columns}
		b := progress.New(shown, true, width(columns))
		s, want := rush, []string{}
		for i := range 6 {
			s.Elapsed += time.Second
			s.Errors += 1000 * i // grows a line in a narrow terminal
			b.Show(s)
			if i%2 == 0 {
				b.Line(fmt.Sprint("m", i))
				want = append(want, fmt.Sprint("m", i))
			}
		}
		b.Close()
		b.Line("end")
		only := &screen{columns: columns}
		progress.New(only, true, width(columns)).Show(s)
		if columns > 4 { // else the messages themselves break
			require.Equal(t, append(append(want, only.lines()...), "end"), shown.lines(), "%d columns", columns)
		}
	}
}

// screen is as much of a terminal as a board needs: it breaks lines that are too long, and knows how to go up and to erase downwards.
type screen struct {
	columns int
	rows    [][]rune
	row, at int
}

func (s *screen) Write(text []byte) (int, error) {
	for rest := []rune(string(text)); len(rest) > 0; {
		if rest[0] == '\x1b' {
			end := 2
			for rest[end] >= '0' && rest[end] <= '9' {
				end++
			}
			switch n := 0; rest[end] {
			case 'A':
				_, _ = fmt.Sscan(string(rest[2:end]), &n)
				s.row -= n
			case 'J':
				s.rows = s.rows[:s.row]
			case 'm':
			default:
				return 0, fmt.Errorf("a terminal may not know %q", string(rest[:end+1]))
			}
			rest = rest[end+1:]
			continue
		}
		s.put(rest[0])
		rest = rest[1:]
	}
	return len(text), nil
}

func (s *screen) put(r rune) {
	for len(s.rows) <= s.row {
		s.rows = append(s.rows, nil)
	}
	switch {
	case r == '\n':
		s.row, s.at = s.row+1, 0
		return
	case r == '\r':
		s.at = 0
		return
	case s.at == s.columns:
		s.row, s.at = s.row+1, 0
		s.put(r)
		return
	}
	s.rows[s.row] = append(s.rows[s.row][:s.at], r)
	s.at++
}

func (s *screen) lines() []string {
	var all []string
	for _, row := range s.rows {
		all = append(all, strings.TrimRight(string(row), " "))
	}
	return all
}

func TestBoardIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	shown := &screen{columns: 80}
	b := progress.New(shown, true, width(80))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 50 {
				b.Show(rush)
				b.Line(fmt.Sprint("message ", i))
			}
		})
	}
	all.Wait()
	b.Close()
	messages := 0
	for _, l := range shown.lines() {
		if strings.HasPrefix(l, "message ") {
			messages++
		}
	}
	require.Equal(t, 400, messages)
	frame := &screen{columns: 80}
	progress.New(frame, true, width(80)).Show(rush)
	require.Equal(t, frame.lines(), shown.lines()[400:], "one frame is left, below all messages")
}
