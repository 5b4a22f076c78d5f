package waitroom

// The crowd's bitmaps are cut into chunks of this many ranks and bytes.
const (
	ChunkRanks = 1 << 17
	ChunkBytes = ChunkRanks / 8
)

// Chunk is part of a bitmap by rank: rank r is bit r mod ChunkRanks of chunk r / ChunkRanks, the most significant bit of a byte first,
// as Redis counts them. Bits is ChunkBytes long, or shorter where the rest is zero.
type Chunk struct {
	Index int64
	Bits  []byte
}
