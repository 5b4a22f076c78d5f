package generator

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOwnTimeGrowsWithWork(t *testing.T) {
	t.Parallel()
	var u usage
	g := u.since(time.Now())
	require.Equal(t, -1.0, g.Busy, "the first look has nothing to compare with")
	require.Zero(t, g.CPUPercent)
	before, deadline := ownTime(), time.Now().Add(20*time.Second)
	for n := 0; ownTime() < before+20*time.Millisecond; n++ {
		require.True(t, time.Now().Before(deadline), "working uses no processor time, %d", n)
	}
	g = u.since(time.Now())
	require.Positive(t, g.CPUPercent)
	require.Less(t, g.CPUPercent, 200.0)
	if _, err := os.Stat("/proc/stat"); err == nil {
		require.GreaterOrEqual(t, g.Busy, 0.0)
		require.LessOrEqual(t, g.Busy, 100.0)
	}
}

func TestMachineTime(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][2]uint64{
		"cpu  10 20 30 400 50 6 7 8 9 10\ncpu0 1 2 3\n": {10 + 20 + 30 + 6 + 7 + 8, 531}, // steal is busy, guests are part of user
		"cpu  10 20 30 400 50 6 7 8":                    {81, 531},
		"cpu 1 2 3\n":                                   {},
		"intr 1 2 3 4 5 6 7 8 9":                        {},
		"cpu  10 20 x 400 50 6 7 8":                     {},
		"":                                              {},
	} {
		file := filepath.Join(t.TempDir(), "stat")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		busy, total := machineTime(file)
		require.Equal(t, want, [2]uint64{busy, total}, content)
	}
	busy, total := machineTime(filepath.Join(t.TempDir(), "absent"))
	require.Zero(t, busy+total)
}
