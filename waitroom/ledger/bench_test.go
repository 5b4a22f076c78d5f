package ledger_test

import (
	"testing"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom/ledger"
)

func BenchmarkSign(b *testing.B) {
	keys := authtest.Keys(b)
	line := ledger.Next("", ledger.Line{}, good()[0])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledger.Sign(keys, line); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify is the cost of one line of a long ledger, one a second.
func BenchmarkVerify(b *testing.B) {
	keys := authtest.Keys(b)
	lines := make([]ledger.Line, 1000)
	for i := range lines {
		lines[i] = good()[0]
		lines[i].At += int64(i) * 1000
	}
	tokens := signed(b, keys, lines)
	v := ledger.NewVerifier(keys, false)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%len(tokens) == 0 {
			v = ledger.NewVerifier(keys, false)
		}
		if err := v.Add(b.Context(), tokens[n%len(tokens)]); err != nil {
			b.Fatal(err)
		}
	}
}
