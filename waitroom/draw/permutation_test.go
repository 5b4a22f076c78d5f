package draw

import (
	"crypto/aes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/fault"
)

// keyOf makes the i-th of a fixed row of keys, so that statistics come out the same in every run.
func keyOf(i int) [32]byte { return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))) }

func permutation(t testing.TB, key [32]byte, n int64) *Permutation {
	t.Helper()
	p, err := New(key, n)
	require.NoError(t, err)
	return p
}

func TestPermutationIsABijection(t *testing.T) {
	t.Parallel()
	sizes := []int64{4095, 4096, 4097, 65_535, 65_536, 65_537, 1_000_003}
	for n := range int64(700) {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		p := permutation(t, keyOf(int(n)), n)
		seen := make([]bool, n+1)
		for number := int64(1); number <= n; number++ {
			rank := p.Rank(number)
			if rank < 1 || rank > n || seen[rank] || p.Number(rank) != number {
				t.Fatalf("n=%d: number %d has rank %d (seen %v), which belongs to %d", n, number, rank, seen[rank], p.Number(rank))
			}
			seen[rank] = true
		}
	}
}

func TestPermutationRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// The greatest domains have tables of 42 MB, so the size is drawn by its bits, and few of them are that great.
		n := rapid.Int64Range(1, 1<<rapid.IntRange(0, 40).Draw(t, "bits")).Draw(t, "n")
		p, err := New(keyOf(rapid.IntRange(0, 1000).Draw(t, "key")), n)
		require.NoError(t, err)
		for range 50 {
			number := rapid.Int64Range(1, n).Draw(t, "number")
			rank := p.Rank(number)
			require.True(t, rank >= 1 && rank <= n, "rank %d of 1..%d", rank, n)
			require.Equal(t, number, p.Number(rank))
		}
	})
}

func TestPermutationAtTheLimits(t *testing.T) {
	t.Parallel()
	p := permutation(t, keyOf(1), MaxDomain)
	for _, number := range []int64{1, 2, 1 << 20, MaxDomain - 1, MaxDomain} {
		assert.Equal(t, number, p.Number(p.Rank(number)))
		assert.NotEqual(t, number, p.Rank(number))
	}
	for _, n := range []int64{-1, math.MinInt64, MaxDomain + 1, math.MaxInt64} {
		_, err := New(keyOf(1), n)
		require.Equal(t, "draw-domain", fault.From(err).Type)
	}
}

func TestOutsideKeepsItsPlace(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, 5, 1000} {
		p := permutation(t, keyOf(2), n)
		assert.Equal(t, n, p.N())
		for _, number := range []int64{math.MinInt64, -1, 0, n + 1, n + 2, MaxDomain + 1, math.MaxInt64} {
			assert.Equal(t, number, p.Rank(number), "n=%d", n)
			assert.Equal(t, number, p.Number(number), "n=%d", n)
		}
	}
	assert.EqualValues(t, 1, permutation(t, keyOf(2), 1).Rank(1))
}

func TestSides(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, uint64(MaxDomain)).Draw(t, "n")
		a, b := sides(n)
		require.True(t, a*a >= n && (a-1)*(a-1) < n, "a=%d is the least", a)
		require.True(t, a*b >= n && a*(b-1) < n, "b=%d is the least", b)
		require.True(t, a-1 <= b && b <= a)
	})
}

// textbook is the same permutation written down as in the papers, one cipher call a round and numbers of any size: slow,
// and with nothing in common with the tables.
func textbook(t require.TestingT, key [32]byte, n, number int64) int64 {
	block, err := aes.NewCipher(key[:])
	require.NoError(t, err)
	root := new(big.Int).Sqrt(big.NewInt(n - 1)).Int64() // n > 1 here, so ⌈√n⌉ is one more
	a := root + 1
	b := (n + a - 1) / a
	rounds := int64(10)
	if bits := int64(big.NewInt(a).BitLen()); 80/bits > 10 {
		rounds = 80 / bits
		rounds += rounds % 2
	}
	random := func(round, x, below int64) int64 {
		word := round*a + x // of eight bytes in the key stream
		var counter, out [16]byte
		binary.BigEndian.PutUint64(counter[8:], uint64(word/2))
		block.Encrypt(out[:], counter[:])
		f := new(big.Int).SetBytes(out[8*(word%2) : 8*(word%2)+8])
		return f.Mul(f, big.NewInt(below)).Rsh(f, 64).Int64()
	}
	x := number - 1
	for {
		l, r := x/b, x%b
		for i := int64(0); i < rounds; i += 2 {
			l = (l + random(i, r, a)) % a
			r = (r + random(i+1, l, b)) % b
		}
		if x = l*b + r; x < n {
			return x + 1
		}
	}
}

func TestPermutationAgainstTheTextbook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(2, 1<<rapid.IntRange(1, 28).Draw(t, "bits")).Draw(t, "n")
		key := keyOf(rapid.IntRange(0, 1000).Draw(t, "key"))
		p, err := New(key, n)
		require.NoError(t, err)
		for range 5 {
			number := rapid.Int64Range(1, n).Draw(t, "number")
			require.Equal(t, textbook(t, key, n, number), p.Rank(number))
		}
	})
}

func TestRankAllocatesNothing(t *testing.T) {
	p := permutation(t, keyOf(3), 10_000_000)
	number := int64(0)
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		number++
		if p.Number(p.Rank(number)) != number {
			t.Error("no round trip")
		}
	}))
}
