package redisqueue

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
)

// TestAnIsolatedPrimary: a gateway still talks to the old primary while another one has been promoted. With min-replicas-to-write the
// old one acknowledges nothing once it has noticed that it lost its replica. The control does without: it acknowledges numbers of which the new primary knows
// nothing, and yet none is given twice and all are good there, thanks to the jump; nor would they be without that, which is the
// control of the control.
func TestAnIsolatedPrimary(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		replicas int
		margin   int64
	}{
		"min-replicas-to-write":    {1, DefaultMargin},
		"control":                  {0, DefaultMargin},
		"control without a margin": {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := redistest.StartPair(t, "--min-replicas-to-write", fmt.Sprint(c.replicas), "--min-replicas-max-lag", "1")
			old, promoted := gateways(t, 1, pair.Primary.URL(), WithMargin(c.margin))[0], gateways(t, 1, pair.Replica.URL(), WithMargin(c.margin))[0]
			room := create(t, old, "arena", gathering())
			pair.AwaitSync()
			storm := begin(t, 16, old)
			storm.awaitMore(100)
			pair.Replica.Freeze() // cut off from the primary, which goes on with its gateway
			if c.replicas > 0 {
				// It has noticed, for good: there is no word of the replica on its way any more that it could take for a new one.
				for _, seconds := range []int{2, 4} {
					require.True(t, testenv.Eventually(func() bool { return silence(pair.Primary) >= seconds }))
				}
				require.True(t, testenv.Eventually(func() bool { return pair.Primary.Info("replication", "min_slaves_good_slaves") == "0" }))
				noticed := storm.now()
				storm.awaitRefused(noticed, 200, CauseReplicas)
				for _, j := range storm.acknowledged() {
					require.Less(t, j.Sent, noticed)
				}
			} else {
				storm.awaitMore(100)
			}
			pair.Replica.Thaw()
			pair.Promote()
			require.True(t, testenv.Eventually(func() bool { return pair.Primary.Info("replication", "connected_slaves") == "0" }), "the old one sees it leave")
			_, err := pair.Replica.Do("CONFIG", "SET", "min-replicas-to-write", "0")
			require.NoError(t, err)
			known, alone := issued(t, pair.Replica), storm.now()
			next := begin(t, 16, promoted)
			next.awaitMore(500)
			if c.replicas == 0 {
				storm.awaitMore(500) // both acknowledge
			}
			after := next.end()
			before := storm.end()
			all := append(before[:len(before):len(before)], after...)
			if c.replicas > 0 {
				for _, j := range before {
					require.Less(t, j.Sent, alone)
				}
			} else {
				require.Greater(t, highestOf(before), known, "the promoted one knows of all, so this shows nothing")
			}
			if c.margin == 0 {
				require.Positive(t, duplicates(all))
				return
			}
			require.Zero(t, duplicates(all))
			requireAllWait(t, promoted, room.Epoch, all)
		})
	}
}

// silence is for how many seconds a primary has not heard of its replica; -1 when it has none.
func silence(primary *redistest.Server) int {
	lag := regexp.MustCompile(`lag=(\d+)`).FindStringSubmatch(primary.Info("replication", "slave0"))
	if lag == nil {
		return -1
	}
	seconds, _ := strconv.Atoi(lag[1])
	return seconds
}
