package rooms

import (
	"maps"
	"slices"
	"sync"
)

// touchBatch bounds how many sessions one call of the line names.
const touchBatch = 1000

// touched are the sessions active since the line was last told. It holds at most the admitted of one epoch.
type touched struct {
	mu      sync.Mutex
	epoch   int64
	numbers map[int64]struct{}
}

func (t *touched) add(epoch, number int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(epoch, number)
}

func (t *touched) put(epoch, number int64) {
	switch {
	case epoch < t.epoch:
		return // a line that is over
	case epoch > t.epoch || t.numbers == nil:
		t.epoch, t.numbers = epoch, make(map[int64]struct{})
	}
	t.numbers[number] = struct{}{}
}

// take returns all and starts anew.
func (t *touched) take() (epoch int64, numbers []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.numbers) == 0 {
		return t.epoch, nil
	}
	numbers = slices.Collect(maps.Keys(t.numbers))
	clear(t.numbers)
	return t.epoch, numbers
}

func (t *touched) putBack(epoch int64, numbers []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range numbers {
		t.put(epoch, n)
	}
}
