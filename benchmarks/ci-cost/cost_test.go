package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
)

func shipped(t *testing.T) (*inputs, string) {
	t.Helper()
	body, err := os.ReadFile("inputs.yaml")
	require.NoError(t, err)
	in, err := read(body)
	require.NoError(t, err)
	return in, string(body)
}

func TestTheShippedInputsGiveTheSeedSystemsFigure(t *testing.T) {
	t.Parallel()
	in, _ := shipped(t)
	// (5,000 - 2,000) × 0.008 = 24, the machine's hire.
	require.Equal(t, []span{{5000, 40_000}}, in.Cases[0].cheaper(in.UpTo))
	// (24 + 2 × 40) / 0.008 + 2,000 = 15,000.
	require.Equal(t, []span{{15_000, 40_000}}, in.Cases[1].cheaper(in.UpTo))
	// (24 + 2 × 40) / 0.006 + 2,000 = 19,333.3.
	require.Equal(t, []span{{19_334, 40_000}}, in.Cases[2].cheaper(in.UpTo))
	// A machine: 20 + 0.045 kW × 730 h × 0.30 = 29.855; with an hour at 40: 69.855 / 0.006 + 2,000 = 13,642.5. It has room for 170 × 60 / 0.7 = 14,571.4
	// hosted minutes. Two: 99.71 / 0.006 + 2,000 = 18,618.3.
	require.Equal(t, []span{{13_643, 14_571}, {18_619, 40_000}}, in.Cases[3].cheaper(in.UpTo))
}

func TestCostsByHand(t *testing.T) {
	t.Parallel()
	c := cost{Hosted: hosted{FreeMinutes: 100, PricePerMinute: 0.5, PlanPerMonth: 7},
		Own: own{MachinePerMonth: 10, Concurrency: 3, JobsPerMachine: 2, BusyHours: 1, PowerWatts: 1000, PricePerKWh: 0.01, MaintenanceHours: 2, PricePerHour: 3, PricePerMinute: 0.1, MinutesPerHosted: 2}}
	require.InDelta(t, 7, c.hostedAt(0), 1e-9)
	require.InDelta(t, 7, c.hostedAt(100), 1e-9)
	require.InDelta(t, 7.5, c.hostedAt(101), 1e-9)
	// Three jobs at once on machines that do two: two machines, each 10 + 7.30; 2 × 3 for work; two minutes of 0.1 for each.
	require.InDelta(t, 34.6+6+0.2*50, c.ownAt(50), 1e-9)
	// A machine has room for 120 minutes, so two for 120 hosted ones, and 121 need a third.
	require.InDelta(t, 34.6+6+0.2*120, c.ownAt(120), 1e-9)
	require.InDelta(t, 51.9+6+0.2*121, c.ownAt(121), 1e-9)

	c.Hosted.PricePerMinute = 0
	require.Empty(t, c.cheaper(5000), "what is free stays cheaper")
	require.Equal(t, "none up to 5,000", (&inputs{UpTo: 5000}).verdict(c))
	c.Hosted.PlanPerMonth, c.Own.PricePerMinute = 1e6, 0
	require.Equal(t, []span{{0, 5000}}, c.cheaper(5000))
}

// TestWhatIsWrongIsNamed changes one thing of the shipped inputs at a time.
func TestWhatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	_, body := shipped(t)
	for _, c := range []struct{ old, now, want string }{
		{"      free_minutes: 2000 ", "      free_minuets: 2000 ", "line 16: cases[0].hosted.free_minuets: is no field; there are free_minutes, plan_per_month, price_per_minute"},
		{"      free_minutes: 2000 ", "      free_minutes: lots ", `line 16: cases[0].hosted.free_minutes: must be a number, is "lots"`},
		{"      free_minutes: 2000 ", "      free_minutes:     ", "line 16: cases[0].hosted.free_minutes: has no value"},
		{"      free_minutes: 2000 ", "      free_minutes: -1 ", "cases[0].hosted.free_minutes: must be from 0 to 10000000, is -1"},
		{"      free_minutes: 2000 ", "      free_minutes: .nan ", "cases[0].hosted.free_minutes: must be"},
		{"      free_minutes: 2000      # a month, included in the plan\n", "", "line 16: cases[0].hosted.free_minutes: is missing"},
		{"      plan_per_month: 0  ", "      price_per_minute: 1  ", "line 18: cases[0].hosted.price_per_minute: is given twice"},
		{"concurrency: 1               #", "concurrency: 1.5 #", "cases[0].self_hosted.concurrency: must be a whole number, is 1.5"},
		{"minutes: [0, 1000,", "minutes: [2000, 1000,", "minutes: must be rising"},
		{"minutes: [0, 1000,", "minutes: [0, x,", `minutes: must be a list of whole numbers`},
		{"up_to_minutes: 40000", "up_to_minutes: 0", "up_to_minutes: must be from 1 to 10000000, is 0"},
		{"up_to_minutes: 40000", "up_to_minutes: 30000", "minutes: must be rising, from 0 to up_to_minutes (30000)"},
		{"currency: USD", "currency: ''", "currency: is empty"},
		{"cases:", "cases: []\nother:", "other: is no field"},
	} {
		require.Contains(t, body, c.old)
		_, err := read([]byte(strings.Replace(body, c.old, c.now, 1)))
		require.ErrorContains(t, err, c.want)
	}
	for body, want := range map[string]string{"": "the file is empty", "- 1": "line 1: the file: must be fields with values", "currency: USD\n---\n1": "holds a second document", "a: [": "line 1"} {
		_, err := read([]byte(body))
		require.ErrorContains(t, err, want)
	}
}

// TestTheWrittenFilesAreTheInputs: the page and the plot beside the inputs are what the command makes of them now.
func TestTheWrittenFilesAreTheInputs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"--inputs", "inputs.yaml", "--table", filepath.Join(dir, "break-even.md"), "--plot", filepath.Join(dir, "break-even.svg")}
	require.NoError(t, run(args, io.Discard, io.Discard))
	for _, name := range []string{"break-even.md", "break-even.svg"} {
		now, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		kept, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, string(kept), string(now), "out of date: go run ./benchmarks/ci-cost --table benchmarks/ci-cost/break-even.md --plot benchmarks/ci-cost/break-even.svg")
	}
	plot, err := os.ReadFile(filepath.Join(dir, "break-even.svg"))
	require.NoError(t, err)
	for d := xml.NewDecoder(bytes.NewReader(plot)); err == nil; {
		_, err = d.Token()
	}
	require.ErrorIs(t, err, io.EOF, "the plot is well-formed XML")
}

func TestTheCommandLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run([]string{"--inputs", "inputs.yaml"}, &out, io.Discard))
	require.Contains(t, out.String(), "| 5,000 | 24.00 | 24.00 | 1 | the same |")
	require.ErrorIs(t, run([]string{"--inputs", "none.yaml"}, io.Discard, io.Discard), os.ErrNotExist)
	require.True(t, errors.Is(run([]string{"extra"}, io.Discard, io.Discard), service.ErrUsage))
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("currency: USD\ncolour: blue\n"), 0o600))
	require.ErrorContains(t, run([]string{"--inputs", bad}, io.Discard, io.Discard), bad+": line 2: colour: is no field")
}

func TestNiceStep(t *testing.T) {
	t.Parallel()
	for least, want := range map[float64]float64{0.9: 1, 1.1: 2, 2.1: 2.5, 3: 5, 5.1: 10, 70: 100, 6667: 10_000, 0.03: 0.05} {
		require.InDelta(t, want, niceStep(least), want/1e6)
	}
}
