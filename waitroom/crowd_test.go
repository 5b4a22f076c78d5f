package waitroom_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

// chunksOf writes ranks as the line does: the most significant bit of a byte first, trailing zeroes left out.
func chunksOf(ranks ...int64) []waitroom.Chunk {
	at := map[int64][]byte{}
	for _, rank := range ranks {
		index, bit := rank/waitroom.ChunkRanks, rank%waitroom.ChunkRanks
		for int64(len(at[index])) <= bit/8 {
			at[index] = append(at[index], 0)
		}
		at[index][bit/8] |= 1 << (7 - bit%8)
	}
	var chunks []waitroom.Chunk
	for index, bits := range at {
		chunks = append(chunks, waitroom.Chunk{Index: index, Bits: bits})
	}
	return chunks // in no order: a map has none
}

// ranksOf reads chunks.
func ranksOf(chunks []waitroom.Chunk) []int64 {
	var ranks []int64
	for _, chunk := range chunks {
		for i, b := range chunk.Bits {
			for bit := range 8 {
				if b&(1<<(7-bit)) != 0 {
					ranks = append(ranks, chunk.Index*waitroom.ChunkRanks+int64(i*8+bit))
				}
			}
		}
	}
	slices.Sort(ranks)
	return ranks
}

// interesting are the ranks where a mistake would be: at the borders of words, blocks and chunks, and beyond a failover's gap.
func interesting() *rapid.Generator[int64] {
	return rapid.Custom(func(t *rapid.T) int64 {
		border := rapid.SampledFrom([]int64{0, 8, 64, 512, 1024, waitroom.ChunkRanks, 2 * waitroom.ChunkRanks, 5 * waitroom.ChunkRanks, 100_000_000}).Draw(t, "border")
		return max(border+rapid.Int64Range(-70, 70).Draw(t, "off"), 0)
	})
}

func TestCrowdCountsAsASetDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ranks := rapid.SliceOfN(rapid.OneOf(interesting(), rapid.Int64Range(0, 3*waitroom.ChunkRanks)), 0, 200).Draw(t, "ranks")
		upto := rapid.OneOf(interesting(), rapid.Just(int64(200_000_000))).Draw(t, "upto")
		c := waitroom.NewCrowd(upto, chunksOf(ranks...))

		here := map[int64]bool{}
		for _, rank := range ranks {
			if rank >= 1 && rank <= upto {
				here[rank] = true
			}
		}
		if c.Count() != int64(len(here)) {
			t.Fatalf("%d counted, %d are present", c.Count(), len(here))
		}
		asked := append(rapid.SliceOfN(interesting(), 1, 20).Draw(t, "asked"), upto, upto+1, upto+17)
		for _, rank := range append(asked, ranks...) {
			ahead := max(rank-1-upto, 0)
			for other := range here {
				if other < rank {
					ahead++
				}
			}
			if got := c.Ahead(rank); got != ahead {
				t.Fatalf("rank %d: %d ahead, want %d", rank, got, ahead)
			}
			if got, want := c.Present(rank), here[rank] || rank > upto; got != want {
				t.Fatalf("rank %d: present is %t", rank, got)
			}
		}
	})
}

func TestCrowdEdges(t *testing.T) {
	t.Parallel()
	none := waitroom.NewCrowd(0, nil)
	assert.EqualValues(t, 0, none.Count())
	assert.EqualValues(t, 0, none.Ahead(1))
	assert.EqualValues(t, 6, none.Ahead(7), "nobody was read, so all are taken for present")
	assert.True(t, none.Present(1))
	for _, rank := range []int64{0, -1, -1 << 63} {
		assert.False(t, none.Present(rank))
		assert.EqualValues(t, 0, none.Ahead(rank))
	}

	full := make([]byte, waitroom.ChunkBytes)
	for i := range full {
		full[i] = 0xff
	}
	all := waitroom.NewCrowd(waitroom.ChunkRanks-1, []waitroom.Chunk{{Index: 0, Bits: full}, {Index: 1, Bits: full}, {Index: -1, Bits: full}})
	assert.EqualValues(t, waitroom.ChunkRanks-1, all.Count(), "rank 0 and the chunks beyond are nobody's")
	assert.EqualValues(t, waitroom.ChunkRanks-1, all.Ahead(waitroom.ChunkRanks))
	long := waitroom.NewCrowd(1<<40, []waitroom.Chunk{{Index: 1, Bits: append(full, full...)}})
	assert.EqualValues(t, waitroom.ChunkRanks, long.Count(), "a chunk that is too long is cut")

	// A failover makes the numbers jump: what lies between costs nothing and nobody is there.
	jumped := waitroom.NewCrowd(300_000_000, chunksOf(5, 100_000_007, 250_000_000))
	assert.EqualValues(t, []int64{0, 1, 1, 2, 3}, []int64{jumped.Ahead(5), jumped.Ahead(6), jumped.Ahead(90_000_000), jumped.Ahead(200_000_000), jumped.Ahead(300_000_000)})
	assert.False(t, jumped.Present(150_000_000))

	// The chunks belong to the caller again afterwards.
	mine := chunksOf(3)
	c := waitroom.NewCrowd(10, mine)
	clear(mine[0].Bits)
	require.True(t, c.Present(3))
}

// tenMillion is a crowd of ten million of whom a third have gone.
func tenMillion() (int64, []waitroom.Chunk) {
	const upto = 10_000_000
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // No secret.
	var chunks []waitroom.Chunk
	for index := range int64(upto/waitroom.ChunkRanks + 1) {
		bits := make([]byte, waitroom.ChunkBytes)
		for i := range waitroom.ChunkRanks {
			if random.IntN(3) > 0 {
				bits[i/8] |= 1 << (7 - i%8)
			}
		}
		chunks = append(chunks, waitroom.Chunk{Index: index, Bits: bits})
	}
	return upto, chunks
}

// BenchmarkCrowd builds the crowd of ten million, as each gateway does once a second.
func BenchmarkCrowd(b *testing.B) {
	upto, chunks := tenMillion()
	b.ReportAllocs()
	for b.Loop() {
		if waitroom.NewCrowd(upto, chunks).Count() == 0 {
			b.Fatal("nobody is there")
		}
	}
}

// BenchmarkAhead asks it at random ranks.
func BenchmarkAhead(b *testing.B) {
	upto, chunks := tenMillion()
	c := waitroom.NewCrowd(upto, chunks)
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // No secret.
	b.ReportAllocs()
	var sum int64
	for b.Loop() {
		sum += c.Ahead(random.Int64N(upto))
	}
	if sum == 0 {
		b.Fatal("nobody is ahead of anybody")
	}
}
