package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// tally is what is counted of one kind of request.
type tally struct {
	Action
	answers span
	failed  int
}

type tallies map[journal.Action]*tally

// add counts a request. One without an answer counts with the time after which it was given up: leaving it out would make an outage look
// fast.
func (t tallies) add(rec *journal.Record) {
	a := t[rec.Action]
	if a == nil {
		a = &tally{Action: Action{Name: string(rec.Action), Statuses: map[string]int{}, Histogram: NewHistogram()}}
		t[rec.Action] = a
	}
	a.Count++
	a.Statuses[statusOf(rec)]++
	if rec.Lost() {
		a.Lost++
	} else {
		a.answers.from(rec.Sent)
		a.answers.add(rec.Answered)
	}
	if failed(rec) {
		a.failed++
	}
	a.Histogram.Add(time.Duration(rec.Answered - rec.Scheduled))
}

// list gives the actions in the order of a visit.
func (t tallies) list() []Action {
	all := []Action{}
	for _, name := range slices.SortedFunc(maps.Keys(t), byVisit) {
		a := t[name].Action
		h := a.Histogram
		a.Failed, a.PerSecond = t[name].failed, t[name].answers.perSecond(1)
		a.P50, a.P90, a.P95, a.P99, a.P999, a.Max = h.Percentile(50), h.Percentile(90), h.Percentile(95), h.Percentile(99), h.Percentile(99.9), h.Percentile(100)
		all = append(all, a)
	}
	return all
}

// total is the number of requests and of those that failed.
func (t tallies) total() (requests, failed int) {
	for _, a := range t {
		requests += a.Count
		failed += a.failed
	}
	return requests, failed
}

func byVisit(a, b journal.Action) int {
	place := func(x journal.Action) int {
		if i := slices.Index(profile.Actions, x); i >= 0 {
			return i
		}
		return len(profile.Actions)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// span counts what happened from a first moment to a last, in journal times.
type span struct {
	first, last int64
	n           int
}

func (s *span) from(at int64) {
	if s.first == 0 || at < s.first {
		s.first = at
	}
}

func (s *span) add(at int64) {
	s.from(at)
	s.last = max(s.last, at)
	s.n++
}

// perSecond is the mean rate; what took less than so many seconds counts as if it had taken them, because a burst has no rate.
func (s *span) perSecond(least float64) float64 {
	return float64(s.n) / max(float64(s.last-s.first)/1e9, least)
}

func failed(rec *journal.Record) bool { return rec.Lost() || rec.Status >= 500 }

func statusOf(rec *journal.Record) string {
	switch {
	case rec.Lost():
		return "no answer"
	case rec.Problem != "":
		return strconv.Itoa(rec.Status) + " " + rec.Problem
	default:
		return strconv.Itoa(rec.Status)
	}
}

// errorOf names the kind of error that a request met; empty when it met none. That a hostile try is refused is no error, nor that a card
// is declined that was to be; what bots are refused is kept apart from what people are.
func errorOf(rec *journal.Record) string {
	switch {
	case rec.Lost():
		return "no answer: " + reason(rec.Error)
	case rec.Status < 400:
		return ""
	case rec.Status < 500 && (rec.Action == journal.Probe || rec.Action == journal.Decline && rec.Status == 402):
		return ""
	case rec.Action == journal.Flood:
		return "bots: " + statusOf(rec)
	default:
		return statusOf(rec)
	}
}

// reason puts what a client says of a lost answer into one of a few words; the whole text names addresses and ports.
func reason(text string) string {
	text = strings.ToLower(text)
	for _, r := range []struct{ word, means string }{
		{"timeout", "timed out"}, {"deadline", "timed out"}, {"canceled", "given up"}, {"refused", "refused"},
		{"reset", "connection lost"}, {"eof", "connection lost"}, {"broken pipe", "connection lost"}, {"closed", "connection lost"},
	} {
		if strings.Contains(text, r.word) {
			return r.means
		}
	}
	return "other"
}
