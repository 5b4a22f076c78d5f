package progress

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Colours of a terminal.
const (
	plainText = ""
	dim       = "\x1b[2m"
	bold      = "\x1b[1m"
	green     = "\x1b[32m"
	red       = "\x1b[31m"
	reset     = "\x1b[0m"
)

// span is a piece of a line in one colour.
type span struct{ text, colour string }

type line []span

// render cuts a line to the terminal's width: one that the terminal breaks in two would stay behind when the frame is redrawn. The last
// column stays free, because some terminals break a line there already.
func (l line) render(width int, colour bool) string {
	var out strings.Builder
	room := max(width-1, 1)
	for _, s := range l {
		text := []rune(s.text)
		text = text[:min(len(text), room)]
		if room -= len(text); colour && s.colour != plainText && len(text) > 0 {
			out.WriteString(s.colour + string(text) + reset)
		} else {
			out.WriteString(string(text))
		}
	}
	return out.String()
}

// narrow is the width, in columns, below which there is no room for bars.
const narrow = 44

// frame is what stands on a terminal.
func frame(s Snapshot, width int) []line {
	head := line{{s.Phase, bold}, {"  " + clock(s.Elapsed), plainText}}
	if s.Total > 0 {
		head = append(head, span{" of " + clock(s.Total), dim})
	}
	all := []line{head}
	if width >= narrow {
		if s.Total > 0 {
			all = append(all, bar("time", float64(s.Elapsed), float64(s.Total), "", width))
		}
		if s.Visitors > 0 {
			all = append(all,
				bar("arrived", float64(s.Arrived), float64(s.Visitors), number(s.Arrived)+" of "+number(s.Visitors), width),
				bar("admitted", float64(s.Admitted), float64(s.Visitors), number(s.Admitted), width))
		}
	} else {
		all = append(all, line{{number(s.Arrived) + "/" + number(s.Visitors) + " arrived, " + number(s.Admitted) + " in", plainText}})
	}
	for _, l := range [][]span{traffic(s), state(s)} {
		all = append(all, wrap(l, width)...)
	}
	return all
}

// traffic and state are the figures, each in a span of its own.
func traffic(s Snapshot) []span {
	return []span{
		{fmt.Sprintf("%s/s", number(int(s.PerSecond+0.5))), plainText}, {number(s.InFlight) + " in flight", plainText},
		{number(s.Errors) + " errors", alarm(s.Errors > 0)}, {"p99 " + short(s.P99), plainText},
		{"lag " + short(s.Lag), alarm(s.Lag >= 100*time.Millisecond)},
	}
}

func state(s Snapshot) []span {
	order := span{"order so far not known", dim}
	switch {
	case s.OrderSoFar == 0:
		order = span{"order kept so far", green}
	case s.OrderSoFar > 0:
		order = span{number(s.OrderSoFar) + " inversions so far", red}
	}
	all := []span{order}
	if s.Waiting >= 0 {
		all = append(all, span{number(int(s.Waiting)) + " waiting", plainText})
	}
	if s.Active >= 0 {
		all = append(all, span{number(int(s.Active)) + " active", plainText})
	}
	return append(all, span{number(s.Sold) + " sold", plainText})
}

func alarm(on bool) string {
	if on {
		return red
	}
	return plainText
}

// wrap puts figures beside each other, with a dot between, as many in a line as there is room for.
func wrap(figures []span, width int) []line {
	const dot = " · "
	var all []line
	used := 0
	for _, f := range figures {
		n := utf8.RuneCountInString(f.text)
		if used > 0 && used+len(" · ")-1+n <= width-1 {
			all[len(all)-1] = append(all[len(all)-1], span{dot, dim}, f)
			used += utf8.RuneCountInString(dot) + n
			continue
		}
		all = append(all, line{f})
		used = n
	}
	return all
}

// bar is a name, a bar, and what it means.
func bar(name string, value, of float64, text string, width int) line {
	share := 0.0
	if of > 0 {
		share = min(max(value/of, 0), 1)
	}
	if text == "" {
		text = fmt.Sprintf("%.0f %%", 100*share)
	}
	const label, longest = 10, 60
	columns := min(max(width-1-label-1-24, 8), longest)
	full := int(share * float64(columns))
	return line{
		{fmt.Sprintf("%-*s", label, name), dim}, {strings.Repeat("█", full), green}, {strings.Repeat("░", columns-full), dim}, {" " + text, plainText},
	}
}

// plain is a snapshot in one line, without bars.
func plain(s Snapshot) string {
	head := s.Phase + " " + clock(s.Elapsed)
	if s.Total > 0 {
		head += " of " + clock(s.Total)
	}
	parts := []string{fmt.Sprintf("%s: %d of %d arrived, %d admitted", head, s.Arrived, s.Visitors, s.Admitted)}
	for _, f := range append(traffic(s), state(s)...) {
		parts = append(parts, f.text)
	}
	return strings.Join(parts, ", ")
}

// clock is a time in minutes and seconds.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// short is a time in milliseconds, or in seconds when it is long.
func short(d time.Duration) string {
	if d >= 10*time.Second {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return number(int(d.Round(time.Millisecond).Milliseconds())) + " ms"
}

// number is a number with its thousands set apart.
func number(n int) string {
	text := fmt.Sprint(max(n, -n))
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if n < 0 {
		return "-" + text
	}
	return text
}
