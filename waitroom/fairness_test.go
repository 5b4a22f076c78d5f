package waitroom_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

func TestFairness(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return time.Unix(int64(second), 0) }
	var f waitroom.Fairness
	assert.Equal(t, 1.0, f.Score())
	f.Admitted(7, at(7))
	assert.Equal(t, 1.0, f.Score(), "one alone")
	for _, rank := range []int{3, 1, 9, 12} { // told in any order: what counts is when they were admitted
		f.Admitted(int64(rank), at(rank))
	}
	f.Admitted(13, at(12)) // in one batch
	f.Admitted(3, at(3))   // told twice
	assert.Equal(t, 1.0, f.Score())

	f.Admitted(20, at(0)) // 7 earlier ranks were let in after it
	assert.InDelta(t, 1-7.0/28, f.Score(), 1e-12, "a bent order lowers the score")
	f.Reset()
	assert.Equal(t, 1.0, f.Score())
	for i := range 100 {
		f.Admitted(int64(100-i), at(i))
	}
	assert.Equal(t, 0.0, f.Score(), "the wrong way round")
	for i := range 1024 {
		f.Admitted(int64(1000+i), at(1000+i))
	}
	assert.Equal(t, 1.0, f.Score(), "what is long ago is forgotten")
}

// The score is what counting pair by pair says, and one swap is seen.
func TestFairnessCountsPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f waitroom.Fairness
		ranks := rapid.SliceOfN(rapid.Int64Range(1, 40), 2, 60).Draw(t, "ranks")
		times := rapid.SliceOfN(rapid.Int64Range(1, 40), len(ranks), len(ranks)).Draw(t, "times")
		bent, pairs := 0, 0
		for i := range ranks {
			f.Admitted(ranks[i], time.UnixMilli(times[i]))
			for j := range i {
				pairs++
				if ranks[i] < ranks[j] && times[i] > times[j] || ranks[j] < ranks[i] && times[j] > times[i] {
					bent++
				}
			}
		}
		if want := 1 - float64(bent)/float64(pairs); math.Abs(f.Score()-want) > 1e-12 || (f.Score() < 1) != (bent > 0) {
			t.Fatalf("%v, by counting %v", f.Score(), want)
		}
	})
}

func TestFairnessByManyAtOnce(t *testing.T) {
	t.Parallel()
	var (
		f     waitroom.Fairness
		group sync.WaitGroup
	)
	for g := range 8 {
		group.Go(func() {
			for i := range 500 {
				n := i*8 + g
				f.Admitted(int64(n), time.UnixMilli(int64(n)))
				if i%100 == 0 && f.Score() != 1 {
					t.Error("the order was good all the time")
				}
			}
		})
	}
	group.Wait()
	require.Equal(t, 1.0, f.Score())
}

func BenchmarkFairnessAdmitted(b *testing.B) {
	var f waitroom.Fairness
	at := time.Now()
	b.ReportAllocs()
	for n := int64(0); b.Loop(); n++ {
		f.Admitted(n, at)
	}
}

func BenchmarkFairnessScore(b *testing.B) {
	var f waitroom.Fairness
	for n := range int64(2000) {
		f.Admitted(n*7919%2003, time.UnixMilli(n))
	}
	for b.Loop() {
		if f.Score() > 0.9 {
			b.Fatal("the order is bent")
		}
	}
}
