package check

import (
	"slices"
	"time"

	"anteroom/loadtest/journal"
)

// visitor is a place, and what the journal says of who has it. A person has one place, a bot many.
type visitor struct {
	id     int
	join   *journal.Record // the join that was answered
	asked  int64           // when it was first asked for: a join that is repeated may be answered with what the first attempt was given
	epoch  int64
	number int64
	turn   int64 // where the place stands in the order of admission: the number, unless it was drawn
	again  bool  // a bot, which has no ticket, was given the number more than once
	leaves int64 // when it first gave the place up; 0 when it did not

	beats      []*journal.Record // answered joins and polls, in order
	returned   *journal.Record   // the first poll after a silence; nil when there was none
	lastSeen   int64             // when the last request was answered or given up
	admittedMS int64             // by the clock of the line, brought to that of the journal; 0 when the visitor did not learn of it
	uses       []span            // requests that the open session was needed for, from sent to answered
	lastUse    int64             // when the last request after the admission was answered or given up
	released   int64             // sent time of the release; 0 when there was none
	freed      int64             // when the release was answered; 0 when it was not
}

// gather returns the places by number, and what the clock of the journal is ahead of that of the line, in milliseconds.
func gather(records []journal.Record) ([]*visitor, int64) {
	people, places := map[int]*visitor{}, map[placeOf]*visitor{}
	var all []*visitor
	for i := range records {
		r := &records[i]
		v := people[r.Visitor]
		switch {
		case r.Action == journal.Probe:
			// The line may admit someone in the middle of a hostile try: an admission like any other. A bot tries with a place that it has;
			// the place of others is known by their tries alone, whoever of them makes the try.
			if r.AdmittedMS == 0 {
				continue
			}
			if v = places[placeOf{r.Visitor, r.Epoch, r.Number}]; v != nil {
				break
			}
			place := placeOf{accomplices, r.Epoch, r.Number}
			if places[place] != nil {
				continue
			}
			v = &visitor{id: r.Visitor, join: r, epoch: r.Epoch, number: r.Number, beats: []*journal.Record{r}}
			places[place] = v
			all = append(all, v)
		case r.Action == journal.Flood:
			place := placeOf{r.Visitor, r.Epoch, r.Number}
			if v = places[place]; v == nil {
				if !isJoin(r) {
					continue
				}
				v = &visitor{id: r.Visitor}
				places[place] = v
				all = append(all, v)
			}
		case v == nil:
			v = &visitor{id: r.Visitor}
			people[r.Visitor] = v
			all = append(all, v)
		}
		v.add(r)
	}
	all = slices.DeleteFunc(all, func(v *visitor) bool { return v.join == nil })
	slices.SortFunc(all, func(a, b *visitor) int {
		return compare(a.epoch, b.epoch, a.number, b.number, int64(a.id), int64(b.id))
	})
	return all, setClock(all)
}

// accomplices stand for all who make hostile tries with the ticket of another one.
const accomplices = -1

type placeOf struct {
	visitor       int
	epoch, number int64
}

// isJoin says that the answer gave a place: to a person once, to a bot again and again.
func isJoin(r *journal.Record) bool {
	return (r.Action == journal.Join || r.Action == journal.Flood) && !r.Lost() && r.Status == 201
}

func (v *visitor) add(r *journal.Record) {
	v.lastSeen = max(v.lastSeen, r.Answered)
	if v.asked == 0 {
		v.asked = r.Sent
	}
	if v.admittedMS > 0 {
		v.lastUse = max(v.lastUse, r.Answered)
	}
	switch r.Action {
	case journal.Leave:
		if v.leaves == 0 {
			v.leaves = r.Sent // even if the answer was lost
		}
	case journal.Release:
		v.released = r.Sent
		if !r.Lost() && r.Status/100 == 2 {
			v.freed = r.Answered
		}
	}
	if r.Lost() {
		return
	}
	switch r.Action {
	case journal.Join, journal.Flood:
		switch {
		case isJoin(r) && v.join == nil:
			v.join, v.epoch, v.number = r, r.Epoch, r.Number
			v.beats = append(v.beats, r)
		case r.Action == journal.Flood && isJoin(r):
			v.again = true
		case r.Action == journal.Flood && r.Status == 200:
			v.beats = append(v.beats, r)
		}
	case journal.Poll, journal.Rejoin, journal.Return: // joining again with the ticket is a heartbeat too
		if r.Status == 200 || r.Status == 201 {
			v.beats = append(v.beats, r)
		}
		if r.Action == journal.Return && v.returned == nil {
			v.returned = r
		}
	case journal.Seats, journal.Hold, journal.Shared:
		if r.Reached {
			v.use(r)
		}
	}
	if r.AdmittedMS > 0 && v.admittedMS == 0 {
		v.admittedMS, v.lastUse = r.AdmittedMS, r.Answered
	}
	if r.State == "admitted" {
		v.use(r)
	}
}

