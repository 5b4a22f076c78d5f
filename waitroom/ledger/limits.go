package ledger

import "anteroom/internal/fault"

// window is what the rate is counted over, in milliseconds.
const window = 60_000

// judgeable reports whether the policies in force between two lines that stand one after the other are known: those of the
// two lines and no other. Then the larger limit of the two is an honest bound.
func judgeable(prev, next Line) bool {
	return prev.Method != Passthrough && next.Method != Passthrough &&
		prev.Epoch == next.Epoch && next.PolicyVersion-prev.PolicyVersion <= 1
}

// checkLimits judges rate and cap of the newest line against those before it. known[i] tells whether the step from line i-1 to line i
// is judgeable.
//
// Times are whole milliseconds, rounded down, so what lies between two of them took less than their difference and one more. A stretch
// of at most 59,999 ms therefore lies within some 60 s, over which nobody may be admitted beyond the largest rate in force.
func checkLimits(lines []Line, known []bool) *fault.Error {
	last := len(lines) - 1
	now := lines[last]
	if last == 0 || !known[last] {
		return nil
	}
	prev := lines[last-1]
	// The cap may have been cut: those who are inside stay, but nobody is added.
	if most := max(prev.MaxActive, now.MaxActive, prev.Active); now.Active > most {
		return broken(now.Seq, "active", "is %d, over max_active %d and more than the %d of line %d", now.Active, max(prev.MaxActive, now.MaxActive), prev.Active, prev.Seq)
	}
	rate := now.RatePerMinute
	for i := last - 1; i >= 0 && known[i+1]; i-- {
		from := lines[i]
		span := now.At - from.At
		if span >= window && i < last-1 {
			break
		}
		rate = max(rate, from.RatePerMinute)
		// Two lines more than 60 s apart still allow no more than as many windows as it takes to cover what is between them.
		windows := span/window + 1
		if admitted := now.AdmittedTotal - from.AdmittedTotal; admitted/windows > rate || admitted/windows == rate && admitted%windows > 0 {
			return broken(now.Seq, "admitted_total", "rose by %d within %d ms since line %d, over the largest rate_per_minute in force, %d", admitted, span, from.Seq, rate)
		}
	}
	return nil
}
