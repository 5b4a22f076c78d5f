package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/report"
)

func level(metric, kind string, most, least float64) profile.SLO {
	s := profile.SLO{Metric: metric, Kind: kind}
	if most >= 0 {
		s.Max = &most
	}
	if least >= 0 {
		s.Min = &least
	}
	return s
}

// TestVerdictsAndExitCodes does one thing at a time to a run that is in order, and then several: the gravest decides.
func TestVerdictsAndExitCodes(t *testing.T) {
	t.Parallel()
	breakOrder := func(m *run) {
		a, b := &m.log.Records[0], &m.log.Records[0]
		for i := range m.log.Records {
			if rec := &m.log.Records[i]; rec.Action == journal.Join && rec.Number == 200 {
				b = rec
			}
		}
		a.Number, b.Number = b.Number, a.Number
	}
	missed := func(m *run) { m.profile.SLOs = append(m.profile.SLOs, level("pay.p99", "", 1, -1)) }
	required := func(m *run) { m.profile.Requires = []string{"P9"} }
	withoutTries := func(m *run) { // none of the hostile tries could be made; that the others arrived is no proof of what they would have met
		m.profile.Requires = []string{"P5"}
		m.log.Audit.TriesWanted = 100
		m.log.Records = slices.DeleteFunc(m.log.Records, func(rec journal.Record) bool { return rec.Action == journal.Probe })
	}
	for name, c := range map[string]struct {
		spoil   []func(m *run)
		verdict string
		code    int
		because string
	}{
		"all in order":               {nil, report.Pass, 0, ""},
		"a level met":                {[]func(*run){func(m *run) { m.profile.SLOs = []profile.SLO{level("pay.p99", "", 5000, -1)} }}, report.Pass, 0, ""},
		"a promise broken":           {[]func(*run){breakOrder}, report.Fail, 1, "P1 order is broken"},
		"a level missed":             {[]func(*run){missed}, report.Missed, 2, "pay.p99 at most 1 ms wanted"},
		"a promise not measured":     {[]func(*run){required}, report.Unmeasured, 3, "P9 had to be measured"},
		"measured only in part":      {[]func(*run){withoutTries}, report.Unmeasured, 3, "P5 no leak had to be measured, and was only in part"},
		"a level of nothing":         {[]func(*run){func(m *run) { m.profile.SLOs = []profile.SLO{level("leave.p99", "", 1, -1)} }}, report.Unmeasured, 3, "there was no leave"},
		"a level of an unknown kind": {[]func(*run){func(m *run) { m.profile.SLOs = []profile.SLO{level("join.p99", "ghosts", 1, -1)} }}, report.Unmeasured, 3, "no visitor of this kind"},
		"an unknown metric":          {[]func(*run){func(m *run) { m.profile.SLOs = []profile.SLO{level("join.p98", "", 1, -1)} }}, report.Unmeasured, 3, "known are failed.percent"},
		"a journal without an end":   {[]func(*run){func(m *run) { m.log.End = nil }}, report.Unmeasured, 3, "cut short"},
		"interrupted":                {[]func(*run){func(m *run) { m.log.End.Why = "interrupted" }}, report.Pass, 0, ""},
		"broken and unmeasured":      {[]func(*run){breakOrder, required, missed}, report.Fail, 1, "P9 had to be measured"},
		"unmeasured and missed":      {[]func(*run){required, missed}, report.Unmeasured, 3, "service level missed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := model(t, 1)
			for _, spoil := range c.spoil {
				spoil(m)
			}
			r := m.report()
			require.Equal(t, c.verdict, r.Verdict, r.Reasons)
			require.Equal(t, c.code, r.ExitCode())
			if c.because == "" {
				require.Empty(t, r.Reasons)
				return
			}
			found := ""
			for _, why := range r.Reasons {
				found += why + "\n"
			}
			require.Contains(t, found, c.because)
		})
	}
}

// TestASlowGeneratorIsNoSlowSystem misses a level once with a generator that kept up (the control) and once with one that did not.
func TestASlowGeneratorIsNoSlowSystem(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	m.profile.SLOs = []profile.SLO{level("pay.p99", "", 1, -1), level("seats.p50", "", 10_000, -1)}
	require.Equal(t, report.Missed, m.report().Verdict)
	for i := range m.log.Generators {
		g := &m.log.Generators[i]
		g.CPUPercent, g.Busy, g.LagP99MS = 99, 100, 2500
	}
	r := m.report()
	require.Equal(t, report.Unmeasured, r.Verdict)
	require.NotEmpty(t, r.Generator.Saturated)
	require.Equal(t, []string{"not measured: service level pay.p99: the generator was saturated"}, r.Reasons)
	require.Equal(t, "met", r.SLOs[1].State(), "what is met in spite of a slow generator is met")
}

// TestMetrics holds each metric beside a figure that was counted by hand from the model.
func TestMetrics(t *testing.T) {
	t.Parallel()
	m := model(t, 1)
	for i := range m.log.Records { // every answer takes 20 ms, those of Redis' outage a second
		rec := &m.log.Records[i]
		rec.Sent, rec.Answered = rec.Scheduled, rec.Scheduled+int64(20*time.Millisecond)
		if rec.Lost() {
			rec.Answered = rec.Scheduled + int64(time.Second)
		}
	}
	lost, later := 0, 0
	for _, rec := range m.log.Records {
		if rec.Scheduled >= m.log.Header.WarmedUp.UnixNano() {
			later++
			if rec.Lost() {
				lost++
			}
		}
	}
	for _, c := range []struct {
		metric string
		want   float64
	}{
		{"join.p50", 20}, {"join.p99.9", 20}, {"poll.p99", 1000}, {"join.per_second", 10}, {"failed.percent", 100 * float64(lost) / float64(later)},
		{"admitted.per_minute", 120}, {"purchases.per_second", 1},
	} {
		m.profile.SLOs = append(m.profile.SLOs, level(c.metric, "", c.want*1.02, c.want*0.98))
	}
	r := m.report()
	require.Len(t, r.SLOs, 14, "a highest and a least of each")
	for _, s := range r.SLOs {
		require.Equal(t, "met", s.State(), "%+v", s)
	}
}

func TestARunThatWasCutShortCouldNotMeasure(t *testing.T) {
	t.Parallel()
	whole := check.Verdict{{ID: "P1", Name: "order", Checks: []check.Check{{Name: "order of joining", Of: 3}}}}
	r := &report.Report{}
	r.Judge(whole)
	require.Equal(t, report.Pass, r.Verdict)
	r.Load.Cut = true
	r.Judge(whole)
	require.Equal(t, 3, r.ExitCode())
	r.Load.Cut = false
	r.CouldNotMeasure("the journal is damaged")
	require.Equal(t, report.Unmeasured, r.Verdict)
	require.Equal(t, []string{"the journal is damaged"}, r.Reasons)
}

func TestNothingMeasuredIsNothingKept(t *testing.T) {
	t.Parallel()
	r := &report.Report{}
	r.Judge(check.Verdict{{ID: "P1", Name: "order", Checks: []check.Check{{Name: "order of joining", Missing: "no joins"}}}})
	require.Equal(t, 3, r.ExitCode())
	require.False(t, r.Promises[0].Kept)
}
