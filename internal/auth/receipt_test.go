package auth

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func TestReceiptRoundTripAndForgeries(t *testing.T) {
	keys := newKeys(t)
	place := Ticket{Room: "arena", Epoch: 3, Number: 41, JoinedAt: time.UnixMilli(now.UnixMilli()), EstimateLow: 5, EstimateHigh: 9}
	token, err := keys.SignReceipt(place)
	require.NoError(t, err)
	published, err := ParseJWKS(keys.PublicJWKS())
	require.NoError(t, err)
	got, err := VerifyReceipt(t.Context(), published, []byte(token))
	require.NoError(t, err)
	place.EstimateLow, place.EstimateHigh = 0, 0
	require.Equal(t, place, got, "the estimate is not in it")

	others, err := ParseJWKS(newKeys(t).PublicJWKS())
	require.NoError(t, err)
	_, err = VerifyReceipt(t.Context(), others, []byte(token))
	require.ErrorIs(t, err, ErrReceiptInvalid)
	_, err = VerifyReceipt(t.Context(), NewRemoteKeys("http://127.0.0.1:1/"), []byte(token))
	require.ErrorIs(t, err, errKeysUnavailable, "that says nothing about the receipt")

	_, stranger, _ := ed25519.GenerateKey(nil)
	foreign := func(in []byte) []byte { return ed25519.Sign(stranger, in) }
	own := func(in []byte) []byte {
		var private ed25519.PrivateKey
		require.NoError(t, keys.signer().key.Raw(&private))
		return ed25519.Sign(private, in)
	}
	head := func(alg, kid, typ string) map[string]any { return map[string]any{"alg": alg, "kid": kid, "typ": typ} }
	ticket, err := keys.SignTicket(place)
	require.NoError(t, err)
	aPass, err := keys.SignPass(pass())
	require.NoError(t, err)
	check, err := keys.SignCheckpoint(place.statement())
	require.NoError(t, err)
	forged := map[string]string{
		"empty": "", "rubbish": "rubbish", "two dots": "..", "cut": token[:len(token)-1], "longer": token + "A", "line end": token + "\n",
		"padded": token + "==", "unsigned": token[:strings.LastIndexByte(token, '.')+1], "over-long": strings.Repeat("a", maxToken+1),
		"ticket": ticket, "pass": aPass, "checkpoint": check,
		"foreign key":         forge(head("EdDSA", keys.signer().id, receiptType), place.claims(), foreign),
		"none":                forge(head("none", keys.signer().id, receiptType), place.claims(), func([]byte) []byte { return nil }),
		"ticket key":          forge(head("HS256", keys.signer().id, receiptType), place.claims(), own),
		"an estimate in it":   forge(head("EdDSA", keys.signer().id, receiptType), Ticket{Room: "arena", Epoch: 3, Number: 41, JoinedAt: now, EstimateLow: 1}.claims(), own),
		"number 0":            forge(head("EdDSA", keys.signer().id, receiptType), Ticket{Room: "arena", Epoch: 3, JoinedAt: now}.claims(), own),
		"no room":             forge(head("EdDSA", keys.signer().id, receiptType), Ticket{Epoch: 3, Number: 41, JoinedAt: now}.claims(), own),
		"a member more":       forge(head("EdDSA", keys.signer().id, receiptType), map[string]any{"room": "arena", "epoch": 3, "num": 41, "jat": 5, "x": 1}, own),
		"members out of turn": forge(head("EdDSA", keys.signer().id, receiptType), map[string]any{"room": "arena", "epoch": 3, "num": 41, "jat": 5}, own),
	}
	for name, bad := range forged {
		_, err := VerifyReceipt(t.Context(), keys, []byte(bad))
		require.ErrorIs(t, err, ErrReceiptInvalid, name)
	}
	_, err = VerifyReceipt(t.Context(), keys, []byte(forge(head("EdDSA", keys.signer().id, receiptType), place.claims(), own)))
	require.NoError(t, err, "the control: by hand, with the right key and type")
	for i := range token {
		b := []byte(token)
		b[i] ^= 0x01
		_, err := VerifyReceipt(t.Context(), keys, b)
		require.ErrorIs(t, err, ErrReceiptInvalid, "byte %d", i)
	}
}

func TestCheckpointRoundTripAndForgeries(t *testing.T) {
	keys := newKeys(t)
	want := checkpoint{Seq: 7, Prev: "00ff", Issued: 12}
	token, err := keys.SignCheckpoint(want)
	require.NoError(t, err)
	var got checkpoint
	require.NoError(t, VerifyCheckpoint(t.Context(), keys, []byte(token), &got))
	require.Equal(t, want, got)

	require.ErrorIs(t, VerifyCheckpoint(t.Context(), newKeys(t), []byte(token), &checkpoint{}), ErrCheckpointInvalid)
	receipt, err := keys.SignReceipt(Ticket{Room: "arena", Epoch: 1, Number: 1, JoinedAt: now})
	require.NoError(t, err)
	require.ErrorIs(t, VerifyCheckpoint(t.Context(), keys, []byte(receipt), &checkpoint{}), ErrCheckpointInvalid)
	more, err := keys.SignCheckpoint(map[string]any{"seq": 7, "prev": "", "x": 1})
	require.NoError(t, err)
	require.ErrorContains(t, VerifyCheckpoint(t.Context(), keys, []byte(more), &checkpoint{}), "claims")
	require.ErrorIs(t, VerifyCheckpoint(t.Context(), keys, []byte(token[:len(token)-1]+"="), &checkpoint{}), ErrCheckpointInvalid)
	for i := range token {
		b := []byte(token)
		b[i] ^= 0x01
		require.ErrorIs(t, VerifyCheckpoint(t.Context(), keys, b, &checkpoint{}), ErrCheckpointInvalid, "byte %d", i)
	}
	_, err = keys.SignCheckpoint(checkpoint{Prev: strings.Repeat("a", maxToken)})
	require.ErrorContains(t, err, "more than")
	require.Equal(t, fault.Invalid, ErrCheckpointInvalid.Code)
}
