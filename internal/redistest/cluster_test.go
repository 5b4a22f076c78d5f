package redistest

import (
	"testing"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

// TestAClusterServesEverySlot: through a client that finds the nodes by itself; each node serves its own slots and refuses others.
func TestAClusterServesEverySlot(t *testing.T) {
	t.Parallel()
	c := StartCluster(t, Durable...)
	options, err := rueidis.ParseURL(c.URL())
	require.NoError(t, err)
	require.Len(t, options.InitAddress, masters)
	options.DisableCache = true
	client, err := rueidis.NewClient(options)
	require.NoError(t, err)
	defer client.Close()

	serves := map[*Server]int{}
	for _, key := range []string{"{arena}:a", "{theatre}:a", "{stadium}:a", "{hall}:a", "{club}:a", "{field}:a", "{park}:a"} {
		require.NoError(t, client.Do(t.Context(), client.B().Set().Key(key).Value(key).Build()).Error())
		for _, node := range c.Nodes {
			value, err := node.Do("GET", key)
			if node != c.NodeOf(key) {
				require.ErrorContains(t, err, "MOVED", "the wrong node")
				continue
			}
			require.NoError(t, err)
			require.Equal(t, key, value)
			serves[node]++
		}
	}
	require.Len(t, serves, masters, "the keys do not reach every node, so this shows nothing")
}

// TestAMasterComesBackWithItsSlotsAndKeys: while it is away the others go on.
func TestAMasterComesBackWithItsSlotsAndKeys(t *testing.T) {
	t.Parallel()
	// The others call it dead after this time, and alive again after twice as long.
	c := StartCluster(t, append([]string{"--cluster-node-timeout", "1000"}, Durable...)...)
	arena := c.NodeOf("{arena}")
	write(t, arena, "{arena}", "1")
	arena.Kill()
	for _, node := range c.Nodes {
		if node == arena {
			continue
		}
		await(t, "the others to miss it", func() error {
			answer, err := node.Do("CLUSTER", "INFO")
			if err == nil && field(answer, "cluster_slots_fail") == "0" {
				err = errStillThere
			}
			return err
		}, c.Nodes[:]...)
		require.Equal(t, "ok", field(node.must("CLUSTER", "INFO"), "cluster_state"))
	}
	arena.Restart()
	c.AwaitSound()
	require.Equal(t, "1", read(t, arena, "{arena}"))
}
