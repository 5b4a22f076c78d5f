package draw

import (
	"crypto/sha256"
	"testing"
)

const tenMillion = 10_000_000

// BenchmarkRank is what a poll pays to learn its rank among ten million.
func BenchmarkRank(b *testing.B) {
	p := permutation(b, keyOf(1), tenMillion)
	b.ReportAllocs()
	number := int64(0)
	for b.Loop() {
		number = p.Rank(number%tenMillion + 1) // each depends on the last, as nothing foretells the next poll
	}
}

// BenchmarkNew is what a gateway pays once, when it learns that the draw is done.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		permutation(b, keyOf(1), tenMillion)
	}
}

// crowd is a bitmap of ten million of whom about half are there.
func crowd() []byte {
	bitmap := make([]byte, 0, size(tenMillion)+sha256.Size)
	for i := 0; int64(len(bitmap)) < size(tenMillion); i++ {
		k := keyOf(i)
		bitmap = append(bitmap, k[:]...)
	}
	bitmap = bitmap[:size(tenMillion)]
	bitmap[0] &= 0x7f
	bitmap[len(bitmap)-1] &= 0x80
	return bitmap
}

// BenchmarkDrawTenMillion turns the presence of ten million from numbers to ranks, on all processors.
func BenchmarkDrawTenMillion(b *testing.B) {
	p, bitmap := permutation(b, keyOf(1), tenMillion), crowd()
	for b.Loop() {
		PermuteBitmap(p, bitmap, tenMillion)
	}
}

// BenchmarkSealTenMillion makes the Merkle tree and its root.
func BenchmarkSealTenMillion(b *testing.B) {
	bitmap := crowd()
	for b.Loop() {
		e, err := NewEntrants(tenMillion, bitmap)
		if err != nil {
			b.Fatal(err)
		}
		e.Root()
	}
}

// BenchmarkVerifyTenMillion is what a doubter pays for the whole check.
func BenchmarkVerifyTenMillion(b *testing.B) {
	e, err := NewEntrants(tenMillion, crowd())
	if err != nil {
		b.Fatal(err)
	}
	d := drawn(b, e)
	for b.Loop() {
		if _, err := Verify(d); err != nil {
			b.Fatal(err)
		}
	}
}
