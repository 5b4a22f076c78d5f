package journal

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Log is a journal that was read, or several that were merged.
type Log struct {
	Path       string // of the file; of several, joined by commas
	Header     Header
	Records    []Record // in the order in which they were added; merged: by when they were answered
	Samples    []Sample
	Generators []Generator
	Faults     []Fault
	Audit      *Audit // nil when the run did not come to it
	End        *End   // nil when the run did not come to it

	// Incomplete says why requests may have been sent that are not among Records: the journal was cut short, or it is one part of
	// several. Empty when every request is there. What needs all requests is not judged from an incomplete log.
	Incomplete string
}

// Merge puts the parts of one run together. It refuses what does not belong together, and names it: another run, the same part twice,
// parts written on several machines, whose clocks say nothing of each other. Parts that are absent are named in Incomplete.
func Merge(logs []*Log) (*Log, error) {
	if len(logs) == 0 {
		return nil, errors.New("merge journals: there are none")
	}
	if len(logs) == 1 {
		return logs[0], nil
	}
	logs = slices.Clone(logs)
	slices.SortStableFunc(logs, func(a, b *Log) int { return cmp.Compare(a.Header.Part, b.Header.Part) })
	first := logs[0]
	merged := &Log{Header: first.Header, End: &End{Outcomes: map[string]int{}}}
	var paths, incomplete []string
	present := make([]bool, max(first.Header.Parts, 1))
	for _, l := range logs {
		if err := belongs(first, l); err != nil {
			return nil, err
		}
		if present[l.Header.Part] {
			return nil, fmt.Errorf("merge journals: %s is part %d of %d, which is there already", l.Path, l.Header.Part, l.Header.Parts)
		}
		present[l.Header.Part] = true
		merged.take(l, first.Header.Clock.Offset-l.Header.Clock.Offset)
		paths = append(paths, l.Path)
		if l.Incomplete != onePart(l.Header) { // that it is one part says nothing any more
			incomplete = append(incomplete, l.Incomplete)
		}
	}
	for part, there := range present {
		if !there {
			incomplete = append(incomplete, fmt.Sprintf("part %d of %d is not there", part, len(present)))
		}
	}
	incomplete = slices.DeleteFunc(incomplete, func(s string) bool { return s == "" })
	merged.Path, merged.Incomplete = strings.Join(paths, ","), strings.Join(incomplete, "; ")
	merged.sort()
	return merged, nil
}

// belongs says why b is not of the same run as a.
func belongs(a, b *Log) error {
	x, y := a.Header, b.Header
	differs := func(what string, one, other any) error {
		return fmt.Errorf("merge journals: %s and %s are not of one run: %s is %v in one and %v in the other", a.Path, b.Path, what, one, other)
	}
	switch {
	case x.Suite != y.Suite:
		return differs("the suite", x.Suite, y.Suite)
	case x.Seed != y.Seed:
		return differs("the seed", x.Seed, y.Seed)
	case !x.Began.Equal(y.Began):
		return differs("the beginning", x.Began, y.Began)
	case x.Room != y.Room:
		return differs("the room", x.Room, y.Room)
	case !slices.Equal(x.Gateways, y.Gateways):
		return differs("the list of gateways", x.Gateways, y.Gateways)
	case x.Parts != y.Parts:
		return differs("the number of parts", x.Parts, y.Parts)
	case !bytes.Equal(x.Profile, y.Profile):
		return fmt.Errorf("merge journals: %s and %s are not of one run: they have different profiles", a.Path, b.Path)
	case y.Part < 0 || y.Part >= max(y.Parts, 1):
		return fmt.Errorf("merge journals: %s says that it is part %d of %d", b.Path, y.Part, y.Parts)
	case x.Clock.Boot != y.Clock.Boot || a != b && x.Clock.Boot == "":
		return fmt.Errorf("merge journals: %s and %s were not written on one machine since its last start: their clocks say nothing of each other", a.Path, b.Path)
	}
	return nil
}

// take adds a part, its times moved by shift to the clock of the first.
func (l *Log) take(part *Log, shift int64) {
	for _, r := range part.Records {
		r.Scheduled, r.Sent, r.Answered = r.Scheduled+shift, r.Sent+shift, r.Answered+shift
		l.Records = append(l.Records, r)
	}
	for _, s := range part.Samples {
		s.At += shift
		l.Samples = append(l.Samples, s)
	}
	for _, g := range part.Generators {
		g.At += shift
		l.Generators = append(l.Generators, g)
	}
	for _, f := range part.Faults {
		f.At += shift
		l.Faults = append(l.Faults, f)
	}
	l.addAudit(part.Audit)
	l.addEnd(part.End, shift)
}

// addAudit adds the tokens that a part checked to the audit of the one that audited the whole.
func (l *Log) addAudit(a *Audit) {
	switch {
	case a == nil:
	case l.Audit == nil:
		whole := *a
		l.Audit = &whole
	default:
		l.Audit.BadTokens = slices.Concat(l.Audit.BadTokens, a.BadTokens)
		l.Audit.TokensChecked += a.TokensChecked
	}
}

// addEnd adds up what the parts counted. The whole came to its end only if all parts did; the worst reason is that of the whole.
func (l *Log) addEnd(e *End, shift int64) {
	if e == nil || l.End == nil {
		l.End = nil
		return
	}
	rank := map[string]int{"": 0, "done": 1, "deadline": 2, "interrupted": 3}
	if rank[e.Why] >= rank[l.End.Why] {
		l.End.Why = e.Why
	}
	l.End.At, l.End.Seconds = max(l.End.At, e.At+shift), max(l.End.Seconds, e.Seconds)
	l.End.Visitors += e.Visitors
	l.End.Requests += e.Requests
	for how, n := range e.Outcomes {
		l.End.Outcomes[how] += n
	}
}

func (l *Log) sort() {
	slices.SortStableFunc(l.Records, func(a, b Record) int { return cmp.Compare(a.Answered, b.Answered) })
	slices.SortStableFunc(l.Samples, func(a, b Sample) int { return cmp.Compare(a.At, b.At) })
	slices.SortStableFunc(l.Generators, func(a, b Generator) int { return cmp.Compare(a.At, b.At) })
	slices.SortStableFunc(l.Faults, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
}

// onePart is why a journal that is one of several is incomplete by itself.
func onePart(h Header) string {
	if h.Parts <= 1 {
		return ""
	}
	return fmt.Sprintf("it is part %d of %d", h.Part, h.Parts)
}
