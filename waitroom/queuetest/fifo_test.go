package queuetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestCheckFIFOAgreesWithAllPairs compares the checker with the definition, pair by pair, on small journals with few distinct times.
func TestCheckFIFOAgreesWithAllPairs(t *testing.T) {
	t.Parallel()
	right, wrong := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		journal := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Joined {
			sent := rapid.IntRange(0, 8).Draw(rt, "sent")
			return Joined{
				Sent: time.Duration(sent), Answered: time.Duration(sent + rapid.IntRange(1, 6).Draw(rt, "took")),
				Number:   rapid.Int64Range(1, 20).Draw(rt, "number"),
				Admitted: rapid.SampledFrom([]int64{1, 2, 3, NotAdmitted}).Draw(rt, "admitted"),
			}
		}), 0, 5).Draw(rt, "journal")
		if CheckFIFO(journal) == nil {
			right++
			require.True(rt, fifo(journal))
		} else {
			wrong++
			require.False(rt, fifo(journal))
		}
	})
	require.Positive(t, right)
	require.Positive(t, wrong)
}

func fifo(journal []Joined) bool {
	for i, a := range journal {
		for k, b := range journal {
			if i != k && a.Number == b.Number || a.Answered < b.Sent && (a.Number > b.Number || a.Admitted > b.Admitted) {
				return false
			}
		}
	}
	return true
}
