package draw

import (
	"crypto/sha256"
	"testing"
)

// BenchmarkPlainHash is what a drawn rank is compared with: one SHA-256 of 32 bytes by the standard library, each of the last.
func BenchmarkPlainHash(b *testing.B) {
	var sum [sha256.Size]byte
	b.ReportAllocs()
	for b.Loop() {
		sum = sha256.Sum256(sum[:])
	}
	if sum == [sha256.Size]byte{} {
		b.Fatal("nothing was hashed")
	}
}

// BenchmarkPlainScatter is what the drawn order of ten million is compared with: the same bits set at places that a multiplication gives, which
// fixes the memory's part and nothing else.
func BenchmarkPlainScatter(b *testing.B) {
	const stride = 6_180_339 // coprime to ten million, so that each place is met once
	bitmap := crowd()
	for b.Loop() {
		scattered := make([]byte, len(bitmap))
		for i := range int64(tenMillion) {
			if bitmap[i/8]&(0x80>>(i%8)) != 0 {
				at := i * stride % tenMillion
				scattered[at/8] |= 0x80 >> (at % 8)
			}
		}
		if scattered[0]|scattered[len(scattered)/2] == 0 && scattered[1] == 0 {
			b.Fatal("nobody was drawn")
		}
	}
}
