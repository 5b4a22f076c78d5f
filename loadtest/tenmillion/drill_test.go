package tenmillion

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/tenmillion/proof"
)

func TestTheDrillsJournalIsReadInOurTime(t *testing.T) {
	t.Parallel()
	joins, hears, lost, err := readDrill(strings.NewReader("join 2 100 200 5 7 1000\nhear 1 300 400 5 12 1\nlost 0 10 20 0 0 30\nhear 1 500 600 5 12 0\n"), 1000, 3)
	require.NoError(t, err)
	require.Equal(t, []proof.Join{{Sent: 1097, Answered: 1203, First: 7, Epoch: 5, Count: 1000, Via: 2}}, joins)
	require.Equal(t, []proof.Hear{{Sent: 1297, Answered: 1403, Chunk: 12, Via: 1, Ghosts: true}, {Sent: 1497, Answered: 1603, Chunk: 12, Via: 1}}, hears)
	require.EqualValues(t, 30, lost)

	for _, bad := range []string{"join 2 100 200 5 7", "join 2 100 200 5 7 x", "jump 2 100 200 5 7 8", "", "join 1 2 3 4 5 6 7"} {
		_, _, _, err := readDrill(strings.NewReader("join 2 100 200 5 7 1\n"+bad+"\n"), 0, 0)
		require.ErrorContains(t, err, "line 2", "%q", bad)
	}
}

func TestThePlanFitsTheFullSuiteAndASmallOne(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{Defaults(), {Visitors: 20_000, HTTPVisitors: 2000, HTTPRate: 13_000}, {Visitors: 2, HTTPVisitors: 1, HTTPRate: 100}, {Visitors: 1000, HTTPVisitors: 10, HTTPRate: 1000, RatePerMinute: 60}} {
		p := o.plan()
		require.LessOrEqual(t, p.Sprint+p.Singles, o.Visitors-o.HTTPVisitors, "%+v", p)
		require.Less(t, p.PollEvery*5/4, p.Ghost, "visitors ask often enough to count as present: %+v", p)
		require.LessOrEqual(t, 2*p.Beat, p.Ghost/2, "every one of the drill's is heard twice in a heartbeat window: %+v", p)
		require.Greater(t, p.Steady, p.Ghost*3/2, "ghosts have gone when the line opens: %+v", p)
		require.True(t, 1 <= p.FirstCap && p.FirstCap <= p.Cap && p.Cap <= 1_000_000, "%+v", p)
	}
	p := Defaults().plan()
	require.Greater(t, p.Steady, 2*p.PollEvery, "everybody over HTTP asks twice while waiting")
	require.Less(t, p.FirstCap, p.RatePerMinute/60*int(p.Session.Seconds()), "at first the cap holds the line up")
	require.Greater(t, p.Cap, p.RatePerMinute/60*int(p.Session.Seconds()), "later the rate does")
}
