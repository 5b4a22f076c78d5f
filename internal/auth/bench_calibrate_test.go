package auth

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"testing"
)

// What the tokens' own figures are compared with: the cryptography alone, by the standard library, of as many bytes as a token has.

// signedBytes is as long as what is signed of a ticket.
var signedBytes = make([]byte, 150)

// BenchmarkPlainHMAC is one HMAC-SHA-256, its key prepared before.
func BenchmarkPlainHMAC(b *testing.B) {
	mac := hmac.New(sha256.New, make([]byte, 32))
	sum := make([]byte, 0, sha256.Size)
	b.ReportAllocs()
	for b.Loop() {
		mac.Reset()
		mac.Write(signedBytes)
		sum = mac.Sum(sum[:0])
		signedBytes[0] = sum[0] // each depends on the last
	}
}

// BenchmarkPlainSign is one Ed25519 signature.
func BenchmarkPlainSign(b *testing.B) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	b.ReportAllocs()
	for b.Loop() {
		signedBytes[0] = ed25519.Sign(key, signedBytes)[0]
	}
}

// BenchmarkPlainVerify verifies one.
func BenchmarkPlainVerify(b *testing.B) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, signature := key.Public().(ed25519.PublicKey), ed25519.Sign(key, signedBytes)
	b.ReportAllocs()
	for b.Loop() {
		if !ed25519.Verify(public, signedBytes, signature) {
			b.Fatal("what was signed is not accepted")
		}
	}
}
