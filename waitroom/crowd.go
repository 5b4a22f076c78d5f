package waitroom

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// The bitmap is kept as words; blocks of words are counted beforehand.
const (
	wordRanks   = 64
	chunkWords  = ChunkRanks / wordRanks
	blockWords  = 8 // 512 ranks, one cache line
	blockRanks  = blockWords * wordRanks
	chunkBlocks = chunkWords / blockWords
)

// Crowd is who was present in a room, by rank. It is never changed after it was made, so it can be shared.
//
// It is a bit vector with a rank directory (G. Jacobson, Space-efficient static trees and graphs, FOCS 1989): how many are present
// before each chunk and before each block of a chunk is counted once, so that how many are ahead of a rank is two look-ups and
// at most eight words counted. The directory takes a sixteenth of the bits. Chunks nobody is in are left out, so the gap that a
// failover leaves in the numbers costs nothing.
type Crowd struct {
	Upto int64 // the highest rank that was read; whoever joined later is taken for present

	indexes []int64  // of the chunks that are there, rising
	before  []int64  // a chunk's present ones in all chunks before it
	blocks  []uint32 // a block's present ones in the blocks before it within its chunk; chunkBlocks a chunk
	words   []uint64 // the lowest rank is the most significant bit; chunkWords a chunk
	count   int64
}

// NewCrowd makes a crowd of the chunks, in any order and each index once; what they say of ranks above upto or below 1 is left
// out. The chunks are copied.
func NewCrowd(upto int64, chunks []Chunk) *Crowd {
	chunks = slices.DeleteFunc(slices.Clone(chunks), func(c Chunk) bool {
		return len(c.Bits) == 0 || c.Index < 0 || c.Index > max(upto, 0)/ChunkRanks
	})
	slices.SortFunc(chunks, func(a, b Chunk) int { return int(a.Index - b.Index) })
	c := &Crowd{
		Upto:    max(upto, 0),
		indexes: make([]int64, len(chunks)),
		before:  make([]int64, len(chunks)),
		blocks:  make([]uint32, len(chunks)*chunkBlocks),
		words:   make([]uint64, len(chunks)*chunkWords),
	}
	for i, chunk := range chunks {
		c.indexes[i], c.before[i] = chunk.Index, c.count
		words := c.words[i*chunkWords : (i+1)*chunkWords]
		readWords(words, chunk.Bits)
		c.clip(chunk.Index, words)
		c.count += countBlocks(c.blocks[i*chunkBlocks:(i+1)*chunkBlocks], words)
	}
	return c
}

// readWords reads bits into words; what bits are too short for stays zero.
func readWords(words []uint64, bits []byte) {
	bits = bits[:min(len(bits), ChunkBytes)]
	whole := len(bits) / 8
	for i := range whole {
		words[i] = binary.BigEndian.Uint64(bits[i*8:])
	}
	if rest := bits[whole*8:]; len(rest) > 0 {
		var last [8]byte
		copy(last[:], rest)
		words[whole] = binary.BigEndian.Uint64(last[:])
	}
}

// clip clears what stands for no rank: rank 0, and those above Upto.
func (c *Crowd) clip(index int64, words []uint64) {
	if index == 0 {
		words[0] &^= 1 << (wordRanks - 1)
	}
	if index != c.Upto/ChunkRanks {
		return
	}
	end := c.Upto%ChunkRanks + 1 // the first that is not kept
	word := end / wordRanks
	if word == chunkWords {
		return
	}
	words[word] &= ^(^uint64(0) >> (end % wordRanks))
	clear(words[word+1:])
}

func countBlocks(blocks []uint32, words []uint64) int64 {
	sum := uint32(0)
	for i := range blocks {
		blocks[i] = sum
		block := words[i*blockWords : i*blockWords+blockWords]
		n := 0
		for _, word := range block {
			n += bits.OnesCount64(word)
		}
		sum += uint32(n) //nolint:gosec // At most 512.
	}
	return int64(sum)
}

// chunk finds the chunk of a rank. When it is not there, at is the first one after it.
func (c *Crowd) chunk(rank int64) (at int, there bool) {
	return slices.BinarySearch(c.indexes, rank/ChunkRanks)
}

// Present reports whether a rank was present; whoever has joined since is.
func (c *Crowd) Present(rank int64) bool {
	if rank < 1 || rank > c.Upto {
		return rank > c.Upto
	}
	at, there := c.chunk(rank)
	if !there {
		return false
	}
	bit := int(rank % ChunkRanks)
	return c.words[at*chunkWords+bit/wordRanks]<<(bit%wordRanks)>>(wordRanks-1) == 1
}

// Ahead counts the present ones with a lower rank; who has joined since is among them.
func (c *Crowd) Ahead(rank int64) int64 {
	if rank <= 1 {
		return 0
	}
	if rank > c.Upto {
		return c.count + rank - 1 - c.Upto
	}
	at, there := c.chunk(rank)
	switch {
	case !there && at == len(c.indexes):
		return c.count
	case !there:
		return c.before[at]
	}
	bit := int(rank % ChunkRanks)
	block, last := bit/blockRanks, at*chunkWords+bit/wordRanks
	n := c.before[at] + int64(c.blocks[at*chunkBlocks+block])
	for _, word := range c.words[at*chunkWords+block*blockWords : last] {
		n += int64(bits.OnesCount64(word))
	}
	// A shift by 64 gives 0 in Go, so a rank that begins its word takes nothing of it.
	return n + int64(bits.OnesCount64(c.words[last]>>(wordRanks-bit%wordRanks)))
}

// Count is how many were present.
func (c *Crowd) Count() int64 { return c.count }
