package booking

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestChangesTurnOneStateIntoTheOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := rapid.IntRange(0, 70).Draw(t, "seats")
		draw := func(name string) Bitmap {
			b := NewBitmap(seats)
			for i := range seats {
				if rapid.Bool().Draw(t, name) {
					b.Set(i)
				}
			}
			return b
		}
		before, now := draw("before"), draw("now")
		c, ok := SeatState{Version: 9, Unavailable: now}.Since(7, before)
		require.True(t, ok)
		require.Equal(t, [2]int64{9, 7}, [2]int64{c.Version, c.Since})
		for _, i := range c.Taken {
			require.False(t, before.Get(i), "seat %d was taken already", i)
			before.Set(i)
		}
		for _, i := range c.Freed {
			require.True(t, before.Get(i), "seat %d was free already", i)
			before[i/8] &^= 1 << (i % 8)
		}
		require.Equal(t, now, before)
	})
}

func TestThereAreNoChangesBetweenTwoHalls(t *testing.T) {
	t.Parallel()
	_, ok := SeatState{Unavailable: NewBitmap(16)}.Since(1, NewBitmap(17))
	require.False(t, ok)
}
