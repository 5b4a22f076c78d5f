package auth

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func entry() Entry {
	return Entry{ID: "0b57a0f4-6a3c-4a49-9a3e-0d2f4f0b1a77", Show: "arena", Seat: "A1 · 12 · 7", Starts: time.Unix(1_900_000_000, 0)}
}

func TestEntryRoundTripAndForgeries(t *testing.T) {
	keys := newKeys(t)
	token, err := keys.SignEntry(entry())
	require.NoError(t, err)
	require.Less(t, len(token), 420, "else the squares of the QR code become too small to read from paper")
	published, err := ParseJWKS(keys.PublicJWKS())
	require.NoError(t, err)
	got, err := VerifyEntry(t.Context(), published, []byte(token))
	require.NoError(t, err)
	require.Equal(t, entry(), got)

	others, err := ParseJWKS(newKeys(t).PublicJWKS())
	require.NoError(t, err)
	_, err = VerifyEntry(t.Context(), others, []byte(token))
	require.ErrorIs(t, err, ErrEntryInvalid)
	_, err = VerifyEntry(t.Context(), NewRemoteKeys("http://127.0.0.1:1/"), []byte(token))
	require.ErrorIs(t, err, errKeysUnavailable, "that says nothing about the ticket")

	_, stranger, _ := ed25519.GenerateKey(nil)
	foreign := func(in []byte) []byte { return ed25519.Sign(stranger, in) }
	own := func(in []byte) []byte {
		var private ed25519.PrivateKey
		require.NoError(t, keys.signer().key.Raw(&private))
		return ed25519.Sign(private, in)
	}
	head := func(alg, typ string) map[string]any {
		return map[string]any{"alg": alg, "kid": keys.signer().id, "typ": typ}
	}
	claims := entryClaims{Issuer: issuer, Subject: entry().ID, Show: "arena", Seat: "A1 · 12 · 7", Starts: 1_900_000_000}
	without := func(change func(*entryClaims)) entryClaims {
		c := claims
		change(&c)
		return c
	}
	aPass, err := keys.SignPass(pass())
	require.NoError(t, err)
	transfer, err := keys.SignTransfer(entry().ID)
	require.NoError(t, err)
	staff, err := keys.SignStaff(Staff{Email: "x@demo.test", Role: Owner}, "booking", time.Hour)
	require.NoError(t, err)
	require.Equal(t, token, forge(head("EdDSA", entryType), claims, own), "the forger can make a true one, so what follows is refused for its own reason")
	for name, bad := range map[string]string{
		"empty": "", "rubbish": "rubbish", "cut": token[:len(token)-1], "longer": token + "A", "line end": token + "\n",
		"unsigned": token[:strings.LastIndexByte(token, '.')+1], "over-long": strings.Repeat("a", maxToken+1),
		"a pass": aPass, "an offer": transfer, "a staff token": staff,
		"foreign key":   forge(head("EdDSA", entryType), claims, foreign),
		"none":          forge(head("none", entryType), claims, func([]byte) []byte { return nil }),
		"another type":  forge(head("EdDSA", receiptType), claims, own),
		"no ticket":     forge(head("EdDSA", entryType), without(func(c *entryClaims) { c.Subject = "" }), own),
		"no show":       forge(head("EdDSA", entryType), without(func(c *entryClaims) { c.Show = "" }), own),
		"other issuer":  forge(head("EdDSA", entryType), without(func(c *entryClaims) { c.Issuer = "x" }), own),
		"a member more": forge(head("EdDSA", entryType), map[string]any{"iss": issuer, "sub": "x", "show": "y", "seat": "", "start": 1, "x": 1}, own),
	} {
		_, err := VerifyEntry(t.Context(), published, []byte(bad))
		require.Error(t, err, name)
		require.Equal(t, "ticket-invalid", fault.From(err).Type, name)
	}
}

// An old ticket is good after the keys have changed: it was printed months before the show.
func TestAnEntryOutlivesItsKey(t *testing.T) {
	keys := newKeys(t)
	token, err := keys.SignEntry(entry())
	require.NoError(t, err)
	key := keys.set.Load().public[keys.signer().id]
	key.Until = time.Now().Add(-time.Hour)
	keys.set.Load().public[keys.signer().id] = key
	_, err = VerifyEntry(t.Context(), keys, []byte(token))
	require.NoError(t, err)
}

func TestTransferRoundTripAndForgeries(t *testing.T) {
	keys := newKeys(t)
	token, err := keys.SignTransfer("an-id")
	require.NoError(t, err)
	id, err := VerifyTransfer(t.Context(), keys, []byte(token))
	require.NoError(t, err)
	require.Equal(t, "an-id", id)
	aTicket, err := keys.SignEntry(entry())
	require.NoError(t, err)
	for name, bad := range map[string]string{"empty": "", "rubbish": "a.b.c", "cut": token[:len(token)-1], "a ticket": aTicket} {
		_, err := VerifyTransfer(t.Context(), keys, []byte(bad))
		require.ErrorIs(t, err, ErrTransferInvalid, name)
	}
	_, err = VerifyTransfer(t.Context(), newKeys(t), []byte(token))
	require.ErrorIs(t, err, ErrTransferInvalid)
}
