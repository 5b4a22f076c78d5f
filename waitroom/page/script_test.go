package page

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type object map[string]any

type pageLoad struct {
	Visit   any      `json:"visit"`
	Answers []object `json:"answers"`
}

type scenario struct {
	Loads   []pageLoad `json:"loads"`
	Through bool       `json:"through"`
	Hidden  bool       `json:"hidden"`
	Moving  bool       `json:"moving"`
	Brand   string     `json:"brand"`
}

type shown struct {
	State, Ahead, Title, Opens, Clock, Told, Cookie string
	Left, Renewed                                   bool
	After                                           float64 // ms since the page was loaded
}

// play runs the page's own script in Node, which the project is built with, and returns what it showed at first and after each poll.
func play(t *testing.T, s scenario) (all []shown) {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "node", "testdata/page.mjs", "page.js", string(text)).CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, json.Unmarshal(out, &all), string(out))
	return all
}

func at(number, ahead int) object {
	return object{"room": "arena", "epoch": 1, "number": number, "state": "waiting", "ahead": ahead, "eta_seconds": object{"low": 60, "high": 90}, "poll_after_ms": 1000}
}

func with(o object, more object) object {
	for key, value := range more {
		o[key] = value
	}
	return o
}

func aheads(all []shown) (list []string) {
	for _, one := range all {
		list = append(list, one.Ahead)
	}
	return list
}

func statesOf(all []shown) (list []string) {
	for _, one := range all {
		list = append(list, one.State)
	}
	return list
}

func TestThePlaceShownNeverGoesBack(t *testing.T) {
	t.Parallel()
	all := play(t, scenario{Loads: []pageLoad{
		{at(9, 8), []object{at(9, 5), at(9, 7), at(9, 4)}},
		{at(20, 15), []object{at(20, 14), at(20, 16)}}, // another place
	}})
	assert.Equal(t, []string{"8", "5", "5", "4", "15", "14", "14"}, aheads(all))
	assert.Equal(t, "wl_arena=1.9.4", all[3].Cookie, "for the server, which writes the page when it is loaded again")
	assert.Equal(t, "wl_arena=1.20.14", all[6].Cookie)
}

func TestThePageFollowsTheRoom(t *testing.T) {
	t.Parallel()
	before := func() object {
		return with(at(9, 0), object{"state": "prequeue", "eta_seconds": nil, "opens_at": "2026-12-01T20:00:00+09:00", "opens_in_ms": 3_723_400})
	}
	all := play(t, scenario{Loads: []pageLoad{{before(), []object{
		before(), at(9, 7), with(at(9, 3), object{"state": "closed", "ended": "sold_out"}), with(at(9, 3), object{"state": "closed", "ended": "over"}),
		with(at(9, 6), object{"message": "Doors at 7"}), with(at(9, 6), object{"message": "Doors at 7"}), with(at(9, 0), object{"state": "admitted", "claim_in_ms": 90_000}),
	}}}})
	assert.Equal(t, []string{"prequeue", "prequeue", "waiting", "sold", "ended", "waiting", "waiting", "turn", "turn"}, statesOf(all))
	assert.Equal(t, "title of prequeue", all[0].Title)
	assert.Contains(t, all[1].Opens, "December")
	assert.Equal(t, "1:02:04", all[0].Clock, "by what the server said, and rounded up")
	assert.Empty(t, all[2].Opens)
	assert.Empty(t, all[2].Clock)
	assert.Equal(t, "7", all[2].Ahead, "before the opening nobody had a position")
	assert.Empty(t, all[0].Cookie)
	assert.Contains(t, all[5].Told, "message: Doors at 7", "a new message is told to who cannot see it")
	assert.NotContains(t, all[6].Told, "again", "but once")
	assert.Equal(t, "1:30", all[7].Clock)
	assert.True(t, all[8].Left)
}

func TestWhoLooksGoesInAfterAMoment(t *testing.T) {
	t.Parallel()
	s := scenario{Loads: []pageLoad{{at(9, 8), []object{with(at(9, 0), object{"state": "admitted", "claim_in_ms": 90_000})}}}}
	all := play(t, s)
	require.True(t, all[2].Left)
	assert.InDelta(t, 3000, all[2].After-all[1].After, 500)
	// Who does not look has until shortly before the pass would go to the next.
	s.Hidden = true
	all = play(t, s)
	require.True(t, all[2].Left)
	assert.InDelta(t, 80_000, all[2].After-all[1].After, 500)
}

func TestThePageSaysWhatBecameOfAPlace(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]object{
		"passed": with(at(9, 0), object{"state": "passed"}), "expired": with(at(9, 0), object{"state": "expired"}),
		"superseded": {"status": 410, "type": "urn:anteroom:problem:ticket-superseded"}, "moved": {"status": 410, "type": "urn:anteroom:problem:ticket-moved"},
		"gone": {"status": 401, "type": "urn:anteroom:problem:ticket-invalid"},
	} {
		all := play(t, scenario{Loads: []pageLoad{{at(9, 8), []object{answer, at(9, 1)}}}})
		require.Len(t, all, 2, "%s: it asks no more", want)
		assert.Equal(t, want, all[1].State)
		assert.Equal(t, "title of "+want, all[1].Title)
		assert.False(t, all[1].Left)
	}
}

func TestThePageGoesInWhereARoomStaysOpenInAnOutage(t *testing.T) {
	t.Parallel()
	down := object{"status": 503}
	s := scenario{Loads: []pageLoad{{at(9, 8), []object{down, down, down}}}}
	held := play(t, s)
	assert.Equal(t, []string{"waiting", "waiting", "down", "down"}, statesOf(held), "one answer lost is no outage")
	assert.False(t, held[3].Left)
	s.Through = true
	let := play(t, s)
	assert.True(t, let[len(let)-1].Left)
}

// The server and the script tell the states apart by themselves; a visitor must not see a page change its mind.
func TestServerAndScriptAgree(t *testing.T) {
	t.Parallel()
	for state, v := range visits() {
		assert.Equal(t, state, stateOf(v))
		if state == stateTurn || state == statePassed || state == stateExpired {
			continue // the gate answers these with something else than a page
		}
		all := play(t, scenario{Loads: []pageLoad{{Visit: v}}})
		assert.Equal(t, state, all[0].State)
		if all[0].Clock != "" {
			assert.Equal(t, (&english).left(msOf(v.OpensInMS)), all[0].Clock)
		}
		assert.Equal(t, grouped(v.Ahead), all[0].Ahead)
	}
}
