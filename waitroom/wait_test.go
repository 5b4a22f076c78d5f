package waitroom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

func snapshot(phase waitroom.Phase, rate, most, active, recent int64) *waitroom.Snapshot {
	p := waitroom.DefaultPolicy()
	p.RatePerMinute, p.MaxActive = rate, most
	return &waitroom.Snapshot{Policy: p, Phase: phase, Active: active, AdmittedLastMinute: recent}
}

func TestEstimateKnowsWhenNobodyIsAdmitted(t *testing.T) {
	t.Parallel()
	ended := snapshot(waitroom.PhaseQueue, 60, 100, 0, 60)
	ended.Ended = waitroom.SoldOut
	for name, s := range map[string]*waitroom.Snapshot{
		"a hold":                        snapshot(waitroom.PhaseHold, 60, 100, 0, 60),
		"closed":                        snapshot(waitroom.PhaseClosed, 60, 100, 0, 60),
		"before the opening":            snapshot(waitroom.PhasePrequeue, 60, 100, 0, 60),
		"full, and nobody has come out": snapshot(waitroom.PhaseQueue, 60, 100, 100, 0),
		"no rate":                       snapshot(waitroom.PhaseQueue, 0, 100, 0, 60),
		"sold out":                      ended,
	} {
		_, known := waitroom.Estimate(s, waitroom.Pace{}, 5)
		assert.False(t, known, name)
	}
}

func TestEstimate(t *testing.T) {
	t.Parallel()
	// 600 a minute and room enough: the tenth in line waits a second.
	short, known := waitroom.Estimate(snapshot(waitroom.PhaseQueue, 600, 1000, 0, 0), waitroom.Pace{}, 9)
	require.True(t, known)
	assert.LessOrEqual(t, short.Low, int64(1))
	assert.LessOrEqual(t, short.High, int64(3))

	// Full and settled: the turnover counts, not the rate. 100 slots at 120 s each are 50 a minute.
	pace := waitroom.Pace{Turnover: 1.0 / 120, Given: 400, Settled: true}
	full, _ := waitroom.Estimate(snapshot(waitroom.PhaseQueue, 6000, 100, 100, 50), pace, 599)
	assert.InDelta(t, 720, (full.Low+full.High)/2, 100)
	assert.Less(t, full.High, 2*full.Low)

	// People who leave the line make the wait shorter, never longer.
	pace.Attrition = 1.0 / 1000
	left, _ := waitroom.Estimate(snapshot(waitroom.PhaseQueue, 6000, 100, 100, 50), pace, 599)
	assert.Less(t, left.Low, full.Low)
	assert.Equal(t, left.High, full.High)
}

func TestEstimateIsARangeThatGrowsWithTheLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 100_000).Draw(t, "most")
		s := snapshot(waitroom.PhaseQueue, rapid.Int64Range(1, 10_000_000).Draw(t, "rate"), most,
			rapid.Int64Range(0, most+10).Draw(t, "active"), rapid.Int64Range(1, 100_000).Draw(t, "recent"))
		pace := waitroom.Pace{
			Turnover: rapid.Float64Range(0, 10).Draw(t, "turnover"), Given: rapid.Int64Range(0, 10_000).Draw(t, "given"),
			Settled: rapid.Bool().Draw(t, "settled"), Attrition: rapid.Float64Range(0, 0.1).Draw(t, "attrition"),
		}
		if pace.Settled { // means that some were given back
			pace.Given, pace.Turnover = pace.Given+30, pace.Turnover+1e-6
		}
		ahead := rapid.Int64Range(0, 10_000_000).Draw(t, "ahead")
		near, known := waitroom.Estimate(s, pace, ahead)
		far, _ := waitroom.Estimate(s, pace, ahead*2+1)
		if !known || near.Low < 0 || near.Low >= near.High || far.Low < near.Low || far.High < near.High {
			t.Fatalf("ahead %d: %+v, further back: %+v", ahead, near, far)
		}
	})
}

func TestPollAfter(t *testing.T) {
	t.Parallel()
	p := waitroom.DefaultPolicy() // polls from 1 s to 10 s
	rapid.Check(t, func(t *rapid.T) {
		wait := time.Duration(rapid.Int64().Draw(t, "wait"))
		after := waitroom.PollAfter(&p, wait)
		if after < p.PollMinMS || after > p.PollMaxMS {
			t.Fatalf("wait %v: %d ms", wait, after)
		}
	})
	assert.Less(t, waitroom.PollAfter(&p, time.Second), waitroom.PollAfter(&p, time.Hour))
}

func TestOutlook(t *testing.T) {
	t.Parallel()
	now := time.Now()
	view := func(change func(*waitroom.View)) *waitroom.View {
		v := &waitroom.View{Snapshot: *snapshot(waitroom.PhaseQueue, 600, 100_000, 0, 0), Crowd: waitroom.NewCrowd(20_000, nil), Received: now}
		v.AsOf = now
		change(v)
		return v
	}
	// 20,000 who ask as told make few calls a second, and not all in one moment.
	queue := view(func(*waitroom.View) {})
	var perSecond float64
	seen := map[int64]bool{}
	for ahead := range int64(20_000) {
		_, known, after := queue.Outlook(waitroom.Waiting, ahead, now)
		require.True(t, known)
		perSecond += 1000 / float64(after)
		seen[after] = true
	}
	assert.Less(t, perSecond, 2800.0)
	assert.Greater(t, len(seen), 1000)

	// Nothing is certain in a hold, not even a rate to divide by.
	hold := view(func(v *waitroom.View) { v.Phase, v.Policy.RatePerMinute = waitroom.PhaseHold, 0 })
	for _, ahead := range []int64{0, 5, 10_000_000} {
		_, known, after := hold.Outlook(waitroom.Waiting, ahead, now)
		assert.False(t, known)
		assert.GreaterOrEqual(t, after, int64(1000))
	}

	// Long before the opening nobody asks often, and just before it a large crowd does not either.
	gathered := waitroom.NewCrowd(100_000, chunksOf(filled(100_000)...))
	for _, before := range []time.Duration{time.Hour, time.Second, 0} {
		pre := view(func(v *waitroom.View) {
			v.Phase, v.Crowd, v.Schedule.OpenAt = waitroom.PhasePrequeue, gathered, now.Add(before)
		})
		_, known, after := pre.Outlook(waitroom.Prequeue, 0, now)
		assert.False(t, known)
		assert.Greater(t, after, int64(8000), before)
	}
	few := view(func(v *waitroom.View) { v.Phase, v.Schedule.OpenAt = waitroom.PhasePrequeue, now.Add(time.Second) })
	few.Crowd = waitroom.NewCrowd(3, chunksOf(1, 2, 3))
	_, _, after := few.Outlook(waitroom.Prequeue, 0, now)
	assert.Less(t, after, int64(1500))
}

func filled(n int64) (ranks []int64) {
	for rank := int64(1); rank <= n; rank++ {
		ranks = append(ranks, rank)
	}
	return ranks
}
