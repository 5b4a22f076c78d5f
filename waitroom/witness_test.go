package waitroom

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/internal/auth"
)

// notes is an Observer that keeps what it is told.
type notes struct {
	served   []int64
	outcomes []Outcome
	off      []time.Duration
}

func (n *notes) Served(place Place) { n.served = append(n.served, place.Number) }
func (n *notes) Estimated(_ string, outcome Outcome, off time.Duration) {
	n.outcomes, n.off = append(n.outcomes, outcome), append(n.off, off)
}

func TestJudge(t *testing.T) {
	t.Parallel()
	r := Range{Low: 60, High: 90}
	for waited, want := range map[time.Duration]struct {
		o   Outcome
		off time.Duration
	}{59 * time.Second: {Early, time.Second}, time.Minute: {Within, 0}, 90 * time.Second: {Within, 0}, 100 * time.Second: {Late, 10 * time.Second}} {
		o, off := r.Judge(waited)
		assert.Equal(t, want.o, o)
		assert.Equal(t, want.off, off)
	}
}

func TestAnAdmissionIsToldOnce(t *testing.T) {
	t.Parallel()
	var seen notes
	w := newWitness(&seen)
	joined := time.Unix(1000, 0)
	ticket := auth.Ticket{JoinedAt: joined, EstimateLow: 60, EstimateHigh: 90}
	place := func(epoch, number int64, state State) Place {
		return Place{Room: "arena", Epoch: epoch, Number: number, Rank: number, State: state, AdmittedAt: joined.Add(70 * time.Second)}
	}
	for range 3 {
		w.admitted(place(1, 5, Waiting), ticket)
		w.admitted(place(1, 5, Admitted), ticket)
	}
	assert.Equal(t, []int64{5}, seen.served)
	assert.Equal(t, []Outcome{Within}, seen.outcomes)

	w.admitted(place(1, 100_000_006, Admitted), auth.Ticket{}) // straight through: there was nothing to estimate
	assert.Equal(t, []int64{5, 100_000_006}, seen.served)
	assert.Len(t, seen.outcomes, 1)

	// A new line has other people with the same numbers; the old one is over.
	w.admitted(place(2, 5, Admitted), ticket)
	w.admitted(place(1, 6, Admitted), ticket)
	assert.Equal(t, []int64{5, 100_000_006, 5}, seen.served)
}

func TestWhoCameBackLateIsLeftOut(t *testing.T) {
	t.Parallel()
	var seen notes
	w := newWitness(&seen)
	view := &View{Snapshot: Snapshot{Room: "arena", Epoch: 1, Serving: 10}}
	at := func(number int64, state State) Place {
		return Place{Room: "arena", Epoch: 1, Number: number, Rank: number, State: state}
	}
	w.looked(view, at(4, Waiting))  // ten has gone in, four has not: passed over
	w.looked(view, at(12, Waiting)) // not yet due
	w.looked(view, at(3, Admitted))
	for _, number := range []int64{3, 4, 12} {
		w.admitted(at(number, Admitted), auth.Ticket{})
	}
	assert.Equal(t, []int64{3, 12}, seen.served)
	w.admitted(at(4, Admitted), auth.Ticket{})
	assert.Len(t, seen.served, 2, "nor is it told later")
}

func TestTheWitnessIsBounded(t *testing.T) {
	t.Parallel()
	var seen notes
	w := newWitness(&seen)
	for chunk := range int64(servedChunks + 10) {
		w.admitted(Place{Room: "arena", Epoch: 1, Number: chunk*ChunkRanks + 1, State: Admitted}, auth.Ticket{})
	}
	assert.Len(t, w.rooms["arena"].served, servedChunks)
	assert.Len(t, seen.served, servedChunks+10)
}
