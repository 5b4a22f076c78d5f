package redistest

import (
	"testing"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"
)

// TestTheSentinelsReplaceAPrimary: a client that knows only them finds the new one, which has what the replica had acknowledged. The old
// one, when it comes back, is made a replica of it.
func TestTheSentinelsReplaceAPrimary(t *testing.T) {
	t.Parallel()
	r := StartSentinels(t, Durable...)
	options, err := rueidis.ParseURL(r.URL())
	require.NoError(t, err)
	require.Equal(t, MasterSet, options.Sentinel.MasterSet)
	options.DisableCache = true
	options.Dialer.Timeout, options.ConnWriteTimeout = patience, patience
	client, err := rueidis.NewClient(options)
	require.NoError(t, err)
	defer client.Close()

	old := r.Primary()
	require.Equal(t, "1", pipelined(t, old, "SET %s 1\r\nWAIT 1 %d\r\n", "a", 30_000))
	old.Kill()
	now := r.WaitForPromotion(old)
	require.NotEqual(t, old, now)
	require.Equal(t, now, r.Primary())
	require.Equal(t, "1", read(t, now, "a"))
	await(t, "the client to find the new primary", func() error {
		return client.Do(t.Context(), client.B().Set().Key("b").Value("2").Build()).Error()
	}, r.Sentinels[:]...)
	require.Equal(t, "2", read(t, now, "b"))

	old.Restart()
	await(t, "the old primary to follow the new one", func() error {
		return awaitFollow(old, "b", "2")
	}, old)
	require.Equal(t, "slave", old.Info("replication", "role"))
}

// TestWithoutAMajorityNobodyIsPromoted is the control: one sentinel of three is not enough to replace a primary.
func TestWithoutAMajorityNobodyIsPromoted(t *testing.T) {
	t.Parallel()
	r := StartSentinels(t)
	old := r.Primary()
	r.Sentinels[0].Kill()
	r.Sentinels[1].Kill()
	old.Kill()
	last := r.Sentinels[2]
	await(t, "the last sentinel to notice", func() error {
		return contains(last.must("SENTINEL", "MASTER", MasterSet), "s_down")
	}, last)
	require.Equal(t, old, r.Primary())
	require.Equal(t, "slave", r.Servers[1].Info("replication", "role"))
	// Another one makes a majority of two.
	r.Sentinels[1].Restart()
	r.WaitForPromotion(old)
}
