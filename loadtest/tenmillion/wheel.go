package tenmillion

import "time"

// slotTime is how finely a wheel tells times apart.
const slotTime = 10 * time.Millisecond

// wheel holds numbers until they are due, at a cost that does not grow with how many there are. What is due further ahead than one turn of
// the wheel comes up at the end of the turn.
type wheel struct {
	start time.Time
	next  int64 // the slot that is taken next
	slots [][]uint32
}

func newWheel(start time.Time, horizon time.Duration) *wheel {
	return &wheel{start: start, slots: make([][]uint32, int(horizon/slotTime)+2)}
}

// put adds one that is due at a time. What was due in the past comes up next.
func (w *wheel) put(id uint32, due time.Time) {
	slot := int64((due.Sub(w.start) + slotTime - 1) / slotTime) // never early
	slot = min(max(slot, w.next), w.next+int64(len(w.slots))-1)
	at := slot % int64(len(w.slots))
	w.slots[at] = append(w.slots[at], id)
}

// take returns who is due by now, of one slot, with the time of that slot; ok is false when there is none.
func (w *wheel) take(now time.Time) (ids []uint32, due time.Time, ok bool) {
	for upto := int64(now.Sub(w.start) / slotTime); w.next <= upto; {
		at := w.next % int64(len(w.slots))
		ids, due = w.slots[at], w.start.Add(time.Duration(w.next)*slotTime)
		w.slots[at] = nil
		w.next++
		if len(ids) > 0 {
			return ids, due, true
		}
	}
	return nil, time.Time{}, false
}

// move gives everybody a new time, which due finds from the old one.
func (w *wheel) move(due func(id uint32, old time.Time) time.Time) {
	old := w.slots
	w.slots = make([][]uint32, len(old))
	for slot := w.next; slot < w.next+int64(len(old)); slot++ {
		at := w.start.Add(time.Duration(slot) * slotTime)
		for _, id := range old[slot%int64(len(old))] {
			w.put(id, due(id, at))
		}
	}
}
