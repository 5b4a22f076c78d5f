package draw

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// maker makes an order among n out of a key: the real one, or one that is broken on purpose.
type maker func(key [32]byte, n int64) ranking

func honest(key [32]byte, n int64) ranking {
	a, _ := sides(uint64(n))
	return withRounds(roundsFor(a))(key, n)
}

func withRounds(rounds uint64) maker {
	return func(key [32]byte, n int64) ranking { return newPermutation(key, uint64(n), rounds) }
}

// oneRound is a network whose second round adds nothing: numbers that share a half stay beside each other.
func oneRound(key [32]byte, n int64) ranking {
	p := newPermutation(key, uint64(n), 2)
	clear(p.table[p.a:])
	return p
}

// identity leaves everybody in the order of arrival, whatever the key.
func identity([32]byte, int64) ranking { return unmoved{} }

type unmoved struct{}

func (unmoved) Rank(n int64) int64   { return n }
func (unmoved) Number(r int64) int64 { return r }

// rankUniform tests that over many keys a number gets each of the ranks 1..n equally often, by Pearson's chi-squared.
func rankUniform(make maker, number, n int64, keys int) bool {
	counts := map[int64]int{}
	for i := range keys {
		counts[make(keyOf(i), n).Rank(number)]++
	}
	return uniform(counts, n, keys)
}

// orderUniform tests the same of whole orders: over many keys each of the n! is drawn equally often.
func orderUniform(make maker, n int64, keys int) bool {
	counts := map[int64]int{}
	for i := range keys {
		order, code := make(keyOf(i), n), int64(0)
		for number := int64(1); number <= n; number++ {
			code = code*n + order.Rank(number) - 1
		}
		counts[code]++
	}
	orders := int64(1)
	for i := int64(2); i <= n; i++ {
		orders *= i
	}
	return uniform(counts, orders, keys)
}

// uniform accepts counts over so many classes unless chance alone would give worse ones less than once in 31,000 times
// (four standard deviations, by the cube root of Wilson and Hilferty). The keys are fixed, so the verdict never changes.
func uniform(counts map[int64]int, classes int64, total int) bool {
	expected := float64(total) / float64(classes)
	chi := float64(classes-int64(len(counts))) * expected // the classes never met
	for _, count := range counts {
		chi += (float64(count) - expected) * (float64(count) - expected) / expected
	}
	free := float64(classes - 1)
	z := (math.Cbrt(chi/free) - (1 - 2/(9*free))) / math.Sqrt(2/(9*free))
	return z < 4
}

func TestEveryRankIsEquallyLikely(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{20, 21, 100, 500} {
		for _, number := range []int64{1, n} {
			assert.True(t, rankUniform(honest, number, n, int(20*n)), "number %d of %d", number, n)
		}
		// The controls: orders that follow the arrival must not pass.
		assert.False(t, rankUniform(identity, 1, n, int(20*n)), "the identity among %d", n)
	}
	for _, n := range []int64{20, 100, 500} {
		assert.False(t, rankUniform(oneRound, 1, n, int(20*n)), "a single round among %d", n)
	}
}

func TestEveryOrderIsEquallyLikely(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{2, 3, 4, 5, 6} {
		assert.True(t, orderUniform(honest, n, 20_000), "the orders of %d", n)
	}
	// The controls: two rounds make each number's rank even where none is sent through again, but neighbours stay together;
	// and so, a little, they do after six.
	for _, n := range []int64{4, 6} {
		assert.True(t, rankUniform(withRounds(2), 1, n, 10_000), "a number's rank among %d by two rounds", n)
		assert.False(t, orderUniform(withRounds(2), n, 20_000), "the orders of %d by two rounds", n)
	}
	assert.False(t, orderUniform(withRounds(6), 4, 20_000), "the orders of 4 by six rounds")
}
