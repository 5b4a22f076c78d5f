package ledger

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// CheckReceipt judges a place that a verified receipt states: at the last line before its time the number had not been given yet,
// at the first line after it, it had. So a place that is slipped in afterwards, with an earlier time or a smaller number, is
// seen. Numbers may jump. Lines of the very millisecond of the join tell nothing: they may be from before or after it.
//
// It fails with ErrReceipt, or with ErrNotCovered when the ledger has no line on one of the two sides.
func (r *Report) CheckReceipt(t auth.Ticket) error {
	if t.Room != r.First.Room {
		return because(ErrReceipt, "room", "is %q, the ledger is of %q", t.Room, r.First.Room)
	}
	joined := t.JoinedAt.UnixMilli()
	before := sort.Search(len(r.lines), func(i int) bool { return r.lines[i].At >= joined }) - 1
	after := sort.Search(len(r.lines), func(i int) bool { return r.lines[i].At > joined })

	if before >= 0 {
		switch l := r.lines[before]; {
		case l.Epoch > t.Epoch:
			return because(ErrReceipt, "epoch", "is %d, but at line %d, before joined_at, epoch %d had begun", t.Epoch, l.Seq, l.Epoch)
		case l.Epoch == t.Epoch && t.Number <= l.Issued:
			return because(ErrReceipt, "number", "is %d, but at line %d, before joined_at, %d had been issued already", t.Number, l.Seq, l.Issued)
		}
	}
	if after < len(r.lines) {
		switch l := r.lines[after]; {
		case l.Epoch < t.Epoch:
			return because(ErrReceipt, "epoch", "is %d, but at line %d, after joined_at, it was still epoch %d", t.Epoch, l.Seq, l.Epoch)
		case l.Epoch == t.Epoch && t.Number > l.Issued:
			return because(ErrReceipt, "number", "is %d, but at line %d, after joined_at, only %d had been issued", t.Number, l.Seq, l.Issued)
		}
	}
	switch {
	case before < 0 && r.First.Seq > 1:
		return because(ErrNotCovered, "joined_at", "is before the first line given, %d", r.First.Seq)
	case after == len(r.lines):
		return because(ErrNotCovered, "joined_at", "is not before the last line given, %d: ask for a later ledger", r.Last.Seq)
	case r.lines[after].Epoch != t.Epoch:
		return because(ErrNotCovered, "epoch", "%d has no line after joined_at; line %d is of epoch %d", t.Epoch, r.lines[after].Seq, r.lines[after].Epoch)
	}
	return nil
}

// CheckReceipts judges several places, each by the ledger and each two by one another, see Agree. An ErrReceipt comes before an ErrNotCovered.
func (r *Report) CheckReceipts(places []auth.Ticket) error {
	var uncovered error
	for _, t := range places {
		if err := r.CheckReceipt(t); fault.From(err) != nil && fault.From(err).Type == ErrReceipt.Type {
			return err
		} else if err != nil && uncovered == nil {
			uncovered = err
		}
	}
	if err := Agree(places); err != nil {
		return err
	}
	return uncovered
}

// Agree judges places by one another: in one room and epoch, who has the smaller number did not join later, and nobody has the same
// number with another time. It needs no ledger. It fails with ErrReceipt.
func Agree(places []auth.Ticket) error {
	places = slices.Clone(places)
	slices.SortFunc(places, func(a, b auth.Ticket) int {
		return cmp.Or(cmp.Compare(a.Room, b.Room), cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Number, b.Number), a.JoinedAt.Compare(b.JoinedAt))
	})
	for i := 1; i < len(places); i++ {
		a, b := places[i-1], places[i]
		switch {
		case a.Room != b.Room || a.Epoch != b.Epoch:
		case a.Number == b.Number && !a.JoinedAt.Equal(b.JoinedAt):
			return because(ErrReceipt, "number", "%d was given twice, at %s and at %s", a.Number, clock(a), clock(b))
		case a.JoinedAt.After(b.JoinedAt):
			return because(ErrReceipt, "joined_at", "of number %d, %s, is after that of number %d, %s", a.Number, clock(a), b.Number, clock(b))
		}
	}
	return nil
}

func clock(t auth.Ticket) string { return t.JoinedAt.UTC().Format(time.RFC3339Nano) }
