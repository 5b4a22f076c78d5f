package profile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

const whole = `name: mine
about: All is well.
arrivals:
  - {at: 0s, per_second: 10}
  - {at: 30s, per_second: 10}
deadline: 2m
visitors:
  - name: fan
    do: buy
    weight: 2
  - name: bot
    do: attack
room:
  mode: queue
  method: fifo
  poll_max_ms: 5000
  ghost_seconds: 30
faults:
  - {at: 10s, what: redis, how: kill, for: 2s}
slos:
  - {metric: join.p99, max: 100}
requires: [P1]
`

func TestBadProfilesAreRefusedWithFileLineAndField(t *testing.T) {
	t.Parallel()
	_, err := profile.Parse("mine.yaml", []byte(whole))
	require.NoError(t, err, "the control: what is changed below was good")
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown field":         {"deadline: 2m", "dedline: 2m", "mine.yaml:6: dedline: is not known here; known are name, about, show, other_show, arrivals, scale"},
		"unknown inner field":   {"    weight: 2", "    wait: 2", "mine.yaml:10: visitors[0].wait: is not known here; known are name, do, weight"},
		"twice":                 {"deadline: 2m", "deadline: 2m\ndeadline: 3m", `mine.yaml:7: deadline: is there twice, first in line 6`},
		"no unit":               {"deadline: 2m", "deadline: 120", "mine.yaml:6: deadline: must be a time with its unit, such as 250ms, 30s or 5m; is 120"},
		"not a time":            {"deadline: 2m", "deadline: soon", "mine.yaml:6: deadline: must be a time with its unit, such as 250ms, 30s or 5m; is soon"},
		"not a number":          {"weight: 2", "weight: heavy", `mine.yaml:10: visitors[0].weight: must be a number, is "heavy"`},
		"not finite":            {"weight: 2", "weight: .inf", "mine.yaml:10: visitors[0].weight: must be a number, is .inf"},
		"no weight":             {"weight: 2", "weight: 0", "mine.yaml:10: visitors[0].weight: must be above 0, at most 1e+06; is 0"},
		"not whole":             {"ghost_seconds: 30", "ghost_seconds: 30.5", "mine.yaml:17: room.ghost_seconds: must be a whole number, is 30.5"},
		"number for a text":     {"name: fan", "name: 7", "mine.yaml:8: visitors[0].name: must be text, is 7"},
		"empty":                 {"about: All is well.", "about:", "mine.yaml:2: about: must be text, is empty"},
		"mapping for a list":    {"requires: [P1]", "requires: {P1: yes}", "mine.yaml:22: requires: must be a list, is a mapping"},
		"list for a mapping":    {"  - {metric: join.p99, max: 100}", "  - [join.p99]", "mine.yaml:21: slos[0]: must be a mapping, is a list"},
		"missing":               {"about: All is well.\n", "", "mine.yaml:1: about: is missing: one sentence that says what the load is"},
		"bad name":              {"name: mine", "name: My Own", `mine.yaml:1: name: must be small letters, digits and single hyphens, at most 60; is "My Own"`},
		"same name":             {"name: bot", "name: fan", "mine.yaml:11: visitors[1].name: fan is there twice"},
		"unknown doing":         {"do: attack", "do: atack", `mine.yaml:12: visitors[1].do: must be one of buy, join, wait, browse, rush, attack; is "atack"`},
		"percent":               {"weight: 2", "hot_percent: 101", "mine.yaml:10: visitors[0].hot_percent: must be from 0 to 100, is 101"},
		"percents together":     {"weight: 2", "leave_percent: 50\n    vanish_percent: 40\n    late_percent: 20", "mine.yaml:12: visitors[0].late_percent: leave, vanish and late are different people: together they must be at most 100, are 110"},
		"one corner":            {"  - {at: 30s, per_second: 10}\n", "", "mine.yaml:3: arrivals: must be at least two corners"},
		"late start":            {"{at: 0s,", "{at: 1s,", "mine.yaml:4: arrivals[0].at: must be 0s"},
		"backwards":             {"  - {at: 30s, per_second: 10}\n", "  - {at: 30s, per_second: 10}\n  - {at: 20s, per_second: 10}\n", "mine.yaml:6: arrivals[2].at: must not be before the corner above it, 30s; is 20s"},
		"three corners":         {"  - {at: 30s, per_second: 10}\n", "  - {at: 0s, per_second: 10}\n  - {at: 0s, per_second: 10}\n", "mine.yaml:6: arrivals[2].at: is the third corner at 0s; two make a step"},
		"nobody":                {"per_second: 10", "per_second: 0", "mine.yaml:3: arrivals: must bring 1 to 20000000 visitors, bring 0 with scale 1"},
		"negative rate":         {"{at: 30s, per_second: 10}", "{at: 30s, per_second: -1}", "mine.yaml:5: arrivals[1].per_second: must be from 0 to 1000000, is -1"},
		"scale":                 {"deadline: 2m", "scale: 0", "mine.yaml:6: scale: must be above 0, at most 1000; is 0"},
		"early deadline":        {"deadline: 2m", "deadline: 29s", "mine.yaml:6: deadline: must not be before the last corner of the line of arrivals, 30s; is 29s"},
		"long warm-up":          {"deadline: 2m", "deadline: 2m\nwarm_up: 2m", "mine.yaml:7: warm_up: must be shorter than the deadline"},
		"the same show":         {"deadline: 2m", "other_show: arena", "mine.yaml:6: other_show: must be another show than show, arena"},
		"mode":                  {"mode: queue", "mode: shut", `mine.yaml:14: room.mode: must be one of open, queue, hold; is "shut"`},
		"range of the contract": {"ghost_seconds: 30", "ghost_seconds: 1", "mine.yaml:17: room.ghost_seconds: must be from 2 to 3600, is 1"},
		"ghosts that poll":      {"ghost_seconds: 30", "ghost_seconds: 5", "mine.yaml:17: room.ghost_seconds: must be longer than poll_max_ms, 5000"},
		"polls":                 {"poll_max_ms: 5000", "poll_max_ms: 5000\n  poll_min_ms: 6000", "mine.yaml:16: room.poll_max_ms: must not be below poll_min_ms, 6000; is 5000"},
		"draw without opening":  {"method: fifo", "method: draw", "mine.yaml:13: room.open_in: must be at least 2s for a draw"},
		"opening without draw":  {"method: fifo", "method: fifo\n  open_in: 5s", `mine.yaml:16: room.open_in: belongs to the method draw, and the method is "fifo"`},
		"unknown part":          {"what: redis", "what: disk", `mine.yaml:19: faults[0].what: must be one of redis, postgres, gateway, booking, payment, network; is "disk"`},
		"kill no program":       {"what: redis", "what: network", "mine.yaml:19: faults[0].how: network is no program that could be told to kill; it can be slow or cut"},
		"slow gateway":          {"what: redis, how: kill", "what: gateway, how: slow, by: 1s", "mine.yaml:19: faults[0].how: visitors reach a gateway directly, so that nothing can make it slow; it can be killed or stopped"},
		"slow by nothing":       {"how: kill", "how: slow", "mine.yaml:19: faults[0].by: must be from 1ms to 1m0s, is 0s"},
		"kill by":               {"for: 2s", "for: 2s, by: 1s", `mine.yaml:19: faults[0].by: belongs to slow, and how is "kill"`},
		"late fault":            {"{at: 10s,", "{at: 119s,", "mine.yaml:19: faults[0].at: the fault ends at 2m1s, after the deadline, 2m0s"},
		"two faults":            {"slos:", "  - {at: 11s, what: network, how: cut, for: 2s}\nslos:", "mine.yaml:20: faults[1].at: overlaps faults[0]"},
		"unknown metric":        {"join.p99", "join.p98", `mine.yaml:21: slos[0].metric: "join.p98" is not known; known are failed.percent, admitted.per_minute`},
		"unknown kind":          {"max: 100}", "kind: fans, max: 100}", "mine.yaml:21: slos[0].kind: fans is no kind of visitor of this profile"},
		"no bound":              {", max: 100}", "}", "mine.yaml:21: slos[0]: must have a max or a min"},
		"bounds":                {", max: 100}", ", max: 100, min: 200}", "mine.yaml:21: slos[0].max: must not be below min, 200; is 100"},
		"unknown promise":       {"[P1]", "[P1, P9]", `mine.yaml:22: requires[1]: must be one of P1, P2, P3, P4, P5, P6; is "P9"`},
		"promise twice":         {"[P1]", "[P1, P1]", "mine.yaml:22: requires[1]: P1 is there twice"},
		"not YAML":              {"room:", "room: {", "is not proper YAML: did not find expected ',' or '}'"},
		"two documents":         {"requires: [P1]", "---", "the file holds more than one document"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, whole, c.old)
			_, err := profile.Parse("mine.yaml", []byte(strings.ReplaceAll(whole, c.old, c.new)))
			require.ErrorContains(t, err, c.want)
			var problems profile.Problems
			require.ErrorAs(t, err, &problems)
			for _, p := range problems {
				require.Equal(t, "mine.yaml", p.File)
				require.Positive(t, p.Line, p)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := profile.Parse("mine.yaml", []byte("nme: x\narrivals: 3\nscale: big\n"))
	require.Len(t, err, 3)
	_, err = profile.Parse("mine.yaml", []byte("name: x\n"))
	require.ErrorContains(t, err, "about: is missing")
	require.ErrorContains(t, err, "arrivals: must be at least two corners")
	require.ErrorContains(t, err, "visitors: is missing")
}

func TestFilesThatAreNoProfiles(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"": "the file is empty", "# nothing": "the file is empty", "- 1": "must be a mapping, is a list", "5": "must be a mapping, is 5", "~": "must be a mapping, is empty",
	} {
		_, err := profile.Parse("mine.yaml", []byte(content))
		require.ErrorContains(t, err, "mine.yaml:1: ", content)
		require.ErrorContains(t, err, want, content)
	}
	file := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(file, make([]byte, 1<<20+1), 0o600))
	_, err := profile.Load(file)
	require.EqualError(t, err, file+": is larger than 1048576 bytes")
}

// FuzzParse looks for files that end the program instead of being refused.
func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("visitors: &v [{think: *v}]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := profile.Parse("mine.yaml", content)
		if err == nil && (p.Validate() != nil || p.Count() < 1) {
			t.Error("a profile was read that is not valid")
		}
	})
}
