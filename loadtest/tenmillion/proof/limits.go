package proof

import (
	"fmt"
	"time"

	"anteroom/loadtest/check"
)

// at returns the limits in force at a moment. While a change is on its way either may be: the larger counts, for as long as a
// command of an operator may take.
func (e *Evidence) at(ms int64) (rate, active int64) {
	for _, l := range e.Limits {
		if l.FromMS > ms {
			break
		}
		rate, active = max(l.RatePerMinute, 0), l.MaxActive
	}
	for i := 1; i < len(e.Limits); i++ {
		if since := ms - e.Limits[i].FromMS; since >= 0 && since < changeMS {
			rate, active = max(rate, e.Limits[i-1].RatePerMinute), max(active, e.Limits[i-1].MaxActive)
		}
	}
	return rate, active
}

const changeMS = 10_000

// perMS counts admissions by millisecond. Who may have ended the session early is left out where early is set.
func (l *line) perMS(early bool) []int64 {
	last := uint32(0)
	for _, at := range l.Admissions.After {
		last = max(last, at)
	}
	counts := make([]int64, int(last)+1)
	for n, at := range l.Admissions.After {
		if at > 0 && (!early || !l.mayRelease(int64(n))) {
			counts[at]++
		}
	}
	return counts
}

// slide slides a window over the counts and reports the most it held and when it held more than allowed.
func (l *line) slide(c *check.Check, counts []int64, window time.Duration, allowed func(ms int64) int64, what string) {
	width := int(window.Milliseconds())
	var inside, most int64
	for at := range counts {
		c.Of += counts[at]
		inside += counts[at]
		if at >= width {
			inside -= counts[at-width]
		}
		most = max(most, inside)
		if ms := l.Admissions.Base + int64(at); counts[at] > 0 && inside > allowed(ms) {
			c.Violate("%d %s at %s, allowed %d", inside, what, clock(ms), allowed(ms))
		}
	}
	c.Note = fmt.Sprintf("at most %d, allowed %d", most, allowed(l.Admissions.Base+int64(len(counts))))
}

// rateWindow slides a window of 60 s over the admissions, by the clock of the line.
func (l *line) rateWindow() check.Check {
	c := check.Check{Name: "admissions in any sliding 60 s"}
	l.slide(&c, l.perMS(false), time.Minute, func(ms int64) int64 { rate, _ := l.at(ms); return rate }, "admissions in 60 s")
	return c
}

// activeAtOnce counts sessions that were surely open at the same instant: for their whole limit, without those that may have been given
// back. It is a necessary condition; counted looks at the others.
func (l *line) activeAtOnce() check.Check {
	c := check.Check{Name: "admitted sessions at any instant"}
	l.slide(&c, l.perMS(true), l.Session, func(ms int64) int64 { _, active := l.at(ms); return active }, "sessions")
	return c
}

// counted looks at the number of sessions as the laboratory counted them in the record itself.
func (l *line) counted() check.Check {
	c := check.Check{Name: "sessions in the record", Of: int64(len(l.Admissions.Cards))}
	var most int64
	for _, card := range l.Admissions.Cards {
		most = max(most, card.N)
		if _, active := l.at(card.AtMS); card.N > active {
			c.Violate("%d sessions at %s, allowed %d", card.N, clock(card.AtMS), active)
		}
	}
	c.Note = fmt.Sprintf("at most %d", most)
	return c
}

// sampled looks at the line's own view.
func sampled(e *Evidence) []check.Check {
	active := check.Check{Name: "active by the server's own count", Of: int64(len(e.Samples))}
	minute := check.Check{Name: "admissions by the server's own count", Of: int64(len(e.Samples))}
	cursor := check.Check{Name: "serving never goes back", Of: int64(len(e.Samples))}
	var mostActive, mostAdmitted int64
	for i, s := range e.Samples {
		rate, cap := e.at(s.At / 1e6)
		mostActive, mostAdmitted = max(mostActive, s.Active), max(mostAdmitted, s.AdmittedLastMinute)
		if s.Active > cap {
			active.Violate("%d active at %s, allowed %d", s.Active, clock(s.At/1e6), cap)
		}
		if s.AdmittedLastMinute > rate {
			minute.Violate("%d admitted in the minute up to %s, allowed %d", s.AdmittedLastMinute, clock(s.At/1e6), rate)
		}
		if i > 0 && s.Serving < e.Samples[i-1].Serving {
			cursor.Violate("from %d back to %d at %s", e.Samples[i-1].Serving, s.Serving, clock(s.At/1e6))
		}
	}
	active.Note, minute.Note = fmt.Sprintf("at most %d", mostActive), fmt.Sprintf("at most %d", mostAdmitted)
	return []check.Check{active, minute, cursor}
}

// memory is at most one byte a waiting visitor.
func memory(m Memory) check.Check {
	c := check.Check{Name: "memory of Redis, a byte a waiting visitor at most", Of: m.Waiting}
	if used := m.After - m.Before; used > m.Waiting {
		c.Violations = used - m.Waiting - 1
		c.Violate("%d bytes for %d waiting", used, m.Waiting)
	}
	c.Note = fmt.Sprintf("%d bytes for %d waiting: %.3f each", m.After-m.Before, m.Waiting, float64(m.After-m.Before)/float64(max(m.Waiting, 1)))
	return c
}

func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("15:04:05.000") }
