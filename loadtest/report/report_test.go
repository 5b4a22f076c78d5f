package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/report"
)

func TestTextSaysWhatCounts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, model(t, 1).report().WriteText(&out))
	for _, want := range []string{
		"VERDICT: PASS", "order kept: 100.000 %", "0 pairs inverted, Kendall's tau 1", "double sales: 0 of 300", "reached without a pass: not known",
		"P6 no double sale: kept", "fault 1: redis cut, 40 to 50 s", "no answer: refused", "no database was given",
	} {
		require.Contains(t, out.String(), want)
	}
}

func TestOrderNeverRoundsUpToWhole(t *testing.T) {
	t.Parallel()
	r := &report.Report{}
	r.Judge(check.Verdict{{ID: "P1", Name: "order", Checks: []check.Check{{Name: "order of joining", Violations: 1, Of: 10_000_000}}}})
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out))
	require.Contains(t, out.String(), "order kept: 99.999 %")
}

func TestPageIsWholeAndEscapes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.ArtifactDir(), "report.html")
	r := model(t, 1).report()
	r.System["note"] = "<script>"
	require.NoError(t, r.WriteHTML(path))
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	page := string(body)
	require.Contains(t, page, "left &lt;early&gt;")
	require.NotContains(t, page, "<script")
	for _, outside := range []string{"http://", "https://", "src=", "href=", "url(", "@import"} {
		require.NotContains(t, page, outside, "the page needs nothing else")
	}
	for _, plot := range []string{
		"Arrivals against admissions, so far", "Inside against the limit", "Admissions in the last 60 s against the limit", "Number by admission",
		"join, ms", "pay, ms", "Errors by type, a second", "Seats sold, so far", "CPU, per cent of all cores",
	} {
		require.Contains(t, page, `aria-label="`+plot+`"`)
	}
	require.Equal(t, bytes.Count(body, []byte("<figure>")), bytes.Count(body, []byte("<summary>Table")), "each plot has its table")
	require.NotContains(t, page, "NaN")
}

func TestPhasesAreShown(t *testing.T) {
	t.Parallel()
	r := model(t, 1).report()
	r.Phases = []report.Phase{{Name: "everybody waits", Seconds: 2, People: 3_000_000, PerSecond: 1_500_000, RedisMemory: 4_560_000, Note: "<note>"}}
	var out bytes.Buffer
	require.NoError(t, r.WriteText(&out))
	require.Regexp(t, `everybody waits +2\.0 +3000000 +1500000 +0 % +4\.56 MB`, out.String())
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, r.WriteHTML(path))
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(body), "everybody waits<br><span class=\"dim\">&lt;note&gt;</span>")
}

func TestAReportThatHoldsLittleCanBeShown(t *testing.T) {
	t.Parallel()
	r := &report.Report{Schema: report.Schema}
	require.NoError(t, r.WriteHTML(filepath.Join(t.TempDir(), "report.html")))
	require.NoError(t, r.WriteText(&bytes.Buffer{}))
}
