package profile_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

// the suites that DESIGN and the tests of the command count on, and the loads that are told of in docs/profiles.md.
var shipped = []string{
	"arena-on-sale", "bot-attack", "browse", "faults", "festival-draw", "join-storm", "journey", "poll-storm", "ramp", "seat-rush", "soak", "spike", "surge",
}

func TestShippedProfiles(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range profile.List() {
		names = append(names, p.Name)
		require.NoError(t, p.Validate(), p.Name)
		file := filepath.Join("profiles", p.Name+".yaml")
		fromFile, err := profile.Load(file)
		require.NoError(t, err, "a file is named as its profile is")
		require.Equal(t, p, fromFile)

		again := &profile.Profile{}
		body, err := json.Marshal(p)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(body, again), "a journal carries its profile as JSON")
		if len(p.Faults) == 0 {
			again.Faults = nil
		}
		require.Equal(t, p, again)
		require.NotEmpty(t, p.Requires, "%s: what is not required may be left unmeasured", p.Name)
	}
	require.Equal(t, shipped, names)
}

func TestShippedLoadsAreWhatTheyAreSaidToBe(t *testing.T) {
	t.Parallel()
	counts := map[string]int{
		"arena-on-sale": 10_000, "bot-attack": 1500, "browse": 900, "faults": 2000, "festival-draw": 3000, "join-storm": 12_000, "journey": 2000,
		"poll-storm": 2000, "ramp": 2460, "seat-rush": 1200, "soak": 3000, "spike": 2050, "surge": 20_000,
	}
	for _, p := range profile.List() {
		require.Equal(t, counts[p.Name], p.Count(), p.Name)
	}
	sale, err := profile.Builtin("arena-on-sale")
	require.NoError(t, err)
	sale.Scale = 1
	require.Equal(t, 500_000, sale.Count())
	require.Equal(t, time.Minute, sale.Length())

	attack, err := profile.Builtin("bot-attack")
	require.NoError(t, err)
	for _, s := range attack.SLOs {
		require.Equal(t, profile.DoBuy, attack.Kind(s.Kind).Do, "levels are expected for people only")
	}
	faults, err := profile.Builtin("faults")
	require.NoError(t, err)
	done := map[string]bool{}
	for _, f := range faults.Faults {
		done[f.What+" "+f.How] = true
	}
	require.Len(t, done, 18)
}

func TestOpenAndBuiltin(t *testing.T) {
	t.Parallel()
	p, err := profile.Open("journey")
	require.NoError(t, err)
	require.Equal(t, "journey", p.Name)
	file := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(file, []byte(smallest), 0o600))
	p, err = profile.Open(file)
	require.NoError(t, err)
	require.Equal(t, "mine", p.Name)
	_, err = profile.Open("jurney")
	require.EqualError(t, err, `there is no profile "jurney"; there are `+strings.Join(shipped, ", "))
	_, err = profile.Open("none/there.yaml")
	require.EqualError(t, err, "none/there.yaml: cannot be read: no such file or directory")
}

const smallest = `
name: mine
about: The least that a profile says.
arrivals: [{at: 0s, per_second: 1}, {at: 10s, per_second: 1}]
visitors: [{name: buyer, do: buy, think: {median: 2s}}]
`

func TestDefaults(t *testing.T) {
	t.Parallel()
	p, err := profile.Parse("mine.yaml", []byte(smallest))
	require.NoError(t, err)
	at := func(d time.Duration) profile.Duration { return profile.Duration(d) }
	require.Equal(t, &profile.Profile{
		Name: "mine", About: "The least that a profile says.", Show: "arena", OtherShow: "theatre", Scale: 1,
		Arrivals: []profile.Arrival{{At: 0, PerSecond: 1}, {At: at(10 * time.Second), PerSecond: 1}},
		Visitors: []profile.Kind{{
			Name: "buyer", Do: "buy", Weight: 1, Seats: 2, Pages: 10, Polls: 10, Think: profile.Think{Median: at(2 * time.Second), P95: at(4 * time.Second)},
		}},
		Deadline: at(10*time.Second + 5*time.Minute), Connections: 256, Timeout: at(15 * time.Second),
	}, p)
}
