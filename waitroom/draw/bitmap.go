package draw

import (
	"runtime"
	"sync"
)

// bit says whether number's bit is set, in the order of Redis' strings: the first bit of a byte is its greatest. What is
// beyond the bitmap is not set.
func bit(bitmap []byte, number int64) bool {
	i := number / 8
	return i < int64(len(bitmap)) && bitmap[i]&(0x80>>(number%8)) != 0
}

// size is how many bytes hold the bits 0..n.
func size(n int64) int64 { return n/8 + 1 }

// PermuteBitmap turns a bitmap by number into the same bitmap by rank. Numbers up to n are carried over; those that p does
// not permute keep their place, and bit 0 stays unset. The result holds the bits 0..max(n, p.N()). It works on all
// processors, bitmap must not change meanwhile.
func PermuteBitmap(p *Permutation, bitmap []byte, n int64) []byte {
	out := make([]byte, size(max(n, p.N())))
	// Each worker owns a stretch of ranks and asks which number has each, so no byte is written by two of them.
	ranges(int64(len(out)), func(from, to int64) {
		for i := from; i < to; i++ {
			var b byte
			for rank := 8 * i; rank < 8*i+8; rank++ {
				b <<= 1
				if number := p.Number(rank); number >= 1 && number <= n && bit(bitmap, number) {
					b |= 1
				}
			}
			out[i] = b
		}
	})
	return out
}

// ranges splits [0,n) among the processors and waits for all.
func ranges(n int64, work func(from, to int64)) {
	workers := int64(runtime.GOMAXPROCS(0))
	step := max(1, (n+workers-1)/workers)
	var wg sync.WaitGroup
	for from := int64(0); from < n; from += step {
		wg.Go(func() { work(from, min(n, from+step)) })
	}
	wg.Wait()
}
