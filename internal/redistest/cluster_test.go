package redistest

import (
	"fmt"
	"testing"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

// TestAClusterServesEverySlot: through a client that finds the nodes by itself; each node serves its own slots and refuses others.
func TestAClusterServesEverySlot(t *testing.T) {
	t.Parallel()
	c := StartCluster(t, "--cluster-node-timeout", "60000") // nobody dies, nor seems to when the machine stands still
	options, err := rueidis.ParseURL(c.URL())
	require.NoError(t, err)
	require.Len(t, options.InitAddress, masters)
	options.DisableCache = true
	options.Dialer.Timeout, options.ConnWriteTimeout = patience, patience
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
	// Whoever is slow for a second misses the others; so what the cluster does is waited for.
	await(t, "a write", func() error {
		_, err := arena.Do("SET", "{arena}", "1")
		return err
	}, c.Nodes[:]...)
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
			if state := field(answer, "cluster_state"); err == nil && state != "ok" {
				err = fmt.Errorf("the others do not go on: their cluster's state is %q", state)
			}
			return err
		}, c.Nodes[:]...)
	}
	arena.Restart()
	c.AwaitSound()
	await(t, "the key to be there", func() error { return awaitFollow(arena, "{arena}", "1") }, c.Nodes[:]...)
}
