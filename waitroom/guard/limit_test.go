package guard

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
)

// TestNoMinuteSeesMoreThanTheLimit: whenever someone comes, in no minute are more let through than the limit, and who waits as told is let
// through.
func TestNoMinuteSeesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(1000, 0)
		n := rapid.Int64Range(1, 40).Draw(t, "limit")
		l, who, now := newLimiter(start), address(netip.MustParseAddr("192.0.2.1")), start
		var taken []time.Time
		for range rapid.IntRange(1, 300).Draw(t, "attempts") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int64{0, 0, 1, 500, 1500, 7000, 30_000, 61_000}).Draw(t, "ms")) * time.Millisecond)
			ahead := l.blocked(who, n, now)
			wait := l.take(who, n, now)
			require.Equal(t, ahead, wait)
			if wait > 0 {
				require.LessOrEqual(t, wait, minute)
				if rapid.Bool().Draw(t, "patient") {
					now = now.Add(wait)
					require.Zero(t, l.take(who, n, now), "who waits as told is let through")
					taken = append(taken, now)
				}
				continue
			}
			taken = append(taken, now)
		}
		for i, from := range taken {
			count := int64(0)
			for _, at := range taken[i:] {
				if at.Before(from.Add(minute)) {
					count++
				}
			}
			require.LessOrEqual(t, count, n)
		}
	})
}

func TestTheLimitIsUsed(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	for _, n := range []int64{1, 2, 3, 10, 1000, 1_000_000} {
		l, who := newLimiter(start), address(netip.MustParseAddr("192.0.2.1"))
		once := int64(0)
		for l.take(who, n, start) == 0 {
			once++
		}
		assert.Equal(t, (n+1)/2, once, "half of %d at once", n)
		if n > 1000 {
			continue
		}
		total := once
		for now := start; now.Before(start.Add(minute)); now = now.Add(10 * time.Millisecond) {
			if l.take(who, n, now) == 0 {
				total++
			}
		}
		assert.InDelta(t, n, total, 1+float64(n)/50, "and the rest within the minute")
	}
}

// TestMemoryIsBounded: a flood of addresses neither grows the limiter beyond its bound nor makes it forget who does the most.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	l, busy, now := newLimiter(start), address(netip.MustParseAddr("2001:db8::1")), start
	const n = 100
	for l.take(busy, n, now) == 0 {
	}
	for i := range 300_000 {
		now = now.Add(10 * time.Microsecond)
		flood := address(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		require.Zero(t, l.take(flood, n, now))
		if i%10_000 == 0 {
			require.LessOrEqual(t, l.size(), shardCount*shardSize)
			for l.take(busy, n, now) == 0 {
			}
		}
	}
	assert.Positive(t, l.blocked(busy, n, now), "the busiest is still known")
	assert.Greater(t, l.size(), shardCount*shardSize/2)

	// When all have made up for what they did, the next one sweeps its shard.
	now = now.Add(2 * minute)
	for i := range 10_000 {
		l.take(address(netip.AddrFrom4([4]byte{172, 16, byte(i >> 8), byte(i)})), n, now)
	}
	assert.LessOrEqual(t, l.size(), 10_000)
}

func TestAClockThatGoesBackBlocksNobodyForLong(t *testing.T) {
	t.Parallel()
	start := time.Unix(100_000, 0)
	l, who := newLimiter(start), address(netip.MustParseAddr("192.0.2.1"))
	for l.take(who, 10, start.Add(time.Hour)) == 0 {
	}
	assert.LessOrEqual(t, l.blocked(who, 10, start), minute)
}

func TestManyTakeAtOnce(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	l, who := newLimiter(start), address(netip.MustParseAddr("192.0.2.1"))
	var let atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 100 {
				if l.take(who, 200, start) == 0 {
					let.Add(1)
				}
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 100, let.Load())
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"192.0.2.200": "192.0.2.0/24", "::ffff:192.0.2.200": "192.0.2.0/24", "2001:db8:1:2:3::4": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
	} {
		assert.Equal(t, want, network(netip.MustParseAddr(addr)).String(), addr)
	}
	assert.Equal(t, "192.0.2.200/32", address(netip.MustParseAddr("::ffff:192.0.2.200")).String())
	assert.Equal(t, address(netip.MustParseAddr("fe80::1")), address(netip.MustParseAddr("fe80::1%eth0")))
	assert.Equal(t, netip.Prefix{}, network(netip.Addr{}), "one that is not known is one")
	assert.Equal(t, address(netip.Addr{}), address(netip.Addr{}))
}

func TestJoinLimits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, authtest.Keys(t), waitroom.Guards{JoinLimit: waitroom.WatchEnforce, JoinsPerAddress: 4, JoinsPerPrefix: 10})
	in := func(addr string) bool {
		_, err := f.judge(from(addr))
		if err != nil {
			require.ErrorIs(t, err, waitroom.ErrJoinLimit)
		}
		return err == nil
	}
	assert.Equal(t, []bool{true, true, false}, []bool{in("192.0.2.1"), in("192.0.2.1"), in("192.0.2.1")})
	assert.Equal(t, []bool{true, true, true, false}, []bool{in("192.0.2.2"), in("192.0.2.3"), in("192.0.2.4"), in("192.0.2.5")}, "the network's five")
	assert.True(t, in("192.0.3.1"), "the next network")
	problem := f.refused(from("192.0.2.1"), waitroom.ErrJoinLimit)
	assert.Positive(t, problem.RetryAfter)
	// Other addresses of the same household are no way around it, in IPv6 either.
	for i := range 5 {
		assert.True(t, in(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, 1, byte(i), 2, 15: byte(i)}).String()))
	}
	assert.False(t, in("2001:db8:1:ffff::1"))
	assert.True(t, in("2001:db8:2::1"))
	// Whom the network was refused to has not used up their own: after a minute all is well.
	f.now = f.now.Add(minute)
	assert.True(t, in("192.0.2.5"))
	assert.True(t, in("192.0.2.5"))

	// Each room counts for itself.
	f.view.Room = "theatre"
	assert.True(t, in("192.0.2.1"))
}

// A place that the line could not give counts in neither of the limits; the places that it gave go on counting.
func TestAJoinThatIsUndoneDoesNotCount(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]waitroom.Guards{
		"address": {JoinLimit: waitroom.WatchEnforce, JoinsPerAddress: 2},
		"network": {JoinLimit: waitroom.WatchEnforce, JoinsPerPrefix: 2},
		"both":    {JoinLimit: waitroom.WatchEnforce, JoinsPerAddress: 2, JoinsPerPrefix: 2},
	} {
		f := newFixture(t, authtest.Keys(t), limits)
		for range 100 {
			ruling, err := f.judge(from("192.0.2.1"))
			require.NoError(t, err, name)
			ruling.Undo()
		}
		_, err := f.judge(from("192.0.2.1"))
		require.NoError(t, err, name)
		f.refused(from("192.0.2.1"), waitroom.ErrJoinLimit)
	}
}
