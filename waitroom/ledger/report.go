package ledger

import (
	"fmt"
	"io"
	"time"
)

// Report tells of the lines so far. It fails as Add did, and with ErrDocument when there are none.
func (v *Verifier) Report() (*Report, error) {
	switch {
	case v.err != nil:
		return nil, v.err
	case len(v.lines) == 0:
		return nil, because(ErrDocument, "lines", "there are none")
	}
	r := &Report{First: v.lines[0], Last: v.lines[len(v.lines)-1], Head: Hash(v.token), lines: v.lines}
	for i := 1; i < len(v.lines); i++ {
		r.LongestGap = max(r.LongestGap, time.Duration(v.lines[i].At-v.lines[i-1].At)*time.Millisecond)
		if !v.known[i] {
			r.Unjudged++
		}
	}
	return r, nil
}

// Report tells what a verified ledger shows. It is not changed after it was made.
type Report struct {
	First, Last Line
	Head        string        // Hash of the last line: whoever holds another one for this seq holds a fork
	LongestGap  time.Duration // between two lines; nothing is known of the moments in it
	Unjudged    int           // steps from line to line for which rate and cap cannot be judged, see the package
	lines       []Line        // times and epochs never fall
}

// Lines is how many lines were judged.
func (r *Report) Lines() int { return len(r.lines) }

// WriteTo tells the report to people.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	date := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05.000") }
	text := fmt.Sprintf("The ledger of room %s holds: lines %d to %d, one chain, every signature good.\n", r.First.Room, r.First.Seq, r.Last.Seq)
	if r.First.Seq > 1 {
		text += fmt.Sprintf("It begins at line %d; what was before is not judged.\n", r.First.Seq)
	}
	text += fmt.Sprintf("From %s to %s UTC, at most %v between two lines; of the moments between them it tells nothing but the sums.\n", date(r.First.At), date(r.Last.At), r.LongestGap)
	text += fmt.Sprintf("At the end: epoch %d, %d issued, serving %d, %d admitted, %d waiting, %d active.\n",
		r.Last.Epoch, r.Last.Issued, r.Last.Serving, r.Last.AdmittedTotal, r.Last.Waiting, r.Last.Active)
	text += fmt.Sprintf("Rate and cap were kept over %d of %d steps; over the other %d they cannot be judged (a new epoch, a policy that came and went unseen, or passthrough).\n",
		len(r.lines)-1-r.Unjudged, len(r.lines)-1, r.Unjudged)
	text += fmt.Sprintf("Hash of the last line: %s\n", r.Head)
	n, err := io.WriteString(w, text)
	return int64(n), err
}

var _ io.WriterTo = (*Report)(nil)
