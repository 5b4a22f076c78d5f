package redistest

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// safe: a primary that refuses what no replica follows. One that is slow on a busy machine follows all the same.
var safe = append([]string{"--min-replicas-to-write", "1", "--min-replicas-max-lag", "60"}, Durable...)

// TestALaggingReplicaLosesWhatWasAcknowledged: the primary answers writes as if all were well, they are not on the promoted
// replica, and those from before are. The control is the same failover without the lag, and with WAIT: nothing is lost.
func TestALaggingReplicaLosesWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	for name, lag := range map[string]bool{"lag": true, "control": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := StartPair(t, safe...)
			before, after := "-1", "0"
			write(t, p.Primary, "before", before)
			if lag {
				p.Lag()
			}
			for n := range 100 {
				after = strconv.Itoa(n)
				write(t, p.Primary, "after", after)
			}
			if !lag {
				p.AwaitSync()
			}
			p.Primary.Kill()
			p.Promote()
			require.Equal(t, before, read(t, p.Replica, "before"))
			if lag {
				require.Empty(t, read(t, p.Replica, "after"))
			} else {
				require.Equal(t, after, read(t, p.Replica, "after"))
			}
		})
	}
}

// TestWAITTellsALag: it counts the replica that follows and not the one that lags, and what it counted survives.
func TestWAITTellsALag(t *testing.T) {
	t.Parallel()
	p := StartPair(t, safe...)
	// Written and waited for on one connection, as WAIT speaks of that connection's writes only.
	const script = "SET %s 1\r\nWAIT 1 %d\r\n"
	require.Equal(t, "1", pipelined(t, p.Primary, script, "kept", 30_000))
	p.Lag()
	require.Equal(t, "0", pipelined(t, p.Primary, script, "lost", 100))
	p.Primary.Kill()
	p.Promote()
	require.Equal(t, "1", read(t, p.Replica, "kept"))
	require.Empty(t, read(t, p.Replica, "lost"))
}

func TestAReplicaThatCatchesUpHasEverything(t *testing.T) {
	t.Parallel()
	p := StartPair(t, safe...)
	p.Lag()
	write(t, p.Primary, "a", "1")
	require.Empty(t, read(t, p.Replica, "a"))
	p.CatchUp()
	require.Equal(t, "1", read(t, p.Replica, "a"))
}

// TestTheAddressFollowsThePromotion: and the promoted server keeps its rule, that it wants a replica.
func TestTheAddressFollowsThePromotion(t *testing.T) {
	t.Parallel()
	p := StartPair(t, safe...)
	addr := p.URL()[len("redis://"):]
	ask := func(args ...string) (string, error) { return call(addr, patience, args...) }
	_, err := ask("SET", "a", "1")
	require.NoError(t, err)
	p.AwaitSync()
	p.Primary.Kill()
	_, err = ask("GET", "a")
	require.Error(t, err)
	p.Promote()
	a, err := ask("GET", "a")
	require.NoError(t, err)
	require.Equal(t, "1", a)
	_, err = ask("SET", "a", "2")
	require.ErrorContains(t, err, "NOREPLICAS")
	_, err = ask("CONFIG", "SET", "min-replicas-to-write", "0")
	require.NoError(t, err)
	_, err = ask("SET", "a", "2")
	require.NoError(t, err)
	require.Equal(t, "2", read(t, p.Replica, "a"))
}

func write(t *testing.T, s *Server, key, value string) {
	t.Helper()
	_, err := s.Do("SET", key, value)
	require.NoError(t, err)
}

func read(t *testing.T, s *Server, key string) string {
	t.Helper()
	value, err := s.Do("GET", key)
	require.NoError(t, err)
	return value
}
