package ledger

// HashAt is the Hash of the line with this seq, empty when the report has no such line.
func (r *Report) HashAt(seq int64) string {
	switch i := seq - r.First.Seq; {
	case i < 0 || i >= int64(len(r.lines)):
		return ""
	case seq == r.Last.Seq:
		return r.Head
	default:
		return r.lines[i+1].Prev
	}
}

// Agree judges two copies of a ledger: at the last line that both have, they must have the same, and so all before it. It fails
// with ErrBroken when the ledger was forked, with ErrDocument when they have no line in common.
func (r *Report) Agree(other *Report) error {
	seq := min(r.Last.Seq, other.Last.Seq)
	ours, theirs := r.HashAt(seq), other.HashAt(seq)
	switch {
	case r.First.Room != other.First.Room:
		return broken(seq, "room", "is %q in one copy and %q in the other", r.First.Room, other.First.Room)
	case ours == "" || theirs == "":
		return because(ErrDocument, "lines", "the copies have none in common: %d to %d and %d to %d", r.First.Seq, r.Last.Seq, other.First.Seq, other.Last.Seq)
	case ours != theirs:
		return broken(seq, "hash", "is %s in one copy and %s in the other: the ledger was forked", ours, theirs)
	}
	return nil
}
