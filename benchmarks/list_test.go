package benchmarks

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheListNamesBenchmarksThatAreThere(t *testing.T) {
	t.Parallel()
	for _, pkg := range packages(Figures) {
		var source []byte
		entries, err := os.ReadDir("../" + pkg)
		require.NoError(t, err)
		for _, e := range entries {
			if regexp.MustCompile(`_test\.go$`).MatchString(e.Name()) {
				body, err := os.ReadFile("../" + pkg + "/" + e.Name())
				require.NoError(t, err)
				source = append(source, body...)
			}
		}
		listed := map[string]bool{}
		for _, f := range Figures {
			if f.Package == pkg {
				require.False(t, listed[f.Name], "%s.%s is listed twice", pkg, f.Name)
				listed[f.Name] = true
				require.True(t, bytes.Contains(source, []byte("func Benchmark"+f.Name+"(")), "%s has no Benchmark%s", pkg, f.Name)
			}
		}
		for _, f := range Figures {
			for _, c := range f.calibrators() {
				require.True(t, f.Package != pkg || listed[c], "%s.%s is compared with %s, which is not listed", pkg, f.Name, c)
			}
		}
	}
}
