package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/report"
)

// slower is the model's run with answers to pay that take twice as long, on another machine, with one order that was never stored.
func slower(t *testing.T) *report.Report {
	t.Helper()
	m := model(t, 1)
	for i := range m.log.Records {
		if rec := &m.log.Records[i]; rec.Action == journal.Pay {
			rec.Answered += rec.Answered - rec.Scheduled
		}
	}
	m.log.Header.Machine.Cores, m.log.Header.Commit = 64, "fedcba9"
	m.log.Audit.Paid = m.log.Audit.Paid[1:]
	m.profile.SLOs = []profile.SLO{level("pay.p50", "", 1, -1)}
	return m.report()
}

func TestCompare(t *testing.T) {
	t.Parallel()
	c := report.Compare(model(t, 1).report(), slower(t))
	ratios := map[string]float64{}
	for _, row := range c.Actions {
		ratios[row.Action+" "+row.Figure] = row.Ratio
	}
	require.InDelta(t, 2, ratios["pay p50"], 0.01)
	require.InDelta(t, 2, ratios["pay p99"], 0.01)
	require.Equal(t, 1.0, ratios["join p99"])
	require.Len(t, c.Actions, 5*6, "five figures of six actions")

	warnings := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"the commit differs: 0123456 and fedcba9", "the machine differs"} {
		require.Contains(t, warnings, want)
	}
	require.NotContains(t, warnings, "seed")
	require.Contains(t, c.Changes, report.Change{What: "verdict", A: "PASS", B: "FAIL"})
	require.Contains(t, c.Changes, report.Change{What: "P6 no double sale", A: "kept", B: "broken"})
	require.Contains(t, c.Changes, report.Change{What: "service level pay.p50 at most 1 ms", A: "absent", B: "missed"})

	var text bytes.Buffer
	require.NoError(t, c.WriteText(&text))
	require.Contains(t, text.String(), "WARNING: the commit differs")
	require.Regexp(t, `pay +A +B +B/A\n +p50, ms +[0-9.]+ +[0-9.]+ +2\.00`, text.String())

	path := filepath.Join(t.ArtifactDir(), "compare.html")
	require.NoError(t, c.WriteHTML(path))
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(page), `<td class="n bad">2.00`)
	for _, outside := range []string{"http", "<script", "src=", "href="} {
		require.NotContains(t, string(page), outside)
	}
}

func TestARunComparedWithItselfIsAlike(t *testing.T) {
	t.Parallel()
	a, b := model(t, 1).report(), model(t, 1).report()
	path := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, a.WriteJSON(path))
	read, err := report.ReadJSON(path)
	require.NoError(t, err)
	c := report.Compare(read, b)
	require.Empty(t, c.Warnings)
	require.Empty(t, c.Changes)
	for _, row := range c.Actions {
		require.Equal(t, row.A, row.B, "%s %s", row.Action, row.Figure)
		require.Empty(t, row.Tone())
	}
	var text bytes.Buffer
	require.NoError(t, c.WriteText(&text))
	require.Contains(t, text.String(), "came out alike")
}

func TestWhatOnlyOneHasIsSaid(t *testing.T) {
	t.Parallel()
	m := model(t, 7)
	m.profile.Deadline += profile.Duration(time.Second)
	for i := range m.log.Records {
		if m.log.Records[i].Action == journal.Release {
			m.log.Records[i].Action = journal.Leave
		}
	}
	m.log.Header.Profile = []byte(`{"name": "model"}`)
	m.log.End.Why = "interrupted"
	c := report.Compare(model(t, 1).report(), m.report())
	warnings := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"the seed differs: 1 and 7", "the same name and other settings", "B did not run to its end: interrupted"} {
		require.Contains(t, warnings, want)
	}
	var text bytes.Buffer
	require.NoError(t, c.WriteText(&text))
	require.Regexp(t, `release +A +B +B/A\n +p50, ms +[0-9.]+ +– +–`, text.String())
	require.Regexp(t, `leave +A +B +B/A\n +p50, ms +– +[0-9.]+ +–`, text.String())
}
