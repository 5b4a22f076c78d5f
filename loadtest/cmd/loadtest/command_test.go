package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

// TestMain lets the test's program be a further generator, as the command's own program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == generatorCommand {
		main()
	}
	os.Exit(m.Run())
}

// command runs a command line, and returns what it ended with and wrote.
func command(t *testing.T, args ...string) (code int, out, log string) {
	t.Helper()
	return commandWithin(t.Context(), args...)
}

func commandWithin(ctx context.Context, args ...string) (code int, out, log string) {
	var results, progress bytes.Buffer
	code = run(ctx, args, &results, &progress)
	return code, results.String(), progress.String()
}

func TestBadCommandLinesEndWithThreeAndNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		args []string
		says string
	}{
		"nothing":             {nil, "Usage: loadtest COMMAND"},
		"unknown command":     {[]string{"jon-storm"}, `no command "jon-storm"`},
		"an old command line": {[]string{"--suite", "surge"}, `no command "--suite"`},
		"no suite":            {[]string{"run"}, "wants the name of a suite"},
		"flag before a suite": {[]string{"run", "--seed", "3", "join-storm"}, "wants the name of a suite"},
		"unknown suite":       {[]string{"run", "storm"}, `no suite "storm"`},
		"unknown profile":     {[]string{"run", "journey", "--profile", "stadium"}, `"stadium"`},
		"profile not there":   {[]string{"run", "journey", "--profile", "./stadium.yaml"}, "stadium.yaml"},
		"two suites":          {[]string{"run", "journey", "browse"}, `"browse"`},
		"unknown flag":        {[]string{"run", "journey", "--sed", "3"}, "sed"},
		"no number":           {[]string{"run", "journey", "--seed", "three"}, "seed"},
		"scale":               {[]string{"run", "journey", "--scale", "0"}, "--scale must be a number from 0.0001"},
		"scale in words":      {[]string{"run", "journey", "--scale", "half"}, `"half"`},
		"scale not a number":  {[]string{"run", "journey", "--scale", "NaN"}, "--scale"},
		"duration":            {[]string{"run", "journey", "--duration", "25h"}, "--duration must be from 1s"},
		"duration no unit":    {[]string{"run", "journey", "--duration", "10"}, "duration"},
		"generators":          {[]string{"run", "journey", "--generators", "65"}, "--generators must be from 1 to 64"},
		"gateways":            {[]string{"run", "journey", "--gateways", "0"}, "--gateways must be from 1"},
		"out":                 {[]string{"run", "journey", "--out", ""}, "--out"},
		"target no scheme":    {[]string{"run", "journey", "--target", "localhost:8080"}, "--target"},
		"one target wrong":    {[]string{"run", "journey", "--target", "http://a:1,b"}, `"b"`},
		"booking-ops":         {[]string{"run", "journey", "--target", "http://a:1", "--booking-ops", "x"}, "--booking-ops"},
		"half a sign-in":      {[]string{"run", "journey", "--target", "http://a:1", "--staff-email", "a@b"}, "--staff-password"},
		"target's setting":    {[]string{"run", "journey", "--booking-ops", "http://a:1"}, "--booking-ops is for a system that is given by --target"},
		"faults at a target":  {[]string{"run", "faults", "--target", "http://127.0.0.1:1", "--out", "never-made"}, "brought up itself"},
		"other's setting":     {[]string{"run", "ten-million", "--generators", "3"}, "generators"},
		"all over HTTP":       {[]string{"run", "ten-million", "--visitors", "10", "--http-visitors", "10"}, "--http-visitors must be fewer"},
		"slow rate":           {[]string{"run", "ten-million", "--rate-per-minute", "59"}, "--rate-per-minute must be from 60"},
		"no such fsync":       {[]string{"run", "ten-million", "--appendfsync", "never"}, "--appendfsync must be always, everysec or no"},
		"ten-million's word":  {[]string{"run", "ten-million", "now"}, `"now"`},
		"deadline":            {[]string{"run", "ten-million", "--deadline", "2h"}, "--deadline must be from 1s to 1h"},
		"idle's time":         {[]string{"run", "idle", "--time", "1ms"}, "--time must be from 1s"},
		"idle's word":         {[]string{"run", "idle", "now"}, `"now"`},
		"all and a profile":   {[]string{"run", "all", "--profile", "journey"}, "--profile is for one suite"},
		"all but":             {[]string{"run", "all", "--only", "journey,x"}, `no suite "x"`},
		"nothing to check":    {[]string{"check"}, "name a journal"},
		"check what is not":   {[]string{"check", "no.journal"}, "no.journal"},
		"check no journals":   {[]string{"check", "testdata"}, "testdata"},
		"flags in two places": {[]string{"check", "--json", "a", "--json"}, "--json stands after"},
		"nothing to report":   {[]string{"report"}, "name a journal"},
		"one to compare":      {[]string{"compare", "a.json"}, "1 were named"},
		"compare what is not": {[]string{"compare", "a.json", "b.json"}, "a.json"},
		"list what is not":    {[]string{"list", "stadium"}, `"stadium"`},
		"generate by hand":    {[]string{generatorCommand, "x"}, "started by run"},
	} {
		code, out, log := command(t, bad.args...)
		assert.Equal(t, unmeasured, code, name)
		assert.Contains(t, log, bad.says, name)
		assert.Empty(t, out, name)
	}
	assert.NoDirExists(t, "never-made")
}

