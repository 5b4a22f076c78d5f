// Package progress shows how a load goes on: bars on a terminal, a plain line now and then everywhere else.
package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Snapshot is how a load stands at one moment.
type Snapshot struct {
	Phase      string        // what is being done: preparing, loading, auditing, …
	Elapsed    time.Duration // since the first arrival
	Total      time.Duration // until the deadline, or until the last arrival is expected to be done; 0: not known
	Arrived    int
	Visitors   int     // who will arrive
	PerSecond  float64 // requests answered in the last second
	InFlight   int
	Errors     int           // requests without an answer, or answered 500 and above, so far
	P99        time.Duration // of the requests of the last seconds, from when they were due
	Waiting    int64         // by the server's own count; -1: not known
	Active     int64         // by the server's own count; -1: not known
	Admitted   int           // by the visitors' count
	Sold       int           // seats, by the visitors' count
	OrderSoFar int           // inversions of the order of joining that were seen so far; -1: not known
	Lag        time.Duration // p99 of how late the generator sends
}

// Board shows snapshots and messages. Safe for concurrent use.
type Board struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	colour   bool
	width    func() int

	lines int       // of the frame that stands on the terminal
	last  *Snapshot // that was shown
	said  time.Duration
	phase string
}

// Option changes a board.
type Option func(*Board)

// Colour says whether a terminal's board uses colours; it does unless told otherwise.
func Colour(on bool) Option { return func(b *Board) { b.colour = on } }

// Width gives the terminal's width in columns, which is asked for at every frame; 80 unless told otherwise.
func Width(columns func() int) Option { return func(b *Board) { b.width = columns } }

// New makes a board. On a terminal it draws bars in place; else it writes a plain line at every new phase and every 5 s, and no control characters.
func New(w io.Writer, terminal bool, options ...Option) *Board {
	b := &Board{w: w, terminal: terminal, colour: true, width: func() int { return 80 }}
	for _, o := range options {
		o(b)
	}
	return b
}

// Show shows a snapshot. It is meant to be called once a second.
func (b *Board) Show(s Snapshot) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = &s
	if b.terminal {
		b.redraw("")
		return
	}
	if s.Phase == b.phase && s.Elapsed >= b.said && s.Elapsed-b.said < between {
		return
	}
	b.phase, b.said = s.Phase, s.Elapsed
	b.write(plain(s) + "\n")
}

// between is the time from one plain line to the next.
const between = 5 * time.Second

// Line writes a message; bars on a terminal move down below it.
func (b *Board) Line(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text = strings.TrimRight(text, "\n") + "\n"
	if b.terminal {
		b.redraw(text)
		return
	}
	b.write(text)
}

// Close ends the board: what stands on the terminal stays, and what is written later comes below. Without a terminal, the last snapshot
// is written if it has not been yet.
func (b *Board) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.terminal && b.last != nil && b.last.Elapsed != b.said {
		b.write(plain(*b.last) + "\n")
	}
	b.last, b.lines = nil, 0
}

// redraw replaces the frame that stands by the message and the frame of the last snapshot, in one write, so that nothing flickers.
func (b *Board) redraw(message string) {
	var out strings.Builder
	if b.lines > 0 {
		fmt.Fprintf(&out, "\x1b[%dA\r\x1b[J", b.lines)
	}
	out.WriteString(message)
	b.lines = 0
	if b.last != nil {
		for _, l := range frame(*b.last, b.width()) {
			out.WriteString(l.render(b.width(), b.colour) + "\n")
			b.lines++
		}
	}
	b.write(out.String())
}

// write hands on to the terminal, or wherever it goes; there is nobody to tell when that fails.
func (b *Board) write(s string) { _, _ = io.WriteString(b.w, s) }
