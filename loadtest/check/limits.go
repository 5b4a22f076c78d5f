package check

import (
	"fmt"
	"slices"
	"time"

	"anteroom/loadtest/journal"
)

// rateWindow slides a window of 60 s over the admissions, by the clock of the line. Visitors who were admitted and never learned
// of it are not in the journal, so this is a necessary condition; the server's own count is looked at besides.
func rateWindow(e *evidence) Check {
	c := Check{Name: "admissions in any sliding 60 s"}
	if e.policy.RatePerMinute == 0 {
		c.Missing = "what rate the room allows is not known"
		return c
	}
	var admitted []int64
	for _, v := range e.visitors {
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
		if n > e.policy.RatePerMinute {
			c.Violate("%d admissions in the 60 s up to %s", n, clock(at))
		}
	}
	c.most(int64(most), e.policy.RatePerMinute)
	return c
}

// most notes the largest value seen beside the one allowed.
func (c *Check) most(most int64, allowed int) {
	c.Note = fmt.Sprintf("at most %d, allowed %d", most, allowed)
	c.Figures = map[string]float64{"most": float64(most), "allowed": float64(allowed)}
}

// activeAtOnce counts sessions that were surely open at the same instant: from the admission to when the visitor sent the release,
// or last used the pass. The line may have counted a session for longer, so this, too, is a necessary condition.
func activeAtOnce(e *evidence) Check {
	c := Check{Name: "admitted sessions at any instant"}
	if e.policy.MaxActive == 0 {
		c.Missing = "how many sessions the room allows is not known"
		return c
	}
	type edge struct{ at, step int64 }
	var edges []edge
	for _, v := range e.visitors {
		if v.admittedMS == 0 {
			continue
		}
		c.Of++
		end := max(v.surelyOpenUntil(e.policy)/1e6, v.admittedMS)
		edges = append(edges, edge{v.admittedMS, 1}, edge{end, -1})
	}
	// Within a millisecond ends come first: a slot may be given back and given out again in it.
	slices.SortFunc(edges, func(a, b edge) int { return compare(a.at, b.at, a.step, b.step) })
	var open, most int64
	for _, at := range edges {
		open += at.step
		most = max(most, open)
		if at.step > 0 && open > int64(e.policy.MaxActive) {
			c.Violate("%d sessions open at %s", open, clock(at.at))
		}
	}
	c.most(most, e.policy.MaxActive)
	return c
}

// surelyOpenUntil is a journal time up to which the session cannot have ended: not by release, not for silence, not by its limit. A use after a pause that
// may have ended it says nothing, since a gateway that has not learned of the end may let one more request through.
func (v *visitor) surelyOpenUntil(p journal.Policy) int64 {
	until := v.admittedMS * 1e6
	for _, use := range v.uses {
		if time.Duration(use.to-until) < p.Idle-margin {
			until = max(until, use.from)
		}
	}
	if v.released > 0 {
		if time.Duration(v.released-until) < p.Idle/2 {
			until = max(until, v.released)
		}
		until = min(until, v.released)
	}
	return min(until, v.admittedMS*1e6+int64(p.Limit))
}

// sampledActive looks at the server's own view, which knows the sessions that no visitor learned of.
func sampledActive(e *evidence) Check {
	return sampled(e, "active by the server's own count", e.policy.MaxActive, "%d active at %s", func(s *journal.Sample) int64 { return s.Active })
}

// sampledMinute is the same for the rate.
func sampledMinute(e *evidence) Check {
	return sampled(e, "admissions by the server's own count", e.policy.RatePerMinute, "%d admitted in the minute up to %s", func(s *journal.Sample) int64 { return s.AdmittedLastMinute })
}

func sampled(e *evidence, name string, allowed int, says string, value func(*journal.Sample) int64) Check {
	c := Check{Name: name, Of: int64(len(e.samples)), Missing: e.noSamples()}
	var most int64
	for i := range e.samples {
		s := &e.samples[i]
		n := value(s)
		most = max(most, n)
		if n > int64(allowed) {
			c.Violate(says, n, clock(s.At/1e6))
		}
	}
	c.most(most, allowed)
	return c
}

// cursor: who is being served never goes back. Samples may come from gateways whose views are of different age, so each is compared
// with those that are older by more than that.
func cursor(e *evidence) Check {
	c := Check{Name: "serving never goes back", Of: int64(len(e.samples)), Missing: e.noSamples()}
	var settled, largest int64 // samples before settled are old enough; the largest cursor among them
	for _, s := range e.samples {
		for ; e.samples[settled].At < s.At-int64(staleness); settled++ {
			largest = max(largest, e.samples[settled].Serving)
		}
		if s.Serving < largest {
			c.Violate("from %d back to %d at %s", largest, s.Serving, clock(s.At/1e6))
		}
	}
	return c
}

func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("15:04:05.000") }
