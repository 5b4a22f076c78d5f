package waitroom

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestARecentMapForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var r recent[int, int]
	_, ok := r.get(1)
	assert.False(t, ok)
	for i := range 5 * recentKept {
		r.put(i, i)
		r.put(i, -i)
		assert.LessOrEqual(t, len(r.young)+len(r.old), 2*recentKept)
	}
	for i := range 5 * recentKept {
		value, ok := r.get(i)
		if i >= 4*recentKept {
			assert.True(t, ok, i)
		}
		if ok {
			assert.Equal(t, -i, value)
		}
	}
	_, ok = r.get(1)
	assert.False(t, ok, "else it would grow without bound")
}
