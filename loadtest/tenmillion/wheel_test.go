package tenmillion

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestAWheelGivesEverybodyInTimeAndOnce compares the wheel with what it must do, however it is used.
func TestAWheelGivesEverybodyInTimeAndOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(1_800_000_000, 0)
		const horizon = time.Second
		w := newWheel(start, horizon)
		now := start
		due := map[uint32]time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "put") {
				id := uint32(len(due))
				at := now.Add(time.Duration(rapid.IntRange(-500, 1000).Draw(t, "ms")) * time.Millisecond)
				w.put(id, at)
				if due[id] = at; at.Before(now) {
					due[id] = now
				}
				continue
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 700).Draw(t, "pass")) * time.Millisecond)
			for {
				ids, _, ok := w.take(now)
				if !ok {
					break
				}
				for _, id := range ids {
					at, there := due[id]
					require.True(t, there && !at.Equal(time.Time{}), "%d was given twice or never put", id)
					require.False(t, at.After(now), "%d was given %s early", id, at.Sub(now))
					due[id] = time.Time{}
				}
			}
			for id, at := range due {
				require.True(t, at.Equal(time.Time{}) || at.Add(2*slotTime).After(now), "%d was due at %s, now is %s", id, at, now)
			}
		}
		left := map[uint32]bool{}
		for id, at := range due {
			if !at.Equal(time.Time{}) {
				left[id] = true
			}
		}
		w.move(func(id uint32, _ time.Time) time.Time {
			require.True(t, left[id], "%d was moved, and was not there", id)
			delete(left, id)
			return now
		})
		require.Empty(t, left)
	})
}
