package benchmarks

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkProof is a pair's own half: the calibrator's work, and ProofSlower percent more.
func BenchmarkProof(b *testing.B) {
	if why := os.Getenv("BENCH_PROOF_SKIP"); why != "" {
		b.Skip(why)
	}
	fmt.Fprint(os.Stderr, os.Getenv("BENCH_PROOF_COMPLAINT"))
	percent := 0
	if slower := os.Getenv(ProofSlower); slower != "" {
		var err error
		percent, err = strconv.Atoi(slower)
		require.NoError(b, err)
	}
	b.ReportAllocs()
	workProof(b, 200+2*percent)
}

// BenchmarkProofCalibrator is the other half, always the same. It is work of the same kind, as a good calibrator is: what disturbs the one
// then disturbs the other as much.
func BenchmarkProofCalibrator(b *testing.B) { workProof(b, 200) }

// workProof makes HMACs, each of the one before.
func workProof(b *testing.B, times int) {
	mac, text := hmac.New(sha256.New, make([]byte, 32)), make([]byte, 150)
	sum := make([]byte, 0, sha256.Size)
	for b.Loop() {
		for range times {
			mac.Reset()
			mac.Write(text)
			sum = mac.Sum(sum[:0])
			text[0] = sum[0]
		}
	}
}
