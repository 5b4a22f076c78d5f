package report_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/report"
)

func action(t *testing.T, r *report.Report, name string) report.Action {
	t.Helper()
	for _, a := range r.Actions {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("there is no action %s", name)
	return report.Action{}
}

func TestTheWarmUpIsLeftOutOfLatenciesAndNothingElse(t *testing.T) {
	t.Parallel()
	r := model(t, 1).report()
	require.Equal(t, 250, action(t, r, "join").Count, "ten a second join for 30 s, of which 5 are to warm up")
	joins, arrived := 0, 0
	for _, p := range r.Timeline {
		joins += p.Joins
		arrived += p.Arrived
	}
	require.Equal(t, []int{300, 300}, []int{joins, arrived})
	require.Equal(t, "kept", string(r.Promises[0].State))
	require.EqualValues(t, 300, r.Promises[0].Checks[0].Of)
	require.InDelta(t, 5, r.WarmUp, 0)
}

// TestLatencyCountsFromWhenARequestWasDue delays the sending of every request: a generator that measured from the sending would not see it.
func TestLatencyCountsFromWhenARequestWasDue(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	before := action(t, m.report(), "seats").P50
	for i := range m.log.Records {
		m.log.Records[i].Sent += int64(time.Second)
		m.log.Records[i].Answered += int64(time.Second)
	}
	r := m.report()
	require.InDelta(t, before+1000, action(t, r, "seats").P50, 3)
	require.InDelta(t, 1000, r.Load.LagP50, 2)
}

func TestEachKindOfVisitorHasItsOwnLatencies(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	for i := range m.log.Records {
		if rec := &m.log.Records[i]; m.profile.KindOf(1, rec.Visitor).Name == "lookers" {
			rec.Answered += int64(time.Minute)
		}
	}
	kinds := m.report().Kinds
	require.Len(t, kinds, 2)
	require.Equal(t, "buyers", kinds[0].Name)
	require.Equal(t, 300, kinds[0].Visitors+kinds[1].Visitors)
	require.Less(t, kinds[0].Actions[0].Max, 1000.0)
	require.Greater(t, kinds[1].Actions[0].P50, 59_000.0)
}

func TestTheTimelineHasWhatHappenedWhenItHappened(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	r := m.report()
	require.Equal(t, 1, r.Step)
	require.Len(t, r.Timeline, 155)
	require.Positive(t, r.Timeline[45].Errors["no answer: refused"])
	require.Empty(t, r.Timeline[60].Errors["no answer: refused"])
	require.Positive(t, r.Timeline[60].Latency["poll"].P99)
	requests, admitted, paid, sold, refused := 0, 0, 0, 0, 0
	for _, p := range r.Timeline {
		requests, admitted, paid, sold = requests+p.Requests, admitted+p.Admitted, paid+p.Paid, sold+p.SeatsSold
		refused += p.Errors["409 seat-taken"]
	}
	require.Equal(t, []int{len(m.log.Records), 300, 150, 300, 150}, []int{requests, admitted, paid, sold, refused})
	last := r.Timeline[154]
	require.True(t, last.Sampled)
	require.EqualValues(t, capacity-300, last.SeatsFree)
	require.Equal(t, []report.Band{{What: "redis", How: "cut", From: 40, To: 50}, {What: "gateway", How: "slow", From: 140, To: 155, Note: "by 50ms"}}, r.Faults)
}

func TestALongRunHasLongerSteps(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	m.log.End.Seconds = 3600
	r := m.report()
	require.Equal(t, 12, r.Step)
	require.LessOrEqual(t, len(r.Timeline), 301)
	require.Equal(t, 12, r.Timeline[1].Second)
	require.Equal(t, 120, r.Timeline[0].Joins)
}

func TestTheOrderPlotKeepsWhoWasOvertaken(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	for i := range m.log.Records {
		if rec := &m.log.Records[i]; rec.Number == 77 && rec.AdmittedMS > 0 {
			rec.AdmittedMS += 30_000
		}
	}
	r := m.report()
	require.Len(t, r.Order, 300)
	for i, p := range r.Order {
		require.EqualValues(t, i+1, p.Number)
		require.Equal(t, p.Number == 77, p.Overtaken, "number %d", p.Number)
	}
}

// Numbers that were drawn the other way round: the plot goes by what was drawn, or everybody would seem to be overtaken.
func TestTheOrderPlotOfADrawIsByDrawnNumbers(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	for i := range m.log.Records {
		if rec := &m.log.Records[i]; rec.Number > 0 {
			if rec.State == "admitted" {
				rec.Drawn = rec.Number
			}
			rec.Number = 301 - rec.Number
		}
	}
	r := m.report()
	require.Len(t, r.Order, 300)
	for i, p := range r.Order {
		require.EqualValues(t, i+1, p.Number)
		require.False(t, p.Overtaken, "number %d", p.Number)
	}
}

func TestPlacesAreSampledEvenly(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	m.log.Records = nil
	began := m.log.Header.Began.UnixNano()
	for i := range int64(20_000) {
		admitted := began/1e6 + i
		if i == 11_111 {
			admitted += 500
		}
		m.log.Records = append(m.log.Records, journal.Record{Visitor: int(i), Action: journal.Poll, Scheduled: began + i, Sent: began + i, Answered: began + i, Status: 200, Epoch: 1, Number: i + 1, AdmittedMS: admitted})
	}
	order := m.report().Order
	require.Len(t, order, 4000)
	require.EqualValues(t, 1, order[0].Number)
	require.EqualValues(t, 20_000, order[3999].Number)
	overtaken := 0
	for _, p := range order {
		if p.Overtaken {
			overtaken++
		}
	}
	require.Equal(t, 1, overtaken, "one among twenty thousand is not lost to sampling")
}

func TestAProfileIsTakenFromTheJournal(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	m.profile = nil
	r := m.report()
	require.Equal(t, "model", r.Profile)
	require.Len(t, r.Kinds, 2)
}

// TestAJournalThatTellsLittleIsReported takes away what a journal may lack, one after the other; that nothing was measured is said.
func TestAJournalThatTellsLittleIsReported(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(l *journal.Log){
		"everything":    func(l *journal.Log) { *l = journal.Log{} },
		"all but head":  func(l *journal.Log) { *l = journal.Log{Header: l.Header} },
		"the head":      func(l *journal.Log) { l.Header = journal.Header{} },
		"the end":       func(l *journal.Log) { l.End = nil },
		"the audit":     func(l *journal.Log) { l.Audit = nil },
		"sense of time": func(l *journal.Log) { l.Records[9].Answered, l.End = 1<<62, nil },
		"order of time": func(l *journal.Log) { l.Records[9].Scheduled, l.Records[9].Answered = -1<<62, -1<<62 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := model(t, 1)
			spoil(m.log)
			m.profile = nil
			r := m.report()
			require.NotEmpty(t, r.Missing)
			require.NoError(t, r.WriteHTML(filepath.Join(t.TempDir(), "report.html")))
			if name == "everything" || name == "all but head" {
				require.Equal(t, report.Unmeasured, r.Verdict)
			}
		})
	}
}

func BenchmarkFrom(b *testing.B) {
	m := model(b, 1)
	one := m.log.Records
	for len(m.log.Records) < 100_000 {
		m.log.Records = append(m.log.Records, one...)
	}
	verdict := check.Judge(m.log)
	for b.Loop() {
		report.From(m.log, verdict, m.profile)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(m.log.Records)), "ns/record")
}
