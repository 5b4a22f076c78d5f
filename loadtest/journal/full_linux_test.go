package journal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

func TestAFullDiskIsReported(t *testing.T) {
	t.Parallel()
	_, err := journal.Create("/dev/full", header())
	require.ErrorContains(t, err, "no space left")
	require.ErrorContains(t, err, "/dev/full")
}
