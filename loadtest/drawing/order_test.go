package drawing

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func anyKey(t *rapid.T) (key [32]byte) {
	copy(key[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
	return key
}

func TestAnOrderGivesEachRankOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(0, 40), rapid.Int64Range(0, 3000)).Draw(t, "n")
		o := NewOrder(anyKey(t), n)
		require.Zero(t, o.twice())
		for number := int64(1); number <= n; number++ {
			rank := o.Rank(number)
			require.True(t, rank >= 1 && rank <= n, "number %d of %d has rank %d", number, n, rank)
		}
		for _, number := range []int64{-1, 0, n + 1, n + 1000} {
			require.Equal(t, number, o.Rank(number), "who was not drawn keeps the number")
		}
	})
}

// The control: an order that gives a rank twice is found to do so.
func TestAnOrderThatIsNoneIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := NewOrder(anyKey(t), rapid.Int64Range(10, 1000).Draw(t, "n"))
		o.columns-- // there are fewer places than numbers now
		require.NotZero(t, o.twice())
	})
}

func TestAnOrderFollowsFromItsKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key, n := anyKey(t), rapid.Int64Range(100, 3000).Draw(t, "n")
		other := key
		other[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		a, again, b := NewOrder(key, n), NewOrder(key, n), NewOrder(other, n)
		moved := 0
		for number := int64(1); number <= n; number++ {
			require.Equal(t, a.Rank(number), again.Rank(number))
			if a.Rank(number) != b.Rank(number) {
				moved++
			}
		}
		require.Greater(t, moved, int(n)/2)
	})
}