func TestHelpEndsWithZero(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"run", "--help"}, {"run", "journey", "--help"}, {"run", "all", "--help"}, {"report", "--help"}} {
		code, _, log := command(t, args...)
		require.Equal(t, held, code, args)
		require.Contains(t, log, "LOADTEST_OUT", args)
	}
	code, _, log := command(t, "run", "ten-million", "--help")
	require.Equal(t, held, code)
	require.Contains(t, log, "LOADTEST_HTTP_VISITORS")
	code, out, _ := command(t, "--help")
	require.Equal(t, held, code)
	require.Contains(t, out, "compare A B")
}

func TestAProfileWithAnUnknownFieldIsNamedWithItsFileAndLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(file, []byte("name: mine\nabout: Mine.\narivals: []\n"), 0o644))
	for _, args := range [][]string{{"run", file}, {"run", "journey", "--profile", file}, {"list", file}} {
		code, _, log := command(t, args...)
		require.Equal(t, unmeasured, code)
		require.Contains(t, log, file+":3", args)
		require.Contains(t, log, "arivals", args)
	}
}

func TestListTellsOfEverySuite(t *testing.T) {
	t.Parallel()
	code, out, log := command(t, "list")
	require.Equal(t, held, code, log)
	for _, suite := range rounds {
		require.Contains(t, out, suite+"\n")
	}
	for _, p := range profile.List() {
		require.Contains(t, out, p.Name+"\n  "+strings.TrimSpace(p.About))
		for _, s := range p.SLOs {
			require.Contains(t, out, s.Metric)
		}
		code, one, log := command(t, "list", p.Name)
		require.Equal(t, held, code, log)
		require.Contains(t, out, one)
	}
}

func TestEverySuiteOfAllIsThere(t *testing.T) {
	t.Parallel()
	for _, suite := range rounds {
		if suite != tenMillion {
			_, err := profileOf(suite, "")
			require.NoError(t, err)
		}
	}
}

func TestSecretsAreNotWrittenDown(t *testing.T) {
	t.Parallel()
	require.Equal(t, "loadtest run journey --seed 3 --staff-password … --database-url=… --out x",
		shown("loadtest run journey", []string{"--seed", "3", "--staff-password", "hush", "--database-url=postgres://a:hush@b/c", "--out", "x"}))
	require.Equal(t, "loadtest run journey --staff-password=… -database-url …",
		shown("loadtest run journey", []string{"-staff-password=hush", "-database-url", "hush"}))
}

func TestTheWorstCodeCounts(t *testing.T) {
	t.Parallel()
	require.Equal(t, held, worst())
	require.Equal(t, held, worst(held, held))
	require.Equal(t, missed, worst(held, missed))
	require.Equal(t, unmeasured, worst(missed, unmeasured, held))
	require.Equal(t, broken, worst(missed, unmeasured, broken))
}

func TestAllPassesOnWhatEverySuiteTakes(t *testing.T) {
	t.Parallel()
	a, err := parseAll([]string{"--only", "browse, journey", "--seed=4", "--out", "x", "--scale", "0.5"}, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, []string{"browse", "journey"}, a.suites)
	require.Equal(t, []string{"--seed=4", "--scale", "0.5"}, a.passed)
	require.Equal(t, "x", a.out)

	a, err = parseAll([]string{"--target", "http://a:1"}, &bytes.Buffer{})
	require.NoError(t, err)
	require.NotEmpty(t, a.cannot("faults"))
	require.NotEmpty(t, a.cannot(tenMillion))
	require.Empty(t, a.cannot("journey"))
}

func TestAScaleReplacesTheProfilesOwnAndADurationStretchesIt(t *testing.T) {
	t.Parallel()
	plain, err := parseRun("join-storm", nil, &bytes.Buffer{})
	require.NoError(t, err)
	s, err := parseRun("join-storm", []string{"--scale", "0.25", "--duration", "40s"}, &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, 0.25, s.profile.Scale)
	require.EqualValues(t, 40e9, s.profile.Length())
	require.NotEqual(t, plain.profile.Count(), s.profile.Count())
}

func TestATargetThatDoesNotAnswerEndsWithThreeAndIsNamed(t *testing.T) {
	t.Parallel()
	for _, generators := range []string{"1", "2"} {
		dir := t.TempDir()
		code, _, log := command(t, "run", "join-storm", "--target", "http://127.0.0.1:1", "--out", dir, "--generators", generators)
		require.Equal(t, unmeasured, code)
		require.Contains(t, log, "127.0.0.1:1")
		require.NoFileExists(t, filepath.Join(dir, reportJSON))
	}
}
