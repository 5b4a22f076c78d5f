package draw

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Gateways ask one permutation from all their goroutines; the race detector watches.
func TestPermutationFromManyGoroutines(t *testing.T) {
	t.Parallel()
	const n, workers = 10_007, 8
	p := permutation(t, keyOf(9), n)
	var all [workers][]int64
	var wg sync.WaitGroup
	for w := range all {
		wg.Go(func() {
			for number := int64(1); number <= n; number++ {
				all[w] = append(all[w], p.Rank(number), p.Number(number))
			}
		})
	}
	wg.Wait()
	for w := range all {
		assert.Equal(t, all[0], all[w])
	}
}
