package tenmillion

import (
	"bytes"
	"fmt"
	"math"
	"time"

	"anteroom/loadtest/tenmillion/proof"
)

// tooLate is the outcome of a visit that went on for longer than the session.
const tooLate = "asked when the session was over"

// visitor is one who comes over HTTP. It holds no pointer, because there are a million of them. Times are journal times.
type visitor struct {
	number, epoch          int64
	joinSent, joinAnswered int64
	lastBeat               int64 // sent time of the last answered heartbeat
	lastHeard              int64 // answered time of the same
	maxGap                 int64
	toldMS                 int64
	returned               int64
	ticketAt               uint32 // where the ticket begins in the worker's tickets
	ticketLen              uint16
	lostJoins              uint16
	failures               uint16
	home                   int32
	polls                  int32
	end                    proof.End
}

func (w *worker) visit(i uint32, due time.Time) {
	v := &w.visitors[i]
	id := w.id(i)
	if v.number == 0 {
		w.doJoin(i, v, due)
		return
	}
	if ghost(id) && w.silent.Load() > 0 && v.returned == 0 {
		switch {
		case !comesBack(id):
			w.finish("fell silent")
			return
		case v.number >= w.feed.serving.Load() && !w.comeBack.Load():
			w.wheel.put(i, time.Now().Add(time.Second)) // not passed over yet
			return
		}
	}
	w.doPoll(i, v, due)
}

func (w *worker) doJoin(i uint32, v *visitor, due time.Time) {
	v.home = int32(w.id(i) % len(w.wires))
	w.perSec.count(time.Now(), true)
	r, status, sent, answered, err := w.wires[v.home].ask("POST", "/waitroom/v1/"+w.o.Room+"/join")
	w.lag.add(sent.Sub(due))
	w.join.add(answered.Sub(due))
	w.joinAnswers[kind(r, status, err)]++
	if err != nil || status >= 500 {
		v.lostJoins++ // the line may have given a number
	}
	if w.again(i, v, status, answered, err) {
		if v.end == proof.ToldOther {
			w.joined.Add(1)
		}
		return
	}
	defer w.joined.Add(1)
	if status != 201 || r.Number <= 0 || !w.keep(v, []byte(r.Ticket)) {
		v.end = proof.ToldOther
		w.finish("unexpected at join: " + kind(r, status, err))
		return
	}
	v.number, v.epoch = r.Number, r.Epoch
	v.joinSent, v.joinAnswered = w.clock.At(sent), w.clock.At(answered)
	v.lastBeat, v.lastHeard = v.joinSent, v.joinAnswered
	w.goOn(i, v, r, answered)
}

// doPoll asks where the visitor stands, each time at another gateway, as behind a load balancer.
func (w *worker) doPoll(i uint32, v *visitor, due time.Time) {
	wire := w.wires[(int(v.home)+int(v.polls))%len(w.wires)]
	ticket := w.tickets[v.ticketAt : v.ticketAt+uint32(v.ticketLen)]
	w.perSec.count(time.Now(), false)
	r, status, sent, answered, err := wire.ask("GET", "/waitroom/v1/"+w.o.Room+"/status", w.head, ticket)
	w.lag.add(sent.Sub(due))
	w.poll.add(answered.Sub(due))
	w.pollAnswers[kind(r, status, err)]++
	if w.again(i, v, status, answered, err) {
		return
	}
	if status != 200 || r.Number != v.number || r.Epoch != v.epoch {
		v.end = proof.ToldOther
		w.finish("unexpected at poll: " + kind(r, status, err))
		return
	}
	if ghost(w.id(i)) && w.silent.Load() > 0 && v.returned == 0 {
		if comesBack(w.id(i)) && v.lastHeard < w.silent.Load() && w.opened.Load() > 0 {
			v.returned = w.clock.At(sent)
		}
	}
	if v.returned == 0 && r.State == "waiting" {
		v.maxGap = max(v.maxGap, w.clock.At(answered)-v.lastBeat)
		v.lastBeat, v.lastHeard = w.clock.At(sent), w.clock.At(answered)
	}
	w.goOn(i, v, r, answered)
}

// goOn does what the state of the place asks for.
func (w *worker) goOn(i uint32, v *visitor, r reply, answered time.Time) {
	switch r.State {
	case "waiting", "prequeue":
		v.polls++
		pause := w.pause(i, r.Ahead)
		if v.returned > 0 {
			pause = time.Second
		}
		w.wheel.put(i, answered.Add(pause))
	case "admitted":
		v.end = proof.ToldAdmitted
		if r.AdmittedAt != nil {
			v.toldMS = r.AdmittedAt.UnixMilli()
		}
		w.finish("admitted")
	case "passed":
		v.end = proof.ToldPassed
		w.finish(tooLate)
	default:
		v.end = proof.ToldOther
		w.finish("told " + r.State + " while waiting")
	}
}

// again puts a visitor back who got no answer, or none that helps, and says whether it did so or gave up.
func (w *worker) again(i uint32, v *visitor, status int, answered time.Time, err error) bool {
	if err == nil && status < 500 && status != 429 {
		v.failures = 0
		return false
	}
	if v.failures++; v.failures >= maxFailures {
		v.end = proof.ToldOther
		w.finish("gave up")
		return true
	}
	w.wheel.put(i, answered.Add(500*time.Millisecond))
	return true
}

func (w *worker) finish(outcome string) {
	w.outcomes[outcome]++
	w.done.Add(1)
}

// keep stores a ticket without the header, which is the same for all.
func (w *worker) keep(v *visitor, ticket []byte) bool {
	dot := bytes.IndexByte(ticket, '.')
	if dot < 0 || len(ticket)-dot > math.MaxUint16 {
		return false
	}
	if w.head == nil {
		w.head = bytes.Clone(ticket[:dot])
	}
	if !bytes.Equal(ticket[:dot], w.head) {
		return false
	}
	v.ticketAt, v.ticketLen = uint32(len(w.tickets)), uint16(len(ticket)-dot)
	w.tickets = append(w.tickets, ticket[dot:]...)
	return true
}

// kind names an answer for the report.
func kind(r reply, status int, err error) string {
	switch {
	case err != nil:
		return "no answer"
	case r.Type != "":
		return fmt.Sprintf("%d %s", status, r.Type)
	default:
		return fmt.Sprint(status)
	}
}
