package waitroom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

// walk notes a room each second: active and waiting stay, so many are admitted and so many leave the line each second.
func walk(p *waitroom.Pacer, s *waitroom.Snapshot, seconds int, admitted, joined int64, waiting *int64) (pace waitroom.Pace) {
	for range seconds {
		s.AsOf = s.AsOf.Add(time.Second)
		s.AdmittedTotal += admitted
		s.Issued += joined
		pace = p.Note(s, *waiting)
	}
	return pace
}

func TestPacer(t *testing.T) {
	t.Parallel()
	s := snapshot(waitroom.PhaseQueue, 600, 100, 100, 0)
	s.AsOf = time.Unix(1000, 0)
	waiting := int64(1000)
	var p waitroom.Pacer
	assert.Zero(t, p.Note(s, waiting))
	// One slot of the hundred is given back each second, and one of the thousand leaves the line.
	early := walk(&p, s, 60, 1, 2, &waiting)
	assert.InDelta(t, 0.01, early.Turnover, 1e-9)
	assert.InDelta(t, 0.001, early.Attrition, 1e-9)
	assert.False(t, early.Settled, "not every slot has been given back twice")
	late := walk(&p, s, 200, 1, 2, &waiting)
	assert.True(t, late.Settled)
	assert.InDelta(t, 0.01, late.Turnover, 1e-9)

	// Lately they stay half as long: the measure follows within two stays.
	faster := walk(&p, s, 100, 2, 3, &waiting)
	assert.True(t, faster.Settled)
	assert.InDelta(t, 0.02, faster.Turnover, 1e-9)

	// Nothing before a reset, a draw, a failover or another limit can be compared with what comes after.
	for name, change := range map[string]func(){
		"reset":    func() { s.Epoch++; s.AdmittedTotal = 0 },
		"draw":     func() { s.Order = swapped(5) },
		"failover": func() { s.Primary = "another"; s.Issued += 100_000_000 },
		"limit":    func() { s.Policy.SessionLimitSeconds /= 2 },
		"clock":    func() { s.AsOf = s.AsOf.Add(-time.Hour) },
	} {
		assert.NotZero(t, walk(&p, s, 60, 1, 2, &waiting), name)
		change()
		assert.Zero(t, p.Note(s, waiting), name)
	}
}

func TestPacerKeepsHalfAnHour(t *testing.T) {
	t.Parallel()
	s := snapshot(waitroom.PhaseQueue, 600, 1000, 1000, 0)
	waiting := int64(10)
	var p waitroom.Pacer
	walk(&p, s, 3*3600, 0, 0, &waiting) // for three hours nobody comes out
	pace := walk(&p, s, 1800, 1, 1, &waiting)
	assert.InDelta(t, 0.001, pace.Turnover, 1e-5, "what is longer ago does not count")
}