func (v *visitor) use(r *journal.Record) {
	v.uses = append(v.uses, span{r.Sent, r.Answered})
}

// setClock brings the times of admission, which are by the clock of the line, to the clock of the journal. Nobody is admitted before
// asking for a place, nor learns of it before it is so: where that is not as it stands, the line is on another machine, and its clock is
// off by at least as much as is needed to make it so. It returns by how much.
func setClock(visitors []*visitor) int64 {
	least, most := int64(-1<<62), int64(1<<62)
	for _, v := range visitors {
		if v.admittedMS == 0 || v.join.Action == journal.Probe {
			continue
		}
		told := slices.IndexFunc(v.beats, func(b *journal.Record) bool { return b.AdmittedMS > 0 })
		if told < 0 {
			continue
		}
		least = max(least, v.join.Sent/1e6-v.admittedMS)
		most = min(most, v.beats[told].Answered/1e6+1-v.admittedMS)
	}
	offset := int64(0)
	if least <= most {
		offset = min(max(0, least), most)
	}
	for _, v := range visitors {
		if v.admittedMS > 0 {
			v.admittedMS += offset
		}
	}
	return offset
}

// margin is how much earlier than its time a pass is no longer counted as surely good.
const margin = 2 * time.Second

// surelyGood says that the visitor's pass had to open the gate for this request: the session was used again and again since the
// admission with no pause that could have ended it, it was not given back before the answer, and its time was not over when the answer came.
func (v *visitor) surelyGood(r *journal.Record, p journal.Policy) bool {
	if v.admittedMS == 0 || v.released > 0 && r.Answered >= v.released {
		return false
	}
	admitted := v.admittedMS * 1e6
	heard := admitted
	for _, use := range v.uses {
		if use.from < r.Sent && time.Duration(use.to-heard) < p.Idle-margin {
			heard = max(heard, use.from)
		}
	}
	return time.Duration(r.Answered-heard) < p.Idle-margin && time.Duration(r.Answered-admitted) < p.Limit-margin
}

// present says that the visitor was in the line throughout: never left, and no two heartbeats so far apart that the line could
// have taken it for gone. The line may see a heartbeat anywhere between sent and answered, so the gap is counted from the
// sending of one to the answer to the next, and half of the room's patience is the bound.
func (v *visitor) present(p journal.Policy) bool {
	if v.leaves > 0 || len(v.beats) == 0 {
		return false
	}
	return v.heardUntil(v.beats[len(v.beats)-1].Answered, p)
}

// heardUntil says that from the joining to a moment no two heartbeats, nor the last one and the moment, were so far apart that the line could
// have taken the visitor for gone.
func (v *visitor) heardUntil(moment int64, p journal.Policy) bool {
	last := v.beats[0].Sent
	for _, b := range v.beats[1:] {
		if b.Answered > moment {
			break
		}
		if time.Duration(b.Answered-last) > p.Ghost/2 {
			return false
		}
		last = b.Sent
	}
	return time.Duration(moment-last) <= p.Ghost/2
}

// lastWaiting is the sent time of the last heartbeat that was told to wait; 0 when there was none. The join is not one: its answer may
// have been on its way for long.
func (v *visitor) lastWaiting() int64 {
	for _, b := range slices.Backward(v.beats) {
		if b != v.join && b.State == "waiting" {
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
