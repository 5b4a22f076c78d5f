package ledger

import "anteroom/internal/fault"

// Follows judges two lines that stand one after the other, prev with the signed text prevToken. It fails with ErrBroken. A writer can
// use it to see a line that would not hold before signing it.
func Follows(prevToken string, prev, next Line) error {
	if err := chained(prevToken, prev, next); err != nil {
		return err
	}
	if next.Epoch != prev.Epoch {
		return nil
	}
	for _, f := range []struct {
		name      string
		from, now int64
	}{
		{"issued", prev.Issued, next.Issued}, {"serving", prev.Serving, next.Serving},
		{"admitted_total", prev.AdmittedTotal, next.AdmittedTotal}, {"policy_version", prev.PolicyVersion, next.PolicyVersion},
	} {
		if f.now < f.from {
			return broken(next.Seq, f.name, "fell from %d to %d within epoch %d", f.from, f.now, next.Epoch)
		}
	}
	if next.PolicyVersion != prev.PolicyVersion {
		return nil
	}
	switch {
	case next.RatePerMinute != prev.RatePerMinute:
		return broken(next.Seq, "rate_per_minute", "went from %d to %d under one policy_version", prev.RatePerMinute, next.RatePerMinute)
	case next.MaxActive != prev.MaxActive:
		return broken(next.Seq, "max_active", "went from %d to %d under one policy_version", prev.MaxActive, next.MaxActive)
	}
	return nil
}

// chained judges what must hold through epochs too.
func chained(prevToken string, prev, next Line) *fault.Error {
	switch {
	case next.Seq != prev.Seq+1:
		return broken(prev.Seq+1, "seq", "is %d: a line is missing, repeated or out of its place", next.Seq)
	case next.Prev != Hash(prevToken):
		return broken(next.Seq, "prev", "is %s, but line %d has the hash %s", next.Prev, prev.Seq, Hash(prevToken))
	case next.Room != prev.Room:
		return broken(next.Seq, "room", "is %q, but line %d is of %q", next.Room, prev.Seq, prev.Room)
	case next.At < prev.At:
		return broken(next.Seq, "at", "went back from %d to %d", prev.At, next.At)
	case next.Epoch < prev.Epoch:
		return broken(next.Seq, "epoch", "fell from %d to %d", prev.Epoch, next.Epoch)
	}
	return nil
}
