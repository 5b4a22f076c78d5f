package draw

import (
	"crypto/sha256"
)

// PageSize is how many bytes of the bitmap one leaf of the tree holds: 8,192 numbers.
//
// Pages and not numbers, because ten million leaves would be 640 MB of hashes and a second of work, for a tree that says
// one bit a leaf. With pages it is 1,221 leaves and a millisecond, a proof is one page and eleven hashes, and an entrant
// sees its bit in the page directly.
const PageSize = 1024

// tree is a Merkle tree in the shape of RFC 6962, level by level from the leaves: neighbours are joined, and a last one
// without a neighbour is taken up as it is.
type tree [][]Hash

// plant hashes the pages of a bitmap, which has one byte at least; the last page is filled up with zeros.
func plant(bitmap []byte) tree {
	leaves := make([]Hash, 0, pages(int64(len(bitmap))))
	for i := int64(0); i < int64(len(bitmap)); i += PageSize {
		leaves = append(leaves, leaf(i/PageSize, page(bitmap, i/PageSize)))
	}
	t := tree{leaves}
	for level := leaves; len(level) > 1; {
		above := make([]Hash, 0, (len(level)+1)/2)
		for i := 0; i+1 < len(level); i += 2 {
			above = append(above, node(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			above = append(above, level[len(level)-1])
		}
		t = append(t, above)
		level = above
	}
	return t
}

func (t tree) head() Hash { return t[len(t)-1][0] }

// path is the neighbours on the way from a leaf to the head, from below.
func (t tree) path(i int64) []Hash {
	var path []Hash
	for _, level := range t {
		if other := i ^ 1; other < int64(len(level)) {
			path = append(path, level[other])
		}
		i /= 2
	}
	return path
}

// climb is the head that a leaf and its path lead to, in a tree of so many leaves; false when the path has another length.
func climb(i, leaves int64, at Hash, path []Hash) (Hash, bool) {
	for ; leaves > 1; i, leaves = i/2, (leaves+1)/2 {
		if i^1 >= leaves {
			continue // taken up as it is
		}
		if len(path) == 0 {
			return Hash{}, false
		}
		if i%2 == 0 {
			at = node(at, path[0])
		} else {
			at = node(path[0], at)
		}
		path = path[1:]
	}
	return at, len(path) == 0
}

// pages is how many pages so many bytes take.
func pages(bytes int64) int64 { return (bytes + PageSize - 1) / PageSize }

// page is a copy of one page, filled up with zeros.
func page(bitmap []byte, i int64) []byte {
	p := make([]byte, PageSize)
	copy(p, bitmap[i*PageSize:])
	return p
}

// The first byte tells a leaf, a node and the root apart, so that none can be passed off as another (RFC 6962 §2.1).

func leaf(i int64, page []byte) Hash {
	text := append([]byte{0}, number8(i)...)
	return sha256.Sum256(append(text, page...))
}

func node(left, right Hash) Hash {
	text := append([]byte{1}, left[:]...)
	return sha256.Sum256(append(text, right[:]...))
}

// seal makes the root of the head and N. The pages alone would leave N open by up to 8,191, which is as many rolls of the
// dice for whoever may still choose it.
func seal(n int64, head Hash) Hash {
	text := append([]byte{2}, number8(n)...)
	return sha256.Sum256(append(text, head[:]...))
}
