package journal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

// mixed is the n-th record of a run as it is: mostly polls, now and then a purchase, times to the nanosecond.
func mixed(n int) journal.Record {
	noise := int64(uint64(n) * 0x9E3779B97F4A7C15 >> 40) // as good as random, below 16 ms
	at := int64(1_800_000_000)*int64(time.Second) + int64(n)*200_000 + noise/64
	r := journal.Record{
		Visitor: n * 7919 % 100_000, Action: journal.Poll, Gateway: n % 2, Scheduled: at - 2*noise - 5000, Sent: at - 2*noise, Answered: at,
		Status: 200, Epoch: 1, Number: int64(n*7919%100_000) + 3, State: "waiting", PollAfterMS: 500 + noise%5000,
	}
	switch n % 20 {
	case 0:
		r.Action, r.Status, r.State, r.PollAfterMS = journal.Pay, 200, "paid", 0
		r.Order, r.Seats = fmt.Sprintf("%08x-%04x-7000-8000-%012x", noise*77777, n%65536, noise*987654321%(1<<48)), []int64{noise % 10_000, noise%10_000 + 1}
	case 1:
		r.Action, r.State, r.Reached = journal.Seats, "", true
	case 2:
		r.State, r.AdmittedMS = "admitted", at/1e6-noise/1e5
	}
	return r
}

// TestAJournalIsCompact: a record is 24 bytes or fewer, as docs/journal.md says; as JSON it is about ten times as long.
func TestAJournalIsCompact(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	const records = 50_000
	w, err := journal.Create(path, header())
	require.NoError(t, err)
	for n := range records {
		w.Add(mixed(n))
	}
	w.End(journal.End{Why: "done"})
	require.NoError(t, w.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	t.Logf("%.1f bytes a record", float64(info.Size())/records)
	require.Less(t, info.Size(), int64(24*records))
	l, err := journal.Read(path)
	require.NoError(t, err)
	for n := range records {
		if l.Records[n].Sent != mixed(n).Sent || l.Records[n].Order != mixed(n).Order {
			t.Fatalf("record %d: %+v", n, l.Records[n])
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	path := filepath.Join(b.TempDir(), "run.journal")
	w, err := journal.Create(path, header())
	require.NoError(b, err)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		w.Add(mixed(n))
		n++
	}
	require.NoError(b, w.Close())
	info, err := os.Stat(path)
	require.NoError(b, err)
	b.ReportMetric(float64(info.Size())/float64(n), "file-bytes/record")
}
