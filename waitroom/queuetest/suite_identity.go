package queuetest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func testMalformedEntrants(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open), t.Context()
	long := strings.Repeat("x", waitroom.MaxEntrantKey+1)
	for _, who := range []waitroom.Entrant{{Account: long}, {Key: long}, {Account: "a", Key: long}, {Account: strings.Repeat("가", 86)}} {
		_, err := f.Join(ctx, Room, who)
		require.ErrorIs(t, err, waitroom.ErrEntrantInvalid)
	}
	require.Zero(t, f.Do().Issued, "who is refused takes no number")
	// Whatever bytes there are in a name, it is one name, and another than the others.
	names := []string{
		long[1:], long[2:], " ", "a b", "a}b", "{a}", "a:b", "a", "ka", "aa", "\x00", "\x00\x00", "\xff\xfe", "\r\n", "*", "한국", "ſ", "s", "0", "00", "-1",
	}
	for i, name := range names {
		require.EqualValues(t, 2*i+1, f.EnterAs(waitroom.Entrant{Account: name}).Number, "account %q", name)
		require.EqualValues(t, 2*i+2, f.EnterAs(waitroom.Entrant{Key: name}).Number, "key %q", name)
	}
	for i, name := range names {
		require.EqualValues(t, 2*i+1, f.EnterAs(waitroom.Entrant{Account: name}).Number, "account %q", name)
		require.EqualValues(t, 2*i+2, f.EnterAs(waitroom.Entrant{Key: name}).Number, "key %q", name)
	}
}

func testKey(t *testing.T, open Open) {
	f := NewFixture(t, open, slots(1))
	first := f.EnterAs(waitroom.Entrant{Key: "k"})
	require.False(t, first.Again)
	f.EnterMany(2)
	again := f.EnterAs(waitroom.Entrant{Key: "k"})
	require.True(t, again.Again)
	require.Equal(t, []int64{1, 1}, []int64{again.Number, again.Rank})
	require.Equal(t, waitroom.Waiting, again.State)
	require.EqualValues(t, 3, f.Do().Issued)
	again = f.EnterAs(waitroom.Entrant{Key: "k"})
	require.Equal(t, waitroom.Admitted, again.State)
	require.Equal(t, f.Clock.Now().Add(900*time.Second), again.ExpiresAt)
	require.EqualValues(t, 4, f.EnterAs(waitroom.Entrant{Key: "K"}).Number)

	f.Set(waitroom.PolicyChange{Mode: ptr(waitroom.ModeDraining)})
	again = f.EnterAs(waitroom.Entrant{Key: "K"})
	require.EqualValues(t, 4, again.Number, "who has a place is told of it, although nobody new is taken")
	require.Equal(t, waitroom.Waiting, again.State)
}

func testAccount(t *testing.T, open Open) {
	f, ctx := NewFixture(t, open, slots(1)), t.Context()
	kim := waitroom.Entrant{Account: "kim"}
	require.EqualValues(t, 1, f.EnterAs(kim).Number)
	require.EqualValues(t, 2, f.EnterAs(waitroom.Entrant{Key: "kim"}).Number, "a key is no account")
	for _, key := range []string{"", "one", "two"} {
		p := f.EnterAs(waitroom.Entrant{Account: "kim", Key: key})
		require.EqualValues(t, 1, p.Number, "one place, however often and from wherever")
		require.True(t, p.Again)
	}
	f.Do()
	require.Equal(t, waitroom.Admitted, f.EnterAs(kim).State)
	require.NoError(t, f.Release(ctx, Room, f.Epoch, 1))
	p := f.EnterAs(kim)
	require.EqualValues(t, 3, p.Number, "a place that is used up is none")
	require.False(t, p.Again)
	require.EqualValues(t, 3, f.EnterAs(kim).Number)
	require.NoError(t, f.Leave(ctx, Room, f.Epoch, 3))
	require.EqualValues(t, 4, f.EnterAs(kim).Number, "nor is one that was given up")
	f.Pass(30 * time.Minute)
	f.Do()
	f.Clock.Advance(100 * 24 * time.Hour)
	f.EnterMany(1)
	require.EqualValues(t, 4, f.EnterAs(kim).Number, "accounts are not forgotten")
}

func testOnePlaceConcurrently(t *testing.T, open Open) {
	clock := NewClock()
	lines, done := open(clock, 2)
	t.Cleanup(done)
	_, err := lines[0].Create(t.Context(), Room, easyPolicy(mode(waitroom.ModeHold)))
	require.NoError(t, err)
	entrants := []waitroom.Entrant{{Account: "a"}, {Key: "a"}, {Account: "b", Key: "b"}, {}}
	const each = 25
	places := make([][]waitroom.Place, len(entrants))
	var all sync.WaitGroup
	for i, who := range entrants {
		places[i] = make([]waitroom.Place, each)
		for k := range each {
			all.Go(func() {
				p, err := lines[k%2].Join(t.Context(), Room, who)
				if err == nil {
					places[i][k] = p
				}
			})
		}
	}
	all.Wait()
	given := map[int64]bool{}
	for i := range entrants {
		fresh := 0
		for _, p := range places[i] {
			require.Positive(t, p.Number)
			if entrants[i] != (waitroom.Entrant{}) {
				require.Equal(t, places[i][0].Number, p.Number)
			} else {
				require.False(t, given[p.Number], "number %d was given twice", p.Number)
			}
			given[p.Number] = true
			if !p.Again {
				fresh++
			}
		}
		if entrants[i] != (waitroom.Entrant{}) {
			require.Equal(t, 1, fresh, "all but one are told that they had it already")
		}
	}
	s, _, err := lines[0].Tick(t.Context(), Room, time.Time{})
	require.NoError(t, err)
	require.EqualValues(t, each+3, s.Issued, "numbers are dense")
	require.Len(t, given, each+3)
}

func testKeyForgotten(t *testing.T, open Open) {
	f := NewFixture(t, open, mode(waitroom.ModeHold))
	key := waitroom.Entrant{Key: "k"}
	f.EnterAs(key)
	f.Clock.Advance(time.Hour - time.Millisecond)
	require.EqualValues(t, 1, f.EnterAs(key).Number, "known for an hour")
	f.Clock.Advance(time.Hour + time.Millisecond)
	p := f.EnterAs(key)
	require.EqualValues(t, 2, p.Number, "and no longer than two, however often it was used")
	require.False(t, p.Again)
}
