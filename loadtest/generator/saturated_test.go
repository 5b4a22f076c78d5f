package generator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

func TestSaturated(t *testing.T) {
	t.Parallel()
	second := func(lag, own, busy float64, sent int) journal.Generator {
		return journal.Generator{LagP99MS: lag, CPUPercent: own, Busy: busy, Sent: sent}
	}
	run := func(bad journal.Generator, times int) []journal.Generator {
		var all []journal.Generator
		for i := range 100 {
			if i < times {
				all = append(all, bad)
			} else {
				all = append(all, second(3, 20, 60, 100))
			}
		}
		return all
	}
	for name, c := range map[string]struct {
		all  []journal.Generator
		want bool
	}{
		"nothing known":                     {nil, false},
		"nothing sent":                      {[]journal.Generator{second(5000, 100, 100, 0)}, false},
		"never late":                        {run(second(99, 100, 100, 100), 100), false},
		"late, its own cores full":          {run(second(100, 80, 81, 100), 100), true},
		"late, its machine full":            {run(second(100, 20, 95, 100), 100), true},
		"late with time to spare":           {run(second(9000, 79, 94, 100), 100), false}, // it is the system that is slow
		"late, machine not known":           {run(second(100, 10, -1, 100), 100), true},
		"late for a moment":                 {run(second(900, 90, 99, 100), 5), false},
		"late for longer":                   {run(second(900, 90, 99, 100), 6), true},
		"late in a moment with many":        {run(second(900, 90, 99, 5000), 1), true},
		"two generators, one of them so":    {append(run(second(3, 20, 60, 100), 0), run(second(500, 90, 97, 100), 100)...), true},
		"late and full, but not at a time":  {append(run(second(900, 20, 60, 100), 50), run(second(3, 95, 99, 100), 50)...), false},
		"late and full while it sends less": {run(second(900, 95, 99, 1), 60), false},
	} {
		why, saturated := Saturated(c.all)
		require.Equal(t, c.want, saturated, name)
		require.Equal(t, c.want, why != "", name)
	}
	why, _ := Saturated(run(second(412.4, 61, 99, 300), 20))
	require.Equal(t, "the generator could not keep up in 20 of 100 s, with 43 % of the requests: it sent up to 412 ms late (p99), while it used up to "+
		"61 % of its cores and its machine was up to 99 % busy. The figures are those of the generator, not of the system", why)
}
