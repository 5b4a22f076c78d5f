package check

import (
	"fmt"
	"time"
)

// goneNotAdmitted looks at those who came back after a silence: none of them may have been admitted while gone, because the slot
// would have been kept for nobody.
func goneNotAdmitted(e *evidence) Check {
	c := Check{Name: "nobody admitted while gone"}
	if e.policy.Ghost == 0 {
		c.Missing = "after what silence the room takes somebody for gone is not known"
		return c
	}
	for _, v := range e.visitors {
		if v.returned == nil || v.admittedMS == 0 {
			continue
		}
		c.Of++
		silent := v.heardBefore()
		if at := v.admittedMS * 1e6; at > silent+int64(gone(e.policy)) && at < v.returned.Sent-int64(time.Second) {
			c.Violate("number %d (visitor %d) was admitted %.1f s after it had last been heard, %.1f s before it came back",
				v.number, v.id, float64(at-silent)/1e9, float64(v.returned.Sent-at)/1e9)
		}
	}
	c.Note = "visitors who came back after a silence"
	return c
}

// heardBefore is when the visitor may last have been heard before it came back.
func (v *visitor) heardBefore() (at int64) {
	for _, b := range v.beats {
		if b == v.returned {
			return at
		}
		at = b.Answered
	}
	return at
}

// returnedNext looks at those who were surely passed over while they were gone and came back within the grace: each is admitted before
// anybody else who was not admitted when it came back. It says nothing of those whose turn came while the line may still have
// taken them for present: these may have been admitted without learning of it.
func returnedNext(e *evidence) Check {
	c := Check{Name: "who comes back within the grace is admitted next", Missing: e.undrawn}
	if c.Missing != "" {
		return c
	}
	next := e.nextAdmissions()
	var early int64
	for i, v := range e.inTurn {
		if v.returned == nil || v.leaves > 0 {
			continue
		}
		turn := next[i] * 1e6 // when it was passed over: a later turn was admitted
		back := v.returned.Answered
		switch {
		case next[i] == 0, turn > v.returned.Sent-int64(staleness): // it was not passed over: it waits as before
			continue
		case turn < v.heardBefore()+int64(gone(e.policy)):
			early++
			continue
		case back > turn+int64(e.policy.Grace-margin), e.faulty(v.returned.Sent, back+int64(staleness)):
			continue
		}
		overtaken := e.firstAdmittedAfter(v, back+int64(staleness))
		switch {
		case v.admittedMS == 0 && (v.returned.State == "passed" || v.returned.State == "expired"):
			c.Of++
			c.Violate("number %d (visitor %d) came back %.1f s after having been passed over and was told %q", v.number, v.id, float64(back-turn)/1e9, v.returned.State)
		case v.admittedMS == 0 && (overtaken == nil || v.lastWaiting() < overtaken.admittedMS*1e6+int64(staleness)):
			// It went away again, or the run ended, before it can have been its turn.
		case overtaken != nil && (v.admittedMS == 0 || overtaken.admittedMS < v.admittedMS):
			c.Of++
			c.Violate("number %d (visitor %d) came back, and number %d was admitted %.1f s later and before it", v.number, v.id, overtaken.number, float64(overtaken.admittedMS*1e6-back)/1e9)
		default:
			c.Of++
		}
	}
	c.Note = fmt.Sprintf("visitors who were passed over and came back; of %d more the turn came while they may still have counted as present", early)
	return c
}

// firstAdmittedAfter is who was the first to be admitted after a moment, of all but those who came back themselves.
func (e *evidence) firstAdmittedAfter(me *visitor, moment int64) *visitor {
	var first *visitor
	for _, v := range e.visitors {
		if v == me || v.returned != nil || v.admittedMS*1e6 <= moment {
			continue
		}
		if first == nil || v.admittedMS < first.admittedMS {
			first = v
		}
	}
	return first
}
