package waitroom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

func TestRefusalSaysWhenARoomOpens(t *testing.T) {
	t.Parallel()
	now := time.Now()
	asOf := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	view := func(change func(*waitroom.View)) *waitroom.View {
		v := &waitroom.View{Snapshot: waitroom.Snapshot{Room: "arena", Policy: waitroom.DefaultPolicy(), Phase: waitroom.PhaseClosed, AsOf: asOf}, Received: now}
		v.Policy.Message, v.Policy.Brand.Name = "Doors at 7", "Halle"
		change(v)
		return v
	}
	soon := asOf.Add(time.Hour)
	w := waitroom.Refusal("arena", view(func(v *waitroom.View) { v.Schedule = waitroom.Schedule{PrequeueAt: soon, OpenAt: soon.Add(time.Hour)} }), waitroom.ErrRoomClosed, false, now)
	assert.Equal(t, soon, w.OpensAt, "places are given before the doors open")
	assert.Equal(t, time.Hour, w.OpensIn, "by the clock of the line")
	assert.Equal(t, "Doors at 7", w.Message)
	assert.Equal(t, "Halle", w.Brand.Name)

	for why, change := range map[string]func(*waitroom.View){
		"it has opened":        func(v *waitroom.View) { v.Schedule.OpenAt = asOf.Add(-time.Second) },
		"there is no schedule": func(*waitroom.View) {},
		"an operator shut it":  func(v *waitroom.View) { v.Schedule.OpenAt, v.Policy.Mode = soon, waitroom.ModeClosed },
		"its line has ended":   func(v *waitroom.View) { v.Schedule.OpenAt, v.Ended = soon, waitroom.Over },
	} {
		w := waitroom.Refusal("arena", view(change), waitroom.ErrRoomClosed, false, now)
		assert.Zero(t, w.OpensIn, why)
		assert.True(t, w.OpensAt.IsZero(), why)
	}

	w = waitroom.Refusal("arena", nil, waitroom.ErrLineUnavailable, true, now)
	assert.Equal(t, waitroom.Wait{Room: "arena", Fault: waitroom.ErrLineUnavailable, Kept: true}, w)
}
