package journal_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/loadtest/journal"
)

const killed = "JOURNAL_OF_A_PROCESS_THAT_IS_KILLED"

// TestMain is also the process that TestWhatWasAddedOutlivesTheProcess kills.
func TestMain(m *testing.M) {
	if path := os.Getenv(killed); path != "" {
		w, err := journal.Create(path, header())
		if err != nil {
			panic(err)
		}
		for i := range int64(500) {
			w.Add(record(i))
		}
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test kills it; never closed
		return
	}
	testenv.VerifyNoLeaks(m)
}

func TestWhatWasAddedOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	other := exec.CommandContext(t.Context(), os.Args[0])
	other.Env = append(os.Environ(), killed+"="+path)
	in, err := other.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	require.Eventually(t, func() bool {
		l, _ := journal.Read(path)
		return l != nil && len(l.Records) == 500
	}, 30*time.Second, 10*time.Millisecond, "nobody flushed or closed it")
	require.NoError(t, other.Process.Kill())
	require.Error(t, other.Wait())
	_ = in.Close()

	l, err := journal.Read(path)
	var d *journal.Damaged
	require.ErrorAs(t, err, &d)
	require.Contains(t, d.Why, "no end")
	require.Equal(t, 500, d.Entries)
	require.Len(t, l.Records, 500)
	require.Equal(t, record(499), l.Records[499])
}

func TestConcurrentVisitorsWriteEverything(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	w, err := journal.Create(path, header())
	require.NoError(t, err)
	const visitors, each = 20, 1500 // several blocks
	var all sync.WaitGroup
	for v := range visitors {
		all.Go(func() {
			for i := range each {
				r := record(int64(i))
				r.Visitor = v
				w.Add(r)
				w.Sample(journal.Sample{At: int64(i)})
			}
		})
	}
	all.Wait()
	w.End(journal.End{Why: "done"})
	require.Equal(t, visitors*each, w.Len())
	require.NoError(t, w.Close())
	l, err := journal.Read(path)
	require.NoError(t, err)
	require.Len(t, l.Samples, visitors*each)
	next := [visitors]int{}
	for _, r := range l.Records {
		want := record(int64(next[r.Visitor]))
		if r.Number != want.Number || r.Answered != want.Answered {
			t.Fatalf("visitor %d: a record is out of order or spoilt: %+v", r.Visitor, r)
		}
		next[r.Visitor]++
	}
}

func TestWhatComesAfterTheEndIsAnErrorAndSpoilsNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	w, err := journal.Create(path, header())
	require.NoError(t, err)
	w.Add(record(1))
	w.End(journal.End{Why: "done"})
	w.Add(record(2))
	err = w.Close()
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "after the end")
	l, err := journal.Read(path)
	require.NoError(t, err)
	require.Len(t, l.Records, 1)
}

func TestCreateRefusesAPartThatCannotBe(t *testing.T) {
	t.Parallel()
	h := header()
	h.Parts, h.Part = 2, 2
	_, err := journal.Create(filepath.Join(t.TempDir(), "run.journal"), h)
	require.ErrorContains(t, err, "there is no part 2 of 2")
	_, err = journal.Create(filepath.Join(t.TempDir(), "no such folder", "run.journal"), header())
	require.ErrorIs(t, err, os.ErrNotExist)
}
