package draw

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// bitmapOf sets the bits of numbers in a bitmap of 0..n.
func bitmapOf(n int64, numbers ...int64) []byte {
	bitmap := make([]byte, size(n))
	for _, number := range numbers {
		bitmap[number/8] |= 0x80 >> (number % 8)
	}
	return bitmap
}

func TestBitOrderIsThatOfRedis(t *testing.T) {
	t.Parallel()
	// SETBIT k 1 1, SETBIT k 8 1, SETBIT k 15 1 makes "\x40\x81".
	assert.Equal(t, []byte{0x40, 0x81}, bitmapOf(15, 1, 8, 15))
	for number := range int64(40) {
		assert.Equal(t, number == 1 || number == 8 || number == 15, bit([]byte{0x40, 0x81}, number))
	}
}

func TestPermuteBitmap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawnAmong := rapid.Int64Range(0, 3000).Draw(t, "N")
		n := rapid.Int64Range(0, 4000).Draw(t, "n")
		bitmap := rapid.SliceOfN(rapid.Byte(), 0, int(size(n))+3).Draw(t, "bitmap") // may end early, may go on
		p, err := New(keyOf(rapid.IntRange(0, 99).Draw(t, "key")), drawnAmong)
		require.NoError(t, err)
		want := make([]byte, size(max(n, drawnAmong)))
		for number := int64(1); number <= n; number++ {
			if rank := p.Rank(number); bit(bitmap, number) {
				want[rank/8] |= 0x80 >> (rank % 8)
			}
		}
		require.Equal(t, want, PermuteBitmap(p, bitmap, n))
	})
}
