package waitroom_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

// viewOf is a room in phase queue, issued and serving as given, with these ranks present.
func viewOf(issued, serving int64, crowd *waitroom.Crowd) *waitroom.View {
	now := time.Now()
	return &waitroom.View{
		Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, Policy: waitroom.DefaultPolicy(), Phase: waitroom.PhaseQueue, Issued: issued, Serving: serving, AsOf: now},
		Crowd:    crowd, CrowdAsOf: now, Received: now,
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	// 1 to 10 were given and 3 admitted when the crowd was read; 5 and 7 have gone. Since then 11 and 12 have come.
	v := viewOf(12, 3, waitroom.NewCrowd(10, chunksOf(2, 4, 6, 8, 9, 10)))
	for number, ahead := range map[int64]int64{4: 1, 6: 2, 10: 5, 11: 6, 12: 7, 13: 8} {
		rank, got, waiting := v.Locate(number)
		assert.True(t, waiting, number)
		assert.Equal(t, number, rank)
		assert.Equal(t, ahead, got, number)
	}
	for _, number := range []int64{-5, 0, 1, 2, 3, 5, 7} {
		_, _, waiting := v.Locate(number)
		assert.False(t, waiting, "only the line can tell about %d", number)
	}
	assert.EqualValues(t, 8, v.Waiting())
	_, _, waiting := (&waitroom.View{}).Locate(1)
	assert.False(t, waiting, "nothing has been read")
}

func TestLocateSaysWhatEachPhaseSays(t *testing.T) {
	t.Parallel()
	for phase, want := range map[waitroom.Phase]waitroom.State{
		waitroom.PhasePrequeue: waitroom.Prequeue, waitroom.PhaseOpen: waitroom.Waiting, waitroom.PhaseQueue: waitroom.Waiting,
		waitroom.PhaseHold: waitroom.Waiting, waitroom.PhaseDraining: waitroom.Waiting, waitroom.PhaseClosed: waitroom.Closed,
	} {
		v := viewOf(3, 0, waitroom.NewCrowd(3, chunksOf(1, 2, 3)))
		v.Phase = phase
		_, ahead, waiting := v.Locate(3)
		assert.True(t, waiting, phase)
		assert.Equal(t, want, v.Standing(), phase)
		if phase == waitroom.PhasePrequeue {
			assert.Zero(t, ahead, "the order is not yet that of going in")
		} else {
			assert.EqualValues(t, 2, ahead, phase)
		}
	}
}

// swapped is an order in which the first n numbers come backwards.
type swapped int64

func (n swapped) Rank(number int64) int64 {
	if number <= int64(n) {
		return int64(n) + 1 - number
	}
	return number
}
func (n swapped) Number(rank int64) int64 { return n.Rank(rank) }

func TestLocateGoesByRank(t *testing.T) {
	t.Parallel()
	v := viewOf(5, 1, waitroom.NewCrowd(5, chunksOf(2, 3, 4, 5)))
	v.Order = swapped(4)
	rank, ahead, waiting := v.Locate(1)
	assert.Equal(t, []any{int64(4), int64(2), true}, []any{rank, ahead, waiting})
	_, _, waiting = v.Locate(4)
	assert.False(t, waiting, "the first rank has been admitted")
	_, ahead, _ = v.Locate(5)
	assert.EqualValues(t, 3, ahead)
}

func TestAheadIsNotMadeOfPeopleWhoNeverWere(t *testing.T) {
	t.Parallel()
	// In an open room those who went straight through are not in front of anybody.
	open := viewOf(105, 100, waitroom.NewCrowd(0, nil))
	assert.EqualValues(t, 4, open.Ahead(105))
	assert.EqualValues(t, 5, open.Waiting())
	// A failover after the crowd was read: the numbers jump, the people ahead do not.
	before := viewOf(3, 0, waitroom.NewCrowd(3, chunksOf(1, 2, 3)))
	_, ahead, waiting := before.Locate(100_000_005)
	assert.True(t, waiting)
	assert.EqualValues(t, 4, ahead)
}

func TestTakesIn(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for phase, want := range map[waitroom.Phase]bool{
		waitroom.PhaseOpen: true, waitroom.PhaseQueue: true, waitroom.PhaseHold: false,
		waitroom.PhaseDraining: false, waitroom.PhaseClosed: false, waitroom.PhasePrequeue: false,
	} {
		v := viewOf(3, 0, waitroom.NewCrowd(0, nil))
		v.Phase = phase
		assert.Equal(t, want, v.TakesIn(now), phase)
		v.Schedule.CloseAt = v.AsOf.Add(time.Hour)
		assert.Equal(t, want, v.TakesIn(now), phase)
		assert.False(t, v.TakesIn(now.Add(2*time.Hour)), "the hour to close has passed during the outage")
	}
}

// BenchmarkStatus is the whole of a poll that is answered without the line: where the visitor stands, the heartbeat, the estimate, and when to
// ask again; ten million joined, a third of them gone.
func BenchmarkStatus(b *testing.B) {
	upto, chunks := tenMillion()
	v := viewOf(upto, 0, waitroom.NewCrowd(upto, chunks))
	v.Policy.RatePerMinute, v.Policy.MaxActive = 60_000, 20_000
	v.Active, v.AdmittedLastMinute = 20_000, 50_000
	v.Pace = waitroom.Pace{Turnover: 1.0 / 120, Given: 10_000, Settled: true, Attrition: 1e-5}
	h := waitroom.NewHeartbeats()
	h.Window(1, false)
	for rank := int64(0); rank <= upto; rank += waitroom.ChunkRanks {
		h.Hear(v.Turn(), rank)
	}
	random := rand.New(rand.NewPCG(6, 7)) //nolint:gosec // No secret.
	var numbers [1 << 16]int64            // of people who wait
	for i := range numbers {
		for numbers[i] = random.Int64N(upto) + 1; !v.Crowd.Present(numbers[i]); {
			numbers[i]++
		}
	}
	now, i := time.Now(), 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		rank, ahead, waiting := v.Locate(numbers[i%len(numbers)])
		if !waiting {
			b.Fatal("somebody who waits was not found")
		}
		h.Hear(v.Turn(), rank)
		if _, _, after := v.Outlook(v.Standing(), ahead, now); after <= 0 {
			b.Fatal("nobody is told when to ask again")
		}
	}
}
