package booking

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// patience is how long a visitor of the line may be silent beyond what a poll's answer asked for and still count as present throughout: a room passes
// over who is silent for longer than its windows of heartbeats, which are no shorter than ten seconds each, two of them at least.
const patience = 10 * time.Second

// OutOfOrder are the admissions that overtook another: of two who were in the line throughout, the one with the larger number was admitted
// first, by the clock of the line. An admission counts once, however many it overtook. The journal must be of one room.
func (j Journal) OutOfOrder() (wrong []string) {
	places := j.places()
	slices.SortFunc(places, func(a, b *place) int {
		return cmp.Or(cmp.Compare(a.epoch, b.epoch), cmp.Compare(a.number, b.number))
	})
	var latest *place
	for _, p := range places {
		if latest != nil && latest.epoch != p.epoch {
			latest = nil
		}
		if latest != nil && p.admitted < latest.admitted {
			wrong = append(wrong, fmt.Sprintf("number %d was admitted %d ms before number %d", p.number, latest.admitted-p.admitted, latest.number))
		}
		if latest == nil || p.admitted > latest.admitted {
			latest = p
		}
	}
	return wrong
}

// place is what the journal says of one visitor who was admitted after waiting without a break.
type place struct {
	epoch, number, admitted int64
}

// places are those of the visitors who were present throughout and admitted.
func (j Journal) places() []*place {
	byVisitor := map[int][]*Told{}
	for i := range j {
		byVisitor[j[i].Visitor] = append(byVisitor[j[i].Visitor], &j[i])
	}
	var all []*place
	for _, told := range byVisitor {
		slices.SortFunc(told, func(a, b *Told) int { return cmp.Compare(a.Sent, b.Sent) })
		if p := admittedAfterWaiting(told); p != nil {
			all = append(all, p)
		}
	}
	return all
}

// admittedAfterWaiting looks through what one visitor was told, in order. It returns nil for who left, fell silent, or was never admitted.
func admittedAfterWaiting(told []*Told) *place {
	var last *Told // heartbeat that was answered
	for _, t := range told {
		beat := t.Action == "join" || t.Action == "poll"
		switch {
		case t.Action == "leave":
			return nil
		case !beat || t.Lost() || t.Number == 0:
			continue
		case last != nil && time.Duration(t.Answered-last.Sent) > time.Duration(last.PollAfterMS)*time.Millisecond+patience:
			return nil
		case t.AdmittedMS > 0:
			return &place{epoch: t.Epoch, number: t.Number, admitted: t.AdmittedMS}
		}
		last = t
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
