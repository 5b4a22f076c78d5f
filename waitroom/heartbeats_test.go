package waitroom_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

var first = waitroom.Turn{Epoch: 1}

func heard(h *waitroom.Heartbeats) []int64 {
	_, chunks := h.Take()
	return ranksOf(chunks)
}

func TestHeartbeatsAreToldOnceAWindow(t *testing.T) {
	t.Parallel()
	h := waitroom.NewHeartbeats()
	h.Window(7, false)
	for _, rank := range []int64{5, 64, 63, waitroom.ChunkRanks, 100_000_001, 5} {
		h.Hear(first, rank)
	}
	turn, chunks := h.Take()
	assert.Equal(t, first, turn)
	assert.Equal(t, []int64{5, 63, 64, waitroom.ChunkRanks, 100_000_001}, ranksOf(chunks))
	for _, chunk := range chunks {
		assert.NotZero(t, chunk.Bits[len(chunk.Bits)-1], "trailing zeroes are left out")
	}
	h.Hear(first, 5)
	h.Hear(first, 6)
	assert.Equal(t, []int64{6}, heard(h), "5 was told in this window")

	h.Window(7, false)
	h.Hear(first, 6)
	assert.Empty(t, heard(h))
	h.Window(8, false)
	h.Hear(first, 6)
	assert.Equal(t, []int64{6}, heard(h), "another window")
	h.Resend()
	h.Hear(first, 6)
	assert.Equal(t, []int64{6}, heard(h), "another primary")

	// When the window may be over already, who is heard may belong to the next one.
	h.Window(8, true)
	h.Hear(first, 6)
	assert.Equal(t, []int64{6}, heard(h))
}

func TestHeartbeatsThatCouldNotBeToldAreKept(t *testing.T) {
	t.Parallel()
	h := waitroom.NewHeartbeats()
	h.Window(1, false)
	h.Hear(first, 5)
	turn, chunks := h.Take()
	h.Hear(first, 200_000)
	h.PutBack(turn, chunks)
	assert.Equal(t, []int64{5, 200_000}, heard(h))

	_, chunks = h.Take()
	assert.Empty(t, chunks)
	h.Hear(first, 9)
	turn, chunks = h.Take()
	h.Hear(waitroom.Turn{Epoch: 2}, 1)
	h.PutBack(turn, chunks)
	assert.Equal(t, []int64{1}, heard(h), "those of a line that is over are dropped")
}

func TestHeartbeatsOfALaterTurnReplaceTheEarlier(t *testing.T) {
	t.Parallel()
	h := waitroom.NewHeartbeats()
	turns := []waitroom.Turn{{Epoch: 1}, {Epoch: 1, Drawn: true}, {Epoch: 2}, {Epoch: 3, Drawn: true}}
	for i, turn := range turns {
		h.Hear(turn, int64(i+10))
		for _, over := range turns[:i] {
			h.Hear(over, 1)
		}
		got, chunks := h.Take()
		assert.Equal(t, turn, got)
		assert.Equal(t, []int64{int64(i + 10)}, ranksOf(chunks))
	}
}

// TestHeartbeatsAgainstASet also covers that chunks given back lose nobody.
func TestHeartbeatsAgainstASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := waitroom.NewHeartbeats()
		fresh, told := map[int64]bool{}, map[int64]bool{}
		window, ending := int64(0), true
		t.Repeat(map[string]func(*rapid.T){
			"hear": func(t *rapid.T) {
				rank := max(interesting().Draw(t, "rank"), 1)
				h.Hear(first, rank)
				if ending || !told[rank] {
					fresh[rank] = true
				}
			},
			"take": func(t *rapid.T) {
				got := heard(h)
				if len(got) != len(fresh) {
					t.Fatalf("took %v, want %v", got, fresh)
				}
				for _, rank := range got {
					if !fresh[rank] {
						t.Fatalf("%d was not heard", rank)
					}
					told[rank] = true
				}
				clear(fresh)
			},
			"put back": func(*rapid.T) {
				turn, chunks := h.Take()
				h.PutBack(turn, chunks)
				for rank := range fresh {
					told[rank] = true
				}
			},
			"window": func(t *rapid.T) {
				ending = rapid.Bool().Draw(t, "ending")
				if rapid.Bool().Draw(t, "next") {
					window++
					clear(told)
				}
				h.Window(window, ending)
			},
			"resend": func(*rapid.T) { h.Resend(); clear(told) },
		})
	})
}

// shout has some goroutines hear all ranks while another takes, and returns how many ranks were taken in all.
func shout(hear func(rank int64), take func() []int64) int {
	const ranks, voices = 4096, 8
	var wg sync.WaitGroup
	for voice := range voices {
		wg.Go(func() {
			for rank := int64(voice) + 1; rank <= ranks; rank += voices { // neighbours share words
				hear(rank)
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	var all []int64
	for {
		select {
		case <-done:
			all = append(all, take()...)
			slices.Sort(all)
			return len(slices.Compact(all))
		default:
			all = append(all, take()...)
			runtime.Gosched()
		}
	}
}

func TestHeartbeatsLoseNobodyInACrowd(t *testing.T) {
	t.Parallel()
	for range 50 {
		h, window := waitroom.NewHeartbeats(), int64(0)
		require.Equal(t, 4096, shout(func(rank int64) { h.Hear(first, rank) }, func() []int64 {
			window++ // so that chunks are given back and made anew all the while
			h.Window(window, false)
			return heard(h)
		}))
	}
}

// careless is the control: the same words, but read, changed and written in three steps.
type careless struct{ words [4096/64 + 1]atomic.Uint64 }

func (c *careless) hear(rank int64) {
	word := &c.words[rank/64]
	old := word.Load()
	runtime.Gosched()
	word.Store(old | 1<<(rank%64))
}

func (c *careless) take() (ranks []int64) {
	for i := range c.words {
		word := c.words[i].Swap(0)
		for bit := range int64(64) {
			if word&(1<<bit) != 0 {
				ranks = append(ranks, int64(i)*64+bit)
			}
		}
	}
	return ranks
}

func TestCarelessHeartbeatsLoseSomebody(t *testing.T) {
	t.Parallel()
	require.True(t, testenv.Eventually(func() bool {
		var c careless
		return shout(c.hear, c.take) < 4096
	}), "the test above would not notice a lost heartbeat")
}

// BenchmarkHear is one heartbeat among ten million, from all processors at once.
func BenchmarkHear(b *testing.B) {
	h := waitroom.NewHeartbeats()
	h.Window(1, false)
	for rank := int64(0); rank < 10_000_000; rank += waitroom.ChunkRanks {
		h.Hear(first, rank)
	}
	var next atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		rank := next.Add(1) * 1_234_567
		for pb.Next() {
			rank = (rank + 7919) % 10_000_000
			h.Hear(first, rank)
		}
	})
}

// BenchmarkTake takes the heartbeats of ten million, of whom each in ten was heard.
func BenchmarkTake(b *testing.B) {
	h := waitroom.NewHeartbeats()
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for rank := int64(1); rank < 10_000_000; rank += 10 {
			h.Hear(first, rank)
		}
		b.StartTimer()
		h.Take()
	}
}
