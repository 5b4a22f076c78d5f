package profile_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

func TestMixFollowsTheWeightsAndTheSeed(t *testing.T) {
	t.Parallel()
	p := &profile.Profile{Visitors: []profile.Kind{{Name: "a", Weight: 70}, {Name: "b", Weight: 25}, {Name: "c", Weight: 5}}}
	const visitors = 20_000
	counts, changed := map[string]int{}, 0
	for v := range visitors {
		k := p.KindOf(1, v)
		require.Same(t, k, p.KindOf(1, v))
		counts[k.Name]++
		if k != p.KindOf(2, v) {
			changed++
		}
	}
	// More than six standard deviations away from the weights would be no chance; the seed is fixed, so this is repeatable in any case.
	require.InDelta(t, 14_000, counts["a"], 400)
	require.InDelta(t, 5000, counts["b"], 400)
	require.InDelta(t, 1000, counts["c"], 200)
	require.Greater(t, changed, visitors/3, "another seed is another crowd")
	require.Nil(t, (&profile.Profile{}).KindOf(1, 0))
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]profile.Metric{
		"join.p99":             {Name: "join.p99", Action: "join", Percent: 99},
		"read-back.p99.9":      {Name: "read-back.p99.9", Action: "read-back", Percent: 99.9},
		"poll.per_second":      {Name: "poll.per_second", Action: "poll"},
		"failed.percent":       {Name: "failed.percent"},
		"admitted.per_minute":  {Name: "admitted.per_minute"},
		"purchases.per_second": {Name: "purchases.per_second"},
	} {
		m, err := profile.ParseMetric(name)
		require.NoError(t, err)
		require.Equal(t, want, m)
	}
	units := map[string]string{"join.p99": "ms", "poll.per_second": "/s", "failed.percent": "%", "admitted.per_minute": "/min", "purchases.per_second": "/s"}
	for name, unit := range units {
		m, err := profile.ParseMetric(name)
		require.NoError(t, err)
		require.Equal(t, unit, m.Unit(), name)
	}
	for _, name := range []string{"", "join", "join.", "join.p9", "join.99", "jion.p99", "failed", "failed.p99", "p99", "join.p99 "} {
		_, err := profile.ParseMetric(name)
		require.ErrorContains(t, err, "is not known; known are failed.percent, admitted.per_minute, purchases.per_second, and <action>.p50, .p75", name)
		require.ErrorContains(t, err, "of the actions join, rejoin, poll,", name)
	}
}
