package check

import (
	"fmt"
	"slices"
	"time"
)

// rateWindow slides a window of 60 s over the admissions, by the clock of the line. Visitors who were admitted and never learned
// of it are not in the journal, so this is a necessary condition; the server's own count is looked at besides.
func rateWindow(visitors []*visitor, p Policy) Check {
	c := Check{Name: "admissions in any sliding 60 s"}
	var admitted []int64
	for _, v := range visitors {
		if v.admittedMS > 0 {
			admitted = append(admitted, v.admittedMS)
		}
	}
	slices.Sort(admitted)
	c.Of = int64(len(admitted))
	var most, first int
	for i, at := range admitted {
		for at-admitted[first] >= 60_000 {
			first++
		}
		n := i - first + 1
		most = max(most, n)
		if n > p.RatePerMinute {
			c.Violate("%d admissions in the 60 s up to %s", n, clock(at))
		}
	}
	c.Note = fmt.Sprintf("at most %d, allowed %d", most, p.RatePerMinute)
	return c
}

// activeAtOnce counts sessions that were surely open at the same instant: from the admission to when the visitor sent the release,
// or last used the pass. The line may have counted a session for longer, so this, too, is a necessary condition.
func activeAtOnce(visitors []*visitor, p Policy) Check {
	c := Check{Name: "admitted sessions at any instant"}
	type edge struct{ at, step int64 }
	var edges []edge
	for _, v := range visitors {
		if v.admittedMS == 0 {
			continue
		}
		c.Of++
		end := max(v.surelyOpenUntil(p)/1e6, v.admittedMS)
		edges = append(edges, edge{v.admittedMS, 1}, edge{end, -1})
	}
	// Within a millisecond ends come first: a slot may be given back and given out again in it.
	slices.SortFunc(edges, func(a, b edge) int { return compare(a.at, b.at, a.step, b.step) })
	var open, most int64
	for _, e := range edges {
		open += e.step
		most = max(most, open)
		if e.step > 0 && open > int64(p.MaxActive) {
			c.Violate("%d sessions open at %s", open, clock(e.at))
		}
	}
	c.Note = fmt.Sprintf("at most %d, allowed %d", most, p.MaxActive)
	return c
}

// surelyOpenUntil is a journal time up to which the session cannot have ended: not by release, not for silence, not by its limit.
func (v *visitor) surelyOpenUntil(p Policy) int64 {
	until := v.lastActive
	if v.released > 0 {
		until = min(until, v.released)
		if time.Duration(v.released-v.lastActive) < p.Idle/2 {
			until = v.released
		}
	}
	return min(until, v.admittedMS*1e6+int64(p.Limit))
}

// sampled looks at the server's own view, which knows the sessions that no visitor learned of.
func sampled(samples []Sample, p Policy) []Check {
	active := Check{Name: "active by the server's own count", Of: int64(len(samples))}
	minute := Check{Name: "admissions by the server's own count", Of: int64(len(samples))}
	cursor := Check{Name: "serving never goes back", Of: int64(len(samples))}
	var mostActive, mostAdmitted int64
	for i, s := range samples {
		mostActive, mostAdmitted = max(mostActive, s.Active), max(mostAdmitted, s.AdmittedLastMinute)
		if s.Active > int64(p.MaxActive) {
			active.Violate("%d active at %s", s.Active, clock(s.At/1e6))
		}
		if s.AdmittedLastMinute > int64(p.RatePerMinute) {
			minute.Violate("%d admitted in the minute up to %s", s.AdmittedLastMinute, clock(s.At/1e6))
		}
		if i > 0 && s.Serving < samples[i-1].Serving {
			cursor.Violate("from %d back to %d at %s", samples[i-1].Serving, s.Serving, clock(s.At/1e6))
		}
	}
	active.Note = fmt.Sprintf("at most %d, allowed %d", mostActive, p.MaxActive)
	minute.Note = fmt.Sprintf("at most %d, allowed %d", mostAdmitted, p.RatePerMinute)
	return []Check{active, minute, cursor}
}

func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("15:04:05.000") }
