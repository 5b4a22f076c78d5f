package report_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/report"
)

var began = time.UnixMilli(1_800_000_000_000)

// sample is a report of 100 joins that took 1, 2, … 100 ms, one of them without an answer, and one order that was paid.
func sample(t *testing.T) *report.Report {
	t.Helper()
	at := func(ms int) int64 { return began.Add(time.Duration(ms) * time.Millisecond).UnixNano() }
	var records []journal.Record
	for i := 1; i <= 100; i++ {
		r := journal.Record{Visitor: i, Action: journal.Join, Scheduled: at(i), Sent: at(i + 1), Answered: at(2 * i), Status: 201, Number: int64(i), Epoch: 1}
		if i == 100 {
			r.Error, r.Status, r.Number = "timeout", 0, 0
		}
		records = append(records, r)
	}
	records = append(records, journal.Record{
		Visitor: 1, Action: journal.Pay, Scheduled: at(2000), Sent: at(2000), Answered: at(2010), Status: 200, State: "paid", Order: "<o>", Seats: []int64{1}, AdmittedMS: began.UnixMilli() + 1500,
	})
	r := &report.Report{Schema: report.Schema, Suite: "surge", Began: began, Seconds: 3, Outcomes: map[string]int{"bought": 1, "left <early>": 5}, Machine: machine.This(), Load: report.Load{Visitors: 100}}
	r.Measure(records, []check.Sample{{At: at(1000), Waiting: 42, Active: 7}}, began)
	r.Judge(check.Judge(check.Evidence{Records: records, GatedAtBooking: -1}))
	return r
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	r := sample(t)
	require.Len(t, r.Actions, 2)
	join := r.Actions[0]
	require.Equal(t, "join", join.Name)
	require.Equal(t, []float64{50, 95, 99, 100}, []float64{join.P50, join.P95, join.P99, join.Max})
	require.Equal(t, 1, join.Lost)
	require.Equal(t, map[string]int{"201": 99, "no answer": 1}, join.Statuses)
	require.Equal(t, 1, r.Load.Failed)
	require.InDelta(t, 100.0/101, r.Load.FailedPercent, 1e-9)

	require.Len(t, r.Timeline, 3)
	require.Equal(t, 100, r.Timeline[0].Joins)
	require.Equal(t, report.Point{Second: 1, Admitted: 1, Waiting: 42, Active: 7}, r.Timeline[1])
	require.Equal(t, 1, r.Timeline[2].Paid)
	require.False(t, r.SLOs[0].Met, "one failed request in a hundred is over the level")
}

func TestAReportWithoutAllTheEvidenceFails(t *testing.T) {
	t.Parallel()
	require.Equal(t, "FAIL", sample(t).Verdict)
}

func TestARunThatWasCutShortCouldNotMeasure(t *testing.T) {
	t.Parallel()
	whole := check.Verdict{{ID: "P1", Name: "order", Checks: []check.Check{{Name: "order of joining", Of: 3}}}}
	r := &report.Report{}
	r.Judge(whole)
	require.Equal(t, "PASS", r.Verdict)
	r.Load.Cut = true
	r.Judge(whole)
	require.Equal(t, report.Unmeasured, r.Verdict)
	require.Equal(t, 3, r.ExitCode())
}

func TestJSONRoundTrip(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.json")
	want := sample(t)
	require.NoError(t, want.WriteJSON(path))
	got, err := report.ReadJSON(path)
	require.NoError(t, err)
	require.Equal(t, want.Actions, got.Actions)
	require.Equal(t, want.Promises, got.Promises)

	require.NoError(t, os.WriteFile(path, []byte(`{"schema":99}`), 0o600))
	_, err = report.ReadJSON(path)
	require.ErrorContains(t, err, "schema 99")
}

func TestTextSaysWhatCounts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, sample(t).WriteText(&out))
	for _, want := range []string{"VERDICT: FAIL", "order kept: 100.000 %", "double sales: 0 of 1", "reached without a pass: not known", "P2 limits: BROKEN"} {
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
	path := filepath.Join(t.TempDir(), "report.html")
	r := sample(t)
	r.Settings = map[string]string{"room": "<script>"}
	require.NoError(t, r.WriteHTML(path))
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	page := string(body)
	require.Contains(t, page, "left &lt;early&gt;")
	require.NotContains(t, page, "<script")
	require.Contains(t, page, `aria-label="People waiting and inside, by second"`)
	for _, outside := range []string{"http://", "https://", "src=", "href="} {
		require.NotContains(t, page, outside, "the page needs nothing else")
	}
	require.Equal(t, 3, bytes.Count(body, []byte("<svg")), fmt.Sprint(len(page)))
}

func TestPhasesAreShown(t *testing.T) {
	t.Parallel()
	r := sample(t)
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
