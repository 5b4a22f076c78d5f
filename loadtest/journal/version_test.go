package journal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

// testdata/version1.journal was written by the load laboratory of commit eb0d1ef, the last one that wrote version 1: loadtest run
// loadtest/journal/testdata/version1.yaml, on a system of its own.
func TestAJournalOfVersion1IsRead(t *testing.T) {
	t.Parallel()
	l, err := journal.Read("testdata/version1.journal")
	require.NoError(t, err)
	require.Empty(t, l.Incomplete)
	require.Equal(t, "draw", l.Header.Policy.Method)
	require.Equal(t, 24, l.End.Visitors)
	require.EqualValues(t, len(l.Records), l.End.Requests)
	require.EqualValues(t, 23, l.Audit.Drawn)
	require.Contains(t, l.Audit.DrawVerified, "holds")
	require.Nil(t, l.Audit.Draw)
	for _, r := range l.Records {
		require.Zero(t, r.Drawn)
	}
}
