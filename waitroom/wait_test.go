package waitroom_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

func snapshot(mode waitroom.Mode, rate, most, active, recent int64) *waitroom.Snapshot {
	p := waitroom.DefaultPolicy()
	p.Mode, p.RatePerMinute, p.MaxActive = mode, rate, most
	return &waitroom.Snapshot{Policy: p, Active: active, AdmittedLastMinute: recent}
}

func TestEstimate(t *testing.T) {
	t.Parallel()
	assert.Nil(t, waitroom.Estimate(snapshot(waitroom.ModeHold, 60, 100, 0, 60), 5), "a hold admits nobody")
	assert.Nil(t, waitroom.Estimate(snapshot(waitroom.ModeClosed, 60, 100, 0, 60), 5))
	assert.Nil(t, waitroom.Estimate(snapshot(waitroom.ModeQueue, 60, 100, 100, 0), 5), "full, and nobody comes out")

	// 600 a minute and room enough: the tenth in line waits a second.
	short := waitroom.Estimate(snapshot(waitroom.ModeQueue, 600, 1000, 0, 0), 9)
	require.NotNil(t, short)
	assert.EqualValues(t, 1, short.Low)
	assert.LessOrEqual(t, short.High, int64(3))

	// Full: the recent turnover counts, not the rate.
	full := waitroom.Estimate(snapshot(waitroom.ModeQueue, 6000, 100, 100, 60), 599)
	require.NotNil(t, full)
	assert.InDelta(t, 480, full.Low, 1) // 600 people at 75 a minute
	assert.InDelta(t, 960, full.High, 2)
}

func TestEstimateIsARangeThatGrowsWithTheLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 100_000).Draw(t, "most")
		s := snapshot(waitroom.ModeQueue, rapid.Int64Range(1, 1_000_000).Draw(t, "rate"), most,
			rapid.Int64Range(0, most).Draw(t, "active"), rapid.Int64Range(1, 100_000).Draw(t, "recent"))
		ahead := rapid.Int64Range(0, 10_000_000).Draw(t, "ahead")
		near, far := waitroom.Estimate(s, ahead), waitroom.Estimate(s, ahead*2+1)
		if near.Low < 0 || near.Low >= near.High || far.Low < near.Low || far.High < near.High {
			t.Fatalf("ahead %d: %+v, further back: %+v", ahead, *near, *far)
		}
	})
}

func TestPollAfter(t *testing.T) {
	t.Parallel()
	p := waitroom.DefaultPolicy() // 600 a minute, polls from 1 s to 10 s
	rapid.Check(t, func(t *rapid.T) {
		ahead := rapid.Int64Range(0, 10_000_000).Draw(t, "ahead")
		after := waitroom.PollAfter(&p, waitroom.Waiting, ahead)
		if after < p.PollMinMS || after > p.PollMaxMS {
			t.Fatalf("ahead %d: %d ms", ahead, after)
		}
	})
	assert.Less(t, waitroom.PollAfter(&p, waitroom.Waiting, 10), waitroom.PollAfter(&p, waitroom.Waiting, 20_000))

	// 20,000 who ask as told make few calls a second, and not all in one moment.
	var perSecond float64
	seen := map[int64]bool{}
	for ahead := range int64(20_000) {
		after := waitroom.PollAfter(&p, waitroom.Waiting, ahead)
		perSecond += 1000 / float64(after)
		seen[after] = true
	}
	assert.Less(t, perSecond, 2800.0)
	assert.Greater(t, len(seen), 1000)
}
