package journal_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

// part is one of several journals of a run. Its clock is off by so much.
func part(n, of int, off int64) *journal.Log {
	h := header()
	h.Part, h.Parts, h.Clock = n, of, journal.Origin{Boot: "this one", Offset: 1000 + off}
	l := &journal.Log{Path: "part-" + string(rune('0'+n)), Header: h, Incomplete: "it is part " + string(rune('0'+n)) + " of " + string(rune('0'+of))}
	for i := range int64(5) {
		at := 100 + 10*i + int64(n) + off
		l.Records = append(l.Records, journal.Record{Visitor: int(i)*of + n, Scheduled: at - 2, Sent: at - 1, Answered: at})
	}
	l.Generators = []journal.Generator{{At: 150 + off}}
	l.End = &journal.End{At: 160 + off, Seconds: 1, Why: "done", Visitors: 5, Outcomes: map[string]int{"bought": 5}, Requests: 5}
	return l
}

func TestPartsAreMergedByTheirCommonClock(t *testing.T) {
	t.Parallel()
	a, b := part(0, 2, 0), part(1, 2, 7_000_000)
	a.Audit = &journal.Audit{TokensChecked: 3, GatedAtBooking: 9}
	b.Audit = &journal.Audit{TokensChecked: 4, BadTokens: []string{"pass of number 3"}}
	b.End.Why = "deadline"
	m, err := journal.Merge([]*journal.Log{b, a})
	require.NoError(t, err)
	require.Empty(t, m.Incomplete)
	require.Equal(t, "part-0,part-1", m.Path)
	require.Len(t, m.Records, 10)
	for i, r := range m.Records { // one after the other, in turn, although one clock was 7 ms off
		require.Equal(t, i, r.Visitor)
		require.Equal(t, int64(100+10*(i/2)+i%2), r.Answered)
		require.Equal(t, r.Answered-1, r.Sent)
		require.Equal(t, r.Answered-2, r.Scheduled)
	}
	require.Equal(t, &journal.Audit{TokensChecked: 7, GatedAtBooking: 9, BadTokens: []string{"pass of number 3"}}, m.Audit)
	require.Equal(t, &journal.End{At: 160, Seconds: 1, Why: "deadline", Visitors: 10, Outcomes: map[string]int{"bought": 10}, Requests: 10}, m.End)
	require.Equal(t, []journal.Generator{{At: 150}, {At: 150}}, m.Generators)
	require.Equal(t, int64(7_000_100+1), b.Records[0].Answered, "the parts are left as they are")
}

func TestWhatIsMissingOfAMergedRunIsSaid(t *testing.T) {
	t.Parallel()
	m, err := journal.Merge([]*journal.Log{part(0, 3, 0), part(2, 3, 0)})
	require.NoError(t, err)
	require.Equal(t, "part 1 of 3 is not there", m.Incomplete)

	torn := part(1, 3, 0)
	torn.Incomplete, torn.End = "part-1 is damaged at byte 99: it is cut short", nil
	m, err = journal.Merge([]*journal.Log{part(0, 3, 0), torn, part(2, 3, 0)})
	require.NoError(t, err)
	require.Equal(t, torn.Incomplete, m.Incomplete)
	require.Nil(t, m.End, "the run as a whole did not come to its end")
	require.Len(t, m.Records, 15)

	alone, err := journal.Merge([]*journal.Log{part(0, 2, 0)})
	require.NoError(t, err)
	require.Equal(t, "it is part 0 of 2", alone.Incomplete)
}

func TestMergeRefusesWhatDoesNotBelongTogether(t *testing.T) {
	t.Parallel()
	_, err := journal.Merge(nil)
	require.Error(t, err)
	for what, spoil := range map[string]func(h *journal.Header){
		"the suite":               func(h *journal.Header) { h.Suite = "soak" },
		"the seed":                func(h *journal.Header) { h.Seed++ },
		"the beginning":           func(h *journal.Header) { h.Began = h.Began.Add(time.Second) },
		"the room":                func(h *journal.Header) { h.Room = "theatre" },
		"the list of gateways":    func(h *journal.Header) { h.Gateways = h.Gateways[:1] },
		"the number of parts":     func(h *journal.Header) { h.Parts = 3 },
		"different profiles":      func(h *journal.Header) { h.Profile = json.RawMessage(`{"name":"other"}`) },
		"there already":           func(h *journal.Header) { h.Part = 0 },
		"not written on one":      func(h *journal.Header) { h.Clock.Boot = "another" },
		"says that it is part -1": func(h *journal.Header) { h.Part = -1 },
	} {
		a, b := part(0, 2, 0), part(1, 2, 0)
		spoil(&b.Header)
		logs := []*journal.Log{a, b}
		_, err := journal.Merge(logs)
		require.ErrorContains(t, err, what)
		require.ErrorContains(t, err, b.Path)
		slices.Reverse(logs)
		_, err = journal.Merge(logs)
		require.ErrorContains(t, err, what)
	}
}

func TestTwoJournalsOfThisMachineHaveOneClock(t *testing.T) {
	t.Parallel()
	var logs []*journal.Log
	for n := range 2 {
		h := header()
		h.Part, h.Parts = n, 2
		path := filepath.Join(t.TempDir(), "run.journal")
		w, err := journal.Create(path, h)
		require.NoError(t, err)
		w.End(journal.End{Why: "done"})
		require.NoError(t, w.Close())
		l, err := journal.Read(path)
		require.NoError(t, err)
		logs = append(logs, l)
	}
	require.Equal(t, logs[0].Header.Clock, logs[1].Header.Clock)
	m, err := journal.Merge(logs)
	require.NoError(t, err)
	require.Empty(t, m.Incomplete)
}
