package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
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

// writeJournal writes the journal of people who joined one after another. With swapped, two of them got each other's number.
func writeJournal(t *testing.T, people int, swapped bool, seed uint64) string {
	t.Helper()
	p, err := profile.Builtin("join-storm")
	require.NoError(t, err)
	p.Requires, p.SLOs = []string{"P1"}, nil
	body, err := json.Marshal(p)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "run.journal")
	began := time.Unix(1_700_000_000, 0)
	w, err := journal.Create(path, journal.Header{
		Suite: "join-storm", Profile: body, Began: began, WarmedUp: began, Seed: seed, Room: "arena", Gateways: []string{"http://a"},
		Policy: journal.Policy{RatePerMinute: 60, MaxActive: 10, Idle: time.Minute, Limit: time.Hour, Ghost: time.Minute},
	})
	require.NoError(t, err)
	at := began.UnixNano()
	for i := range people {
		number := int64(i + 1)
		if swapped && i < 2 {
			number = int64(2 - i)
		}
		w.Add(journal.Record{Visitor: i, Action: journal.Join, Scheduled: at, Sent: at, Answered: at + 1e6, Status: 201, Epoch: 1, Number: number, State: "waiting", PollAfterMS: 1000})
		at += 1e7
	}
	w.Audit(journal.Audit{Missing: map[string]string{"sales": "nobody bought"}})
	w.End(journal.End{At: at, Seconds: float64(people) / 100, Why: "done", Visitors: people, Outcomes: map[string]int{"joined": people}})
	require.NoError(t, w.Close())
	return path
}

func TestCheckJudgesAJournalFromTheFileAlone(t *testing.T) {
	t.Parallel()
	code, out, log := command(t, "check", writeJournal(t, 500, false, 1))
	require.Equal(t, held, code, out+log)
	require.Contains(t, out, "VERDICT: PASS")

	// The control: two numbers swapped.
	bad := writeJournal(t, 500, true, 1)
	code, out, _ = command(t, "check", bad)
	require.Equal(t, broken, code)
	require.Contains(t, out, "P1 order: broken")

	code, out, _ = command(t, "check", filepath.Dir(bad), "--json")
	require.Equal(t, broken, code)
	var promises []report.PromiseResult
	require.NoError(t, json.Unmarshal([]byte(out), &promises))
	require.Equal(t, "P1", promises[0].ID)
	require.Equal(t, report.Broken, promises[0].State)
}

// The journal is of a run that had to measure P1, from before journals held what was published of a draw.
func TestADrawWithoutEvidenceCannotBeMeasured(t *testing.T) {
	t.Parallel()
	code, out, log := command(t, "check", "../../journal/testdata/version1.journal")
	require.Equal(t, unmeasured, code, out+log)
	require.Contains(t, out, "P1 order had to be measured, and was only in part: the draw recomputes from what was published: the journal does not hold")
}

func TestADamagedJournalIsNamedAndWhatIsLeftOfItIsJudged(t *testing.T) {
	t.Parallel()
	whole := writeJournal(t, 20_000, false, 1)
	body, err := os.ReadFile(whole)
	require.NoError(t, err)
	flipped := append([]byte(nil), body...)
	flipped[len(flipped)-40] ^= 1
	for name, content := range map[string][]byte{"cut": body[:len(body)-30], "flipped": flipped} {
		path := filepath.Join(t.TempDir(), name+".journal")
		require.NoError(t, os.WriteFile(path, content, 0o644))
		code, out, log := command(t, "check", path)
		require.Equal(t, unmeasured, code, name)
		require.Contains(t, log, path+" is damaged at byte ", name)
		require.Contains(t, out, "P1 order:", name)

		dir := filepath.Join(t.TempDir(), "new")
		code, out, log = command(t, "report", path, "--out", dir)
		require.Equal(t, unmeasured, code, name)
		require.Contains(t, log, path+" is damaged at byte ", name)
		require.Contains(t, out, "UNMEASURED", name)
		require.FileExists(t, filepath.Join(dir, reportHTML))
		r, err := report.ReadJSON(filepath.Join(dir, reportJSON))
		require.NoError(t, err)
		require.Equal(t, report.Unmeasured, r.Verdict)
	}

	// What was found wrong in what is left counts more than what is lost.
	bad, err := os.ReadFile(writeJournal(t, 20_000, true, 1))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "bad.journal")
	require.NoError(t, os.WriteFile(path, bad[:len(bad)-30], 0o644))
	code, _, _ := command(t, "check", path)
	require.Equal(t, broken, code)

	// Without a header there is nothing.
	path = filepath.Join(t.TempDir(), "no.journal")
	require.NoError(t, os.WriteFile(path, body[:20], 0o644))
	code, out, log := command(t, "check", path)
	require.Equal(t, unmeasured, code)
	require.Contains(t, log, path)
	require.Empty(t, out)
}

func TestExportWritesARequestALine(t *testing.T) {
	t.Parallel()
	path, out := writeJournal(t, 20, false, 1), filepath.Join(t.TempDir(), "requests.jsonl.gz")
	code, plain, log := command(t, "export", path)
	require.Equal(t, held, code, log)
	lines := strings.Split(strings.TrimSpace(plain), "\n")
	require.Len(t, lines, 20)
	var last journal.Record
	require.NoError(t, json.Unmarshal([]byte(lines[19]), &last))
	require.Equal(t, int64(20), last.Number)

	code, _, log = command(t, "export", path, "--out", out)
	require.Equal(t, held, code, log)
	file, err := os.Open(out)
	require.NoError(t, err)
	defer file.Close()
	zip, err := gzip.NewReader(file)
	require.NoError(t, err)
	body, err := io.ReadAll(zip)
	require.NoError(t, err)
	require.Equal(t, plain, string(body))

	code, _, log = command(t, "export", path, "--out", filepath.Join(t.TempDir(), "absent", "x"))
	require.Equal(t, unmeasured, code)
	require.Contains(t, log, "absent")
}

func TestJournalsOfTwoRunsAreRefused(t *testing.T) {
	t.Parallel()
	a, b := writeJournal(t, 10, false, 1), writeJournal(t, 10, false, 2)
	code, _, log := command(t, "check", a, b)
	require.Equal(t, unmeasured, code)
	require.Contains(t, log, a)
	require.Contains(t, log, b)
}

func TestCompareTakesJournalsReportsAndFolders(t *testing.T) {
	t.Parallel()
	a, b := writeJournal(t, 500, false, 1), writeJournal(t, 500, true, 2)
	code, _, log := command(t, "report", b, "--out", filepath.Dir(b))
	require.Equal(t, broken, code, log)
	page := filepath.Join(t.TempDir(), "compare.html")
	for _, second := range []string{b, filepath.Dir(b), filepath.Join(filepath.Dir(b), reportJSON)} {
		code, out, log := command(t, "compare", a, second, "--html", page)
		require.Equal(t, held, code, log)
		require.Contains(t, out, "seed", "the seeds differ, which has to be said")
		require.Contains(t, out, "P1")
		require.FileExists(t, page)
	}
}
