package rooms

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anteroom/waitroom"
)

// endings is a line that only ends passes, by a clock that may be set back, served by primaries of which a later one may have
// learnt less.
type endings struct {
	clock   time.Time
	primary int
	list    []ending // by time, then in the order they came
	page    int
}

type ending struct {
	at     time.Time
	number int64
}

// end gives no two the same time, for no page can reach beyond a moment at which a whole page ended. The line's pages are of thousands.
func (l *endings) end(number int64) {
	at := l.clock.Add(time.Duration(number))
	i, _ := slices.BinarySearchFunc(l.list, at, func(e ending, at time.Time) int {
		if e.at.After(at) {
			return 1
		}
		return -1
	})
	l.list = slices.Insert(l.list, i, ending{at, number})
}

// tick answers as waitroom.Pulse says.
func (l *endings) tick(since time.Time) (s waitroom.Snapshot, told []int64) {
	s = waitroom.Snapshot{AsOf: l.clock, RevokedUpto: l.clock, Primary: strconv.Itoa(l.primary)}
	if since.After(l.clock) {
		since = time.Time{}
	}
	for _, one := range l.list {
		if one.at.Before(since) {
			continue
		}
		if len(told) == l.page {
			s.RevokedUpto, s.Behind = l.list[slices.IndexFunc(l.list, func(e ending) bool { return e.number == told[l.page-1] })].at, true
			break
		}
		told = append(told, one.number)
	}
	return s, told
}

// missed plays a history and says which ending a gateway never learnt of, though it ticked on long after; 0 for none.
func missed(t *rapid.T, ask func(c *cursor, passed time.Duration) time.Time) int64 {
	l := &endings{clock: time.Unix(1_000_000, 0), page: rapid.IntRange(3, 10).Draw(t, "page")}
	var (
		c     cursor
		last  *waitroom.Snapshot
		asked time.Duration // by the gateway's own clock, which nobody sets
		own   time.Duration
		knows = map[int64]bool{}
		ended int64
	)
	tick := func() bool {
		s, told := l.tick(ask(&c, own-asked))
		for _, number := range told {
			knows[number] = true
		}
		complete := c.answered(&s, last, own-asked)
		last, asked = &s, own
		return complete
	}
	pass := func(d time.Duration) { own += d; l.clock = l.clock.Add(d) }
	t.Repeat(map[string]func(*rapid.T){
		"time passes": func(t *rapid.T) {
			pass(time.Duration(rapid.SampledFrom([]int64{1, 50, 100, 900, 5000, 60_000}).Draw(t, "ms")) * time.Millisecond)
		},
		"the clock is set back": func(t *rapid.T) {
			l.clock = l.clock.Add(-time.Duration(rapid.SampledFrom([]int64{1, 40, 500, 4000, 100_000}).Draw(t, "ms")) * time.Millisecond)
		},
		"passes end": func(t *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(t, "count") {
				ended++
				l.end(ended)
				pass(time.Millisecond)
			}
		},
		"another primary": func(t *rapid.T) {
			l.primary++
			l.clock = l.clock.Add(time.Duration(rapid.Int64Range(-3000, 3000).Draw(t, "ms")) * time.Millisecond)
		},
		"tick": func(*rapid.T) { tick() },
	})
	for range 1000 { // until the clock is past all it was set back by, too
		pass(3 * time.Second)
		tick()
	}
	for number := range ended {
		if !knows[number+1] {
			return number + 1
		}
	}
	return 0
}

func TestNoRevocationIsEverMissed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if number := missed(t, (*cursor).ask); number != 0 {
			t.Fatalf("ending %d was never learnt of", number)
		}
	})
}

// TestWithoutTheOverlapOneIsMissed is the control: who asks only since the last answer misses what a clock set back has put before it.
func TestWithoutTheOverlapOneIsMissed(t *testing.T) {
	t.Parallel()
	l := &endings{clock: time.Unix(1_000_000, 0), page: 10}
	learn := func(ask func(*cursor, time.Duration) time.Time) bool {
		*l = endings{clock: time.Unix(1_000_000, 0), page: 10}
		var c cursor
		first, _ := l.tick(ask(&c, 0))
		c.answered(&first, nil, 0)
		l.clock = l.clock.Add(60 * time.Millisecond).Add(-90 * time.Millisecond)
		l.end(1)
		l.clock = l.clock.Add(60 * time.Millisecond)
		second, told := l.tick(ask(&c, 120*time.Millisecond))
		c.answered(&second, &first, 120*time.Millisecond)
		return slices.Contains(told, 1)
	}
	if !learn((*cursor).ask) {
		t.Fatal("missed with the overlap")
	}
	if learn(func(c *cursor, _ time.Duration) time.Time { return c.since }) {
		t.Fatal("the test would not notice a missed one")
	}
}
