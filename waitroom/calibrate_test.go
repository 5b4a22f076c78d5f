package waitroom_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"testing"
)

// BenchmarkPlainHMAC is what a poll from memory is compared with: one HMAC-SHA-256 of 300 bytes by the standard library, about what checking
// the visitor's own ticket costs at the least.
func BenchmarkPlainHMAC(b *testing.B) {
	mac := hmac.New(sha256.New, make([]byte, 32))
	message, sum := make([]byte, 300), make([]byte, 0, sha256.Size)
	b.ReportAllocs()
	for b.Loop() {
		mac.Reset()
		mac.Write(message)
		sum = mac.Sum(sum[:0])
		message[0] = sum[0] // each depends on the last
	}
}

// BenchmarkPlainCount is what the rank directory is compared with: the bits of the same ten million copied once and counted once.
func BenchmarkPlainCount(b *testing.B) {
	_, chunks := tenMillion()
	b.ReportAllocs()
	for b.Loop() {
		count := 0
		for _, c := range chunks {
			own := append([]byte(nil), c.Bits...)
			for ; len(own) >= 8; own = own[8:] {
				count += bits.OnesCount64(binary.BigEndian.Uint64(own))
			}
		}
		if count == 0 {
			b.Fatal("nobody is there")
		}
	}
}
