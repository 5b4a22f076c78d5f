package check

import (
	"slices"
	"time"

	"anteroom/loadtest/journal"
)

// visitor is what the journal says of one visitor, put together.
type visitor struct {
	id      int
	gateway int
	join    *journal.Record // the join that was answered; nil when there was none
	epoch   int64
	number  int64
	left    bool

	beats      []*journal.Record // answered joins and polls, in order
	admittedMS int64             // by the clock of the line; 0 when the visitor did not learn of it
	active     []int64           // sent times of the requests that the open session was needed for
	lastActive int64             // the last of these
	released   int64             // sent time of the release; 0 when there was none
}

// gather returns the visitors by number; those who got no place are left out.
func gather(records []journal.Record) []*visitor {
	byID, meanwhile := map[int]*visitor{}, map[[2]int64]bool{}
	for i := range records {
		r := &records[i]
		if r.Action == journal.Probe {
			if place := [2]int64{r.Epoch, r.Number}; r.AdmittedMS > 0 && !meanwhile[place] { // the line admitted someone in the middle of a hostile try: an admission like any other
				meanwhile[place] = true
				byID[r.Visitor] = &visitor{id: r.Visitor, gateway: r.Gateway, join: r, epoch: r.Epoch, number: r.Number, beats: []*journal.Record{r}, admittedMS: r.AdmittedMS}
			}
			continue
		}
		v := byID[r.Visitor]
		if v == nil {
			v = &visitor{id: r.Visitor}
			byID[r.Visitor] = v
		}
		v.add(r)
	}
	var all []*visitor
	for _, v := range byID {
		if v.join != nil {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b *visitor) int {
		return compare(a.epoch, b.epoch, a.number, b.number, int64(a.id), int64(b.id))
	})
	return all
}

func (v *visitor) add(r *journal.Record) {
	if r.Action == journal.Leave {
		v.left = true // even if the answer was lost
	}
	if r.Action == journal.Release {
		v.released = r.Sent
	}
	if r.Lost() {
		return
	}
	switch r.Action {
	case journal.Join:
		if r.Status == 201 && v.join == nil {
			v.join, v.epoch, v.number, v.gateway = r, r.Epoch, r.Number, r.Gateway
			v.beats = append(v.beats, r)
		}
	case journal.Poll, journal.Rejoin: // joining again with the ticket is a heartbeat too
		if r.Status == 200 || r.Status == 201 {
			v.beats = append(v.beats, r)
		}
	case journal.Seats, journal.Hold:
		if r.Reached {
			v.use(r)
		}
	}
	if r.AdmittedMS > 0 && v.admittedMS == 0 {
		v.admittedMS = r.AdmittedMS
	}
	if r.State == "admitted" {
		v.use(r)
	}
}

func (v *visitor) use(r *journal.Record) {
	v.active = append(v.active, r.Sent)
	v.lastActive = max(v.lastActive, r.Sent)
}

// margin is how much earlier than its time a pass is no longer counted as surely good.
const margin = 2 * time.Second

// surelyGood says that the visitor's pass had to open the gate for this request: the session had been used shortly before, and its time
// was not over when the answer came.
func (v *visitor) surelyGood(r *journal.Record, p Policy) bool {
	used := v.admittedMS * 1e6
	for _, at := range v.active {
		if at < r.Sent {
			used = max(used, at)
		}
	}
	return v.admittedMS > 0 && time.Duration(r.Answered-used) < p.Idle-margin && time.Duration(r.Answered-v.admittedMS*1e6) < p.Limit-margin
}

// present says that the visitor was in the line throughout: never left, and no two heartbeats so far apart that the line could
// have taken it for gone. The line may see a heartbeat anywhere between sent and answered, so the gap is counted from the
// sending of one to the answer to the next, and half of the room's patience is the bound.
func (v *visitor) present(p Policy) bool {
	if v.left || len(v.beats) == 0 {
		return false
	}
	for i := 1; i < len(v.beats); i++ {
		if time.Duration(v.beats[i].Answered-v.beats[i-1].Sent) > p.Ghost/2 {
			return false
		}
	}
	return true
}

// lastWaiting is the sent time of the last poll that was told to wait; 0 when there was none.
func (v *visitor) lastWaiting() int64 {
	for _, b := range slices.Backward(v.beats) {
		if b.Action == journal.Poll && b.State == "waiting" {
			return b.Sent
		}
	}
	return 0
}

// compare orders by pairs of keys, the first difference deciding.
func compare(pairs ...int64) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != pairs[i+1] {
			if pairs[i] < pairs[i+1] {
				return -1
			}
			return 1
		}
	}
	return 0
}
