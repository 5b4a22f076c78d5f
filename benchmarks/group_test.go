package benchmarks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var some = []Figure{
	{"a", "One", "", "X"},
	{"a", "Alone", "", ""},
	{"a", "X", "", ""},
	{"b", "One", "", "X"},
	{"b", "X", "", ""},
	{"a", "Two", "", "Y,X"},
	{"a", "Y", "", ""},
}

func TestAGroupIsWhatIsCompared(t *testing.T) {
	t.Parallel()
	require.Equal(t, []group{{"a", []string{"One", "X", "Two", "Y"}}, {"a", []string{"Alone"}}, {"b", []string{"One", "X"}}}, groupsOf(some))
	require.Equal(t, "^Benchmark(One|X)$", groupsOf(some)[2].pattern())

	// Every figure of the real list is in one group, and is measured with all that it is compared with.
	places := map[string]int{}
	for i, g := range groupsOf(Figures) {
		for _, n := range g.names {
			_, twice := places[g.pkg+"."+n]
			require.False(t, twice, n)
			places[g.pkg+"."+n] = i
		}
	}
	require.Len(t, places, len(Figures))
	for _, f := range Figures {
		for _, c := range f.calibrators() {
			require.Equal(t, places[f.Package+"."+f.Name], places[f.Package+"."+c], "%s.%s", f.Package, f.Name)
		}
	}
}

func TestAPartHoldsWholeGroups(t *testing.T) {
	t.Parallel()
	part, err := Choose(some, []string{"a.Y"})
	require.NoError(t, err)
	require.Equal(t, []Figure{some[0], some[2], some[5], some[6]}, part)
	_, err = Choose(some, []string{"a.One", "c.One"})
	require.ErrorContains(t, err, `"c.One"`)

	part, err = Short(Figures)
	require.NoError(t, err)
	require.Len(t, groupsOf(part), len(short))
	all := map[string]bool{}
	for _, m := range Metrics(Figures) {
		all[m.String()] = true
	}
	for _, m := range Metrics(part) {
		require.True(t, all[m.String()], "%s is no metric of the whole list", m)
	}
	_, err = Short(some)
	require.ErrorContains(t, err, "there is no figure")
}

func TestMetricsAreRatiosAndAllocationsOfOurs(t *testing.T) {
	t.Parallel()
	var names []string
	for _, m := range Metrics(some) {
		names = append(names, m.String())
	}
	require.Equal(t, []string{"a.One/X", "a.One/allocs", "a.Alone/allocs", "b.One/X", "b.One/allocs", "a.Two/Y", "a.Two/X", "a.Two/allocs"}, names)
}
