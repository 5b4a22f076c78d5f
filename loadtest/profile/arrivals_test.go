package profile_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/loadtest/profile"
)

func corners(pairs ...float64) *profile.Profile {
	p := &profile.Profile{Scale: 1}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Arrivals = append(p.Arrivals, profile.Arrival{At: profile.Duration(pairs[i] * float64(time.Second)), PerSecond: pairs[i+1]})
	}
	return p
}

func times(p *profile.Profile) []time.Duration {
	var all []time.Duration
	for i, at := range p.Times() {
		if i != len(all) {
			panic("an arrival was left out")
		}
		all = append(all, at)
	}
	return all
}

func TestArrivals(t *testing.T) {
	t.Parallel()
	s, ms := time.Second, time.Millisecond
	require.Equal(t, []time.Duration{0, 500 * ms, s, 1500 * ms}, times(corners(0, 2, 2, 2)), "even")
	require.Equal(t, []time.Duration{0, s, 10 * s, 10*s + 500*ms}, times(corners(0, 1, 2, 1, 2, 0, 10, 0, 10, 2, 11, 2)), "a pause and a step")
	// t²/2 · 1/s² arrivals after t: arrival i is due after √(2i).
	require.Equal(t, []time.Duration{0, 1414213562, 2 * s, 2449489743, 2828427125, 3162277660, 3464101615, 3741657387}, times(corners(0, 0, 4, 4)), "rising")
	require.Equal(t, []time.Duration{0, 2 * s}, times(corners(0, 1, 2, 0, 2, 1, 2.5, 1)), "falling to nothing, and an arrival at the corner comes once")
	half := corners(0, 2, 2, 2)
	half.Scale = 0.5
	require.Equal(t, []time.Duration{0, s}, times(half))
	for range corners(0, 1e5, 100, 1e5).Times() {
		break // who asks for few gets few
	}
}

func TestArrivalsAddUp(t *testing.T) {
	t.Parallel()
	for _, p := range profile.List() {
		all := times(p)
		require.Len(t, all, p.Count(), p.Name)
		require.Less(t, all[len(all)-1], p.Length(), p.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		pairs := []float64{0, rapid.Float64Range(0, 500).Draw(t, "rate")}
		at := 0.0
		for range rapid.IntRange(1, 5).Draw(t, "corners") {
			at += rapid.SampledFrom([]float64{0.5, 1, 3.25}).Draw(t, "after")
			rate := rapid.Float64Range(0, 500).Draw(t, "rate")
			pairs = append(pairs, at, rate)
			if rapid.Bool().Draw(t, "step") {
				pairs = append(pairs, at, rapid.Float64Range(0, 500).Draw(t, "rate"))
			}
		}
		p := corners(pairs...)
		all := times(p)
		if len(all) != p.Count() {
			t.Fatalf("%d arrivals of %d", len(all), p.Count())
		}
		// By every arrival, the area under the line is its number: taken here in small steps, apart from the code's own formula.
		for i, due := range all {
			if i > 0 && due < all[i-1] {
				t.Fatalf("arrival %d is due at %s, before %s", i, due, all[i-1])
			}
		}
		for _, i := range []int{0, len(all) / 3, len(all) / 2, len(all) - 1} {
			if i < 0 || len(all) == 0 {
				continue
			}
			if came := area(pairs, all[i].Seconds()); math.Abs(came-float64(i)) > 0.01 {
				t.Fatalf("arrival %d is due at %s, when %.3f have come", i, all[i], came)
			}
		}
	})
}

// area is how many have come by a time: trapezoids are exact where the rate changes evenly.
func area(pairs []float64, until float64) float64 {
	sum := 0.0
	for i := 0; i+3 < len(pairs); i += 2 {
		from, to, a, b := pairs[i], pairs[i+2], pairs[i+1], pairs[i+3]
		if until <= from || to == from {
			continue
		}
		end := min(until, to)
		there := a + (b-a)*(end-from)/(to-from)
		sum += (a + there) / 2 * (end - from)
	}
	return sum
}

func TestStretch(t *testing.T) {
	t.Parallel()
	p, err := profile.Parse("mine.yaml", []byte(whole))
	require.NoError(t, err)
	p.WarmUp = profile.Duration(3 * time.Second)
	p.Stretch(time.Minute)
	require.NoError(t, p.Validate())
	require.Equal(t, 600, p.Count(), "the rate stays, the time is twice as long")
	require.Equal(t, []string{"1m0s", "2m30s", "3s", "20s", "2s"},
		[]string{p.Length().String(), p.Deadline.String(), p.WarmUp.String(), p.Faults[0].At.String(), p.Faults[0].For.String()})
	p.Stretch(6 * time.Second)
	require.NoError(t, p.Validate())
	require.Equal(t, 60, p.Count())
	require.Equal(t, []string{"1m36s", "300ms", "2s", "200ms"},
		[]string{p.Deadline.String(), p.WarmUp.String(), p.Faults[0].At.String(), p.Faults[0].For.String()})
	for _, p := range profile.List() {
		for _, total := range []time.Duration{p.Length() / 2, p.Length(), 3 * p.Length()} {
			p.Stretch(total)
			require.NoError(t, p.Validate(), "%s stretched to %s", p.Name, total)
			require.Equal(t, total, p.Length())
		}
	}
}
