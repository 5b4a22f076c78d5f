package journal_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

func TestJournalKeepsWhatConcurrentVisitorsAdd(t *testing.T) {
	t.Parallel()
	var j journal.Journal
	var all sync.WaitGroup
	for v := range 20 {
		all.Go(func() {
			for range 50 {
				j.Add(journal.Record{Visitor: v})
			}
		})
	}
	all.Wait()
	require.Equal(t, 1000, j.Len())
	seen := map[int]int{}
	for _, r := range j.Records() {
		seen[r.Visitor]++
	}
	require.Len(t, seen, 20)
	require.Equal(t, 50, seen[7])
}

func TestFileRoundTrip(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl.gz")
	want := []journal.Record{
		{Visitor: 1, Action: journal.Join, Gateway: 1, Scheduled: 10, Sent: 11, Answered: 20, Status: 201, Number: 7, Epoch: 1},
		{Visitor: 2, Action: journal.Hold, Status: 409, Problem: "seat-taken", Seats: []int64{3, 4}},
		{Visitor: 3, Action: journal.Pay, Error: "timeout"},
	}
	require.NoError(t, journal.WriteFile(path, want))
	got, err := journal.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.True(t, got[2].Lost())
	require.False(t, got[0].Lost())
}

func TestReadFileNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.jsonl.gz")
	require.NoError(t, os.WriteFile(path, []byte("not gzip"), 0o600))
	_, err := journal.ReadFile(path)
	require.ErrorContains(t, err, path)
	_, err = journal.ReadFile(path + ".absent")
	require.ErrorContains(t, err, "absent")
}

func TestClockIsMonotonicAndUnix(t *testing.T) {
	t.Parallel()
	clock := journal.NewClock()
	now := time.Now()
	require.InDelta(t, now.UnixNano(), clock.At(now), float64(time.Minute))
	require.Equal(t, int64(time.Second), clock.At(now.Add(time.Second))-clock.At(now))
}
