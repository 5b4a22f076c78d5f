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
	Visit   object   `json:"visit"`
	Answers []object `json:"answers"`
}

type scenario struct {
	Loads   []pageLoad `json:"loads"`
	Storage bool       `json:"storage"`
	Through bool       `json:"through"`
}

type shown struct {
	State, Ahead, Title, Opens string
	Left                       bool
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

func with(o object, key string, value any) object {
	o[key] = value
	return o
}

func aheads(all []shown) (list []string) {
	for _, one := range all {
		list = append(list, one.Ahead)
	}
	return list
}

func TestThePlaceShownNeverGoesBack(t *testing.T) {
	t.Parallel()
	s := scenario{Storage: true, Loads: []pageLoad{
		{at(9, 8), []object{at(9, 5), at(9, 7), at(9, 4)}},
		{at(9, 6), []object{at(9, 6), at(9, 3)}}, // loaded again
		{at(20, 15), []object{at(20, 14)}},       // another place
	}}
	assert.Equal(t, []string{"8", "5", "5", "4", "4", "4", "3", "15", "14"}, aheads(play(t, s)))
	// A browser that keeps nothing forgets with each loading, and the page works.
	s.Storage = false
	assert.Equal(t, []string{"8", "5", "5", "4", "6", "6", "3", "15", "14"}, aheads(play(t, s)))
}

func TestThePageFollowsTheRoom(t *testing.T) {
	t.Parallel()
	before := func() object {
		return with(with(with(at(9, 0), "state", "prequeue"), "eta_seconds", nil), "opens_at", "2026-12-01T20:00:00+09:00")
	}
	sold := with(with(at(9, 3), "state", "closed"), "ended", "sold_out")
	over := with(with(at(9, 3), "state", "closed"), "ended", "over")
	all := play(t, scenario{Storage: true, Loads: []pageLoad{{before(), []object{before(), at(9, 7), sold, over, at(9, 6), with(at(9, 0), "state", "admitted")}}}})
	require.Len(t, all, 7)
	assert.Equal(t, "titleSoon", all[0].Title)
	assert.Contains(t, all[1].Opens, "December")
	assert.Empty(t, all[2].Opens)
	assert.Equal(t, "7", all[2].Ahead, "before the opening nobody had a position")
	assert.Equal(t, []string{"prequeue", "prequeue", "waiting", "ended", "ended", "waiting", "admitted"},
		[]string{all[0].State, all[1].State, all[2].State, all[3].State, all[4].State, all[5].State, all[6].State})
	assert.Equal(t, "titleSold", all[3].Title)
	assert.Equal(t, "titleEnded", all[4].Title)
	assert.True(t, all[6].Left)
}

func TestThePageGoesInWhereARoomStaysOpenInAnOutage(t *testing.T) {
	t.Parallel()
	down := object{"status": 503}
	s := scenario{Storage: true, Loads: []pageLoad{{at(9, 8), []object{down, down, down}}}}
	held := play(t, s)
	assert.Equal(t, "down", held[3].State)
	assert.False(t, held[3].Left)
	s.Through = true
	let := play(t, s)
	assert.True(t, let[len(let)-1].Left)
}
