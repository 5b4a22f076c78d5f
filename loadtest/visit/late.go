package visit

import (
	"time"

	"anteroom/loadtest/journal"
)

// silence is that of somebody who will come back late.
type silence struct {
	since   time.Time
	ignored bool // the line had not come to the visitor yet when it had surely forgotten it
	over    bool
}

// fallSilent begins a silence that lasts until the line has gone past the visitor, which the room tells everybody in public: looking there
// is no heartbeat.
func (v *visitor) fallSilent(now time.Time) {
	v.silent.since = now
	v.at(now.Add(v.forgotten()), v.lookFromAfar)
}

// forgotten is after how long a silence the line has surely taken the visitor for gone.
func (v *visitor) forgotten() time.Duration {
	return promised(v.policy.Ghost, v.profile.Room.GhostSeconds, 45*time.Second)*3/2 + time.Second
}

// promised is what a room promises; where it did not tell, what the profile wanted of it, else what most rooms do.
func promised(told time.Duration, wanted int, usual time.Duration) time.Duration {
	switch {
	case told > 0:
		return told
	case wanted > 0:
		return time.Duration(wanted) * time.Second
	}
	return usual
}

// lookFromAfar looks whether the visitor was passed over. If so it comes back within the grace.
func (v *visitor) lookFromAfar() {
	now := time.Now()
	grace := promised(v.policy.Grace, v.profile.Room.ReturnGraceSeconds, time.Minute)
	turn, known := v.turn()
	passed := known && v.serving.Load() >= turn
	switch {
	case passed && v.silent.ignored:
		v.comeBack(journal.Return, now.Add(time.Duration(v.rand.Int64N(int64(grace)/2+1))))
	case passed, v.waiting.Load() == 0:
		// It may have been admitted before it was forgotten, or nobody is left to pass it over: this is a poll like any other.
		v.comeBack(journal.Poll, now)
	default:
		v.silent.ignored = true
		v.at(now.Add(time.Second), v.lookFromAfar)
	}
}

// turn is where the visitor stands in the order of admission; false while that is not known, because it is still to be drawn.
func (v *visitor) turn() (int64, bool) {
	switch {
	case v.place.Drawn > 0:
		return v.place.Drawn, true
	case v.policy.Method == "draw" && v.place.State == "prequeue":
		return 0, false
	}
	return v.place.Number, true
}

func (v *visitor) comeBack(as journal.Action, due time.Time) {
	v.silent.over = true
	v.status(as, due)
}
