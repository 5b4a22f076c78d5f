package auth

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func BenchmarkTicketVerify(b *testing.B) {
	keys := newKeys(b)
	token, err := keys.SignTicket(Ticket{Room: "arena", Epoch: 3, Number: 4_100_000, JoinedAt: now})
	require.NoError(b, err)
	raw := []byte(token)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.VerifyTicket(raw, "arena"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTicketSign(b *testing.B) {
	keys := newKeys(b)
	t := Ticket{Room: "arena", Epoch: 3, Number: 4_100_000, JoinedAt: now}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.SignTicket(t); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTicketVerifyByLibrary is what BenchmarkTicketVerify would be with jwx.
func BenchmarkTicketVerifyByLibrary(b *testing.B) {
	keys := newKeys(b)
	token, err := keys.SignTicket(Ticket{Room: "arena", Epoch: 3, Number: 4_100_000, JoinedAt: now})
	require.NoError(b, err)
	raw := []byte(token)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := byJWX(keys, raw, "arena"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPassSign(b *testing.B) {
	keys := newKeys(b)
	p := pass()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.SignPass(p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPassSignByLibrary is what BenchmarkPassSign would be with jwx.
func BenchmarkPassSignByLibrary(b *testing.B) {
	keys := newKeys(b)
	c := pass().claims()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := keys.sign(passType, c); err != nil {
			b.Fatal(err)
		}
	}
}
