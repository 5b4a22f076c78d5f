package rooms

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

func TestRevocationsAreKeptAsLongAsAPassCanLast(t *testing.T) {
	t.Parallel()
	var s revocations
	start := time.Now()
	one, other := waitroom.Revocation{Epoch: 1, Number: 7}, waitroom.Revocation{Epoch: 2, Number: 7}
	s.keepFor(15 * time.Minute)
	s.add(start, one)
	assert.True(t, s.has(one))
	assert.False(t, s.has(other), "another epoch is another pass")

	s.keepFor(time.Minute) // the limit was lowered; passes signed before go on
	s.prune(start.Add(14 * time.Minute))
	assert.True(t, s.has(one))
	s.add(start.Add(14*time.Minute), one) // told again: that does not make it last longer
	s.prune(start.Add(16 * time.Minute))
	assert.False(t, s.has(one))
}

func TestTouchedForgetsAnEarlierEpochAndLosesNobody(t *testing.T) {
	t.Parallel()
	var s touched
	s.add(1, 5)
	s.add(2, 6)
	s.add(1, 7) // late, of a line that is over
	epoch, numbers := s.take()
	assert.EqualValues(t, 2, epoch)
	assert.Equal(t, []int64{6}, numbers)
	_, numbers = s.take()
	assert.Empty(t, numbers)

	s.putBack(2, []int64{6})
	var wg sync.WaitGroup
	for i := range int64(100) {
		wg.Go(func() { s.add(2, i) })
	}
	wg.Wait()
	_, numbers = s.take()
	assert.Len(t, numbers, 100)
}
