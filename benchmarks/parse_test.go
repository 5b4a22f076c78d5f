package benchmarks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const output = `goos: linux
pkg: anteroom/waitroom/proxy
BenchmarkAdmitted-2   	   50000	     20000 ns/op	     120 B/op	       3 allocs/op
BenchmarkAdmitted-2   	   50000	     30000 ns/op	     120 B/op	       3 allocs/op
BenchmarkAdmitted-2   	   50000	     10000 ns/op	     180 B/op	       4 allocs/op
BenchmarkBareProxy-2  	   80000	     16000 ns/op	      10 B/op	       0 allocs/op
BenchmarkBareProxy-2  	   80000	     15000 ns/op	      10 B/op	       0 allocs/op	 99.5 hits/s
BenchmarkNoisy
    noisy_test.go:3: something
BenchmarkHAProxy
    bench_linux_test.go:170: looking for it
    bench_linux_test.go:177: HAProxy is not on this machine
        and a further line
--- SKIP: BenchmarkHAProxy
BenchmarkSilent
--- SKIP: BenchmarkSilent
PASS
ok  	anteroom/waitroom/proxy	3.2s
`

func TestParse(t *testing.T) {
	t.Parallel()
	all, skipped, err := parse([]byte(output))
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []float64{20000, 30000, 10000}, all["Admitted"]["ns/op"])
	require.Equal(t, []float64{99.5}, all["BareProxy"]["hits/s"])
	require.Equal(t, map[string]string{"HAProxy": "HAProxy is not on this machine", "Silent": "it skipped itself without a reason"}, skipped)

	for _, bad := range []string{"BenchmarkX-2 100 12", "BenchmarkX-2 100 many ns/op"} {
		_, _, err := parse([]byte(bad))
		require.ErrorContains(t, err, "BenchmarkX", bad)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	require.Equal(t, spread{20, 10, 40}, spreadOf([]float64{40, 10, 20}))
	require.Equal(t, spread{15, 10, 20}, spreadOf([]float64{20, 10}))
	require.Equal(t, spread{}, spreadOf(nil))
}
