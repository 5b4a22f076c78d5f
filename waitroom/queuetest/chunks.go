package queuetest

import (
	"cmp"
	"slices"

	"anteroom/waitroom"
)

// Chunks is the bitmap of the ranks.
func Chunks(ranks ...int64) []waitroom.Chunk {
	byIndex := map[int64][]byte{}
	for _, rank := range ranks {
		index, bit := rank/waitroom.ChunkRanks, rank%waitroom.ChunkRanks
		if byIndex[index] == nil {
			byIndex[index] = make([]byte, waitroom.ChunkBytes)
		}
		byIndex[index][bit/8] |= 0x80 >> (bit % 8)
	}
	chunks := []waitroom.Chunk{}
	for index, bits := range byIndex {
		chunks = append(chunks, waitroom.Chunk{Index: index, Bits: bits})
	}
	slices.SortFunc(chunks, func(a, b waitroom.Chunk) int { return cmp.Compare(a.Index, b.Index) })
	return chunks
}

func inChunks(chunks []waitroom.Chunk, rank int64) bool {
	for _, c := range chunks {
		if bit := rank % waitroom.ChunkRanks; c.Index == rank/waitroom.ChunkRanks && bit/8 < int64(len(c.Bits)) {
			return c.Bits[bit/8]&(0x80>>(bit%8)) != 0
		}
	}
	return false
}
