package benchmarks

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkProof is a pair's own half: 200 HMACs an operation, and ProofSlower percent more.
func BenchmarkProof(b *testing.B) {
	if why := os.Getenv("BENCH_PROOF_SKIP"); why != "" {
		b.Skip(why)
	}
	times := 200
	if percent := os.Getenv(ProofSlower); percent != "" {
		n, err := strconv.Atoi(percent)
		require.NoError(b, err)
		times += times * n / 100
	}
	mac, text := hmac.New(sha256.New, make([]byte, 32)), make([]byte, 150)
	sum := make([]byte, 0, sha256.Size)
	b.ReportAllocs()
	for b.Loop() {
		for range times {
			mac.Reset()
			mac.Write(text)
			sum = mac.Sum(sum[:0])
			text[0] = sum[0] // each depends on the last
		}
	}
}

// BenchmarkProofCalibrator is the other half: other work, always the same.
func BenchmarkProofCalibrator(b *testing.B) {
	text := make([]byte, 150)
	for b.Loop() {
		for range 200 {
			sum := sha512.Sum512(text)
			text[0] = sum[0]
		}
	}
}
