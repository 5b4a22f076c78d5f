package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsOfAServiceLevel(t *testing.T) {
	t.Parallel()
	pay := SLO{Name: "pay.p99", Value: 161.4, Limit: 1000, Unit: "ms"}
	require.Equal(t, "161 ms", pay.Measured())
	require.Equal(t, "at most 1000 ms", pay.Bound())
	require.Equal(t, "161 ms: pay.p99 at most 1000 ms wanted", pay.found())
	require.Equal(t, "at least 0.5 /s", SLO{Limit: 0.5, AtLeast: true, Unit: "/s"}.Bound())
}
