package tenmillion

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQuantilesAreRightWithinAStep(t *testing.T) {
	t.Parallel()
	var a, b latency
	for ms := 1; ms <= 1000; ms++ {
		if d := time.Duration(ms) * time.Millisecond; ms%2 == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.merge(&b)
	for q, want := range map[float64]float64{0.5: 500, 0.99: 990, 0.001: 1} {
		require.InEpsilon(t, want, a.quantile(q), latencyStep-1+1e-9)
	}
	require.InDelta(t, 1000, a.quantile(1), 1e-9)
	require.Zero(t, new(latency).quantile(0.5))
}
