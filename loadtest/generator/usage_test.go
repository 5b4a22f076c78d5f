package generator

import (
	"os"
	"path/filepath"
	"runtime"
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
	before := u
	_, listed := os.Stat("/proc/stat")
	worked := func() bool {
		_, total := machineTime("/proc/stat")
		return ownTime() >= before.own+20*time.Millisecond && (listed != nil || total > before.total)
	}
	for deadline := time.Now().Add(2 * time.Minute); !worked(); {
		require.True(t, time.Now().Before(deadline), "working uses no processor time")
	}
	least := ownTime()
	now := time.Now()
	g = u.since(now)
	most := ownTime() // other tests work meanwhile, and this one may have been stopped in between
	percent := func(own time.Duration) float64 {
		return 100 * float64(own-before.own) / (float64(now.Sub(before.at)) * float64(min(runtime.NumCPU(), runtime.GOMAXPROCS(0))))
	}
	require.Positive(t, g.CPUPercent)
	require.GreaterOrEqual(t, g.CPUPercent, percent(least))
	require.LessOrEqual(t, g.CPUPercent, percent(most))
	if listed == nil {
		require.GreaterOrEqual(t, g.Busy, 0.0)
		require.LessOrEqual(t, g.Busy, 100.0)
	}
}

func TestHowBusyTheMachineWas(t *testing.T) {
	t.Parallel()
	before := usage{busy: 100, total: 1000}
	for now, want := range map[usage]float64{
		{busy: 130, total: 1040}: 75, {busy: 100, total: 1004}: 0, {busy: 104, total: 1004}: 100,
		{busy: 104, total: 1003}: 100, // a tick less of waiting for disks than before
		{busy: 100, total: 1000}: -1, {busy: 99, total: 1001}: -1,
	} {
		require.InDelta(t, want, now.busySince(&before), 1e-9, "%+v", now)
	}
	require.InDelta(t, -1, (&usage{busy: 1, total: 2}).busySince(&usage{}), 0)
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
