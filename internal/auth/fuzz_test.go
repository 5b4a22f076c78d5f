package auth

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The claims of a token are bent as well as its text: else a fuzzer never gets past the signature.

func FuzzVerifyTicket(f *testing.F) {
	keys := newKeys(f)
	token, err := keys.SignTicket(Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: now, EstimateLow: 3, EstimateHigh: 4})
	require.NoError(f, err)
	f.Add([]byte(token), []byte(`{"room":"arena","epoch":1,"num":9,"jat":5,"el":3,"eh":4}`))
	f.Add([]byte("e30.e30."), []byte(`{"room":"arena","epoch":1,"num":9,"jat":5}`))
	f.Fuzz(func(t *testing.T, b, claims []byte) {
		if agree(t, keys, b) && string(b) != token {
			t.Fatalf("a forged ticket passed: %q", b)
		}
		agree(t, keys, []byte(handMade(keys, header(keys), string(claims))))
	})
}

func FuzzVerifyReceipt(f *testing.F) {
	keys := newKeys(f)
	token, err := keys.SignReceipt(Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: now})
	require.NoError(f, err)
	f.Add([]byte(token), []byte(`{"room":"arena","epoch":1,"num":9,"jat":5}`))
	f.Add([]byte("e30.e30."), []byte(`{"room":"arena","epoch":1,"num":9,"jat":5,"el":3,"eh":4}`))
	f.Fuzz(func(t *testing.T, b, claims []byte) {
		_, err := VerifyReceipt(t.Context(), keys, b)
		if err == nil && string(b) != token || err != nil && !errors.Is(err, ErrReceiptInvalid) {
			t.Fatalf("%q: %v", b, err)
		}
		// Whatever is accepted is signed to the very same text again.
		own, err := keys.sign(receiptType, json.RawMessage(claims))
		if err != nil {
			return // not JSON at all
		}
		got, err := VerifyReceipt(t.Context(), keys, []byte(own))
		if err != nil {
			if !errors.Is(err, ErrReceiptInvalid) {
				t.Fatalf("%q: an error of another type: %v", claims, err)
			}
			return
		}
		if again, err := keys.SignReceipt(got); err != nil || again != own || got.Number <= 0 {
			t.Fatalf("%q was read as %+v", claims, got)
		}
	})
}

// checkpoint stands for the line of a ledger.
type checkpoint struct {
	Seq    int64  `json:"seq"`
	Prev   string `json:"prev"`
	Issued int64  `json:"issued,omitempty"`
}

func FuzzVerifyCheckpoint(f *testing.F) {
	keys := newKeys(f)
	token, err := keys.SignCheckpoint(checkpoint{Seq: 1, Prev: "ab", Issued: 5})
	require.NoError(f, err)
	f.Add([]byte(token), []byte(`{"seq":1,"prev":"ab","issued":5}`))
	f.Add([]byte("e30.e30."), []byte(`{"seq":1,"seq":2,"prev":"\ud800"}`))
	f.Fuzz(func(t *testing.T, b, claims []byte) {
		var c checkpoint
		err := VerifyCheckpoint(t.Context(), keys, b, &c)
		if err == nil && string(b) != token || err != nil && !errors.Is(err, ErrCheckpointInvalid) {
			t.Fatalf("%q: %v", b, err)
		}
		own, err := keys.SignCheckpoint(json.RawMessage(claims))
		if err != nil {
			return
		}
		c = checkpoint{}
		if err := VerifyCheckpoint(t.Context(), keys, []byte(own), &c); err != nil {
			if !errors.Is(err, ErrCheckpointInvalid) {
				t.Fatalf("%q: an error of another type: %v", claims, err)
			}
			return
		}
		if again, err := keys.SignCheckpoint(c); err != nil || again != own {
			t.Fatalf("%q was read as %+v", claims, c)
		}
	})
}

func FuzzVerifyEntry(f *testing.F) {
	keys := newKeys(f)
	token, err := keys.SignEntry(entry())
	require.NoError(f, err)
	f.Add([]byte(token), []byte(`{"iss":"anteroom","sub":"x","show":"arena","seat":"A \u00b7 1","start":5}`))
	f.Add([]byte("eyJhbGciOiJub25lIn0.e30."), []byte(`{"iss":"anteroom","sub":"x","sub":"y","show":"arena","start":1e3}`))
	f.Fuzz(func(t *testing.T, b, claims []byte) {
		_, err := VerifyEntry(t.Context(), keys, b)
		if err == nil && string(b) != token || err != nil && !errors.Is(err, ErrEntryInvalid) {
			t.Fatalf("%q: %v", b, err)
		}
		own, err := keys.sign(entryType, json.RawMessage(claims))
		if err != nil {
			return
		}
		got, err := VerifyEntry(t.Context(), keys, []byte(own))
		if err != nil {
			if !errors.Is(err, ErrEntryInvalid) {
				t.Fatalf("%q: an error of another type: %v", claims, err)
			}
			return
		}
		if again, err := keys.SignEntry(got); err != nil || again != own || got.ID == "" {
			t.Fatalf("%q was read as %+v", claims, got)
		}
	})
}

func FuzzParseJWKS(f *testing.F) {
	keys := newKeys(f)
	token, err := keys.SignReceipt(Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: time.UnixMilli(1)})
	require.NoError(f, err)
	f.Add(keys.PublicJWKS())
	f.Add([]byte(`{"keys":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		set, err := ParseJWKS(b)
		if err != nil {
			return
		}
		if len(set.(fixedKeys)) == 0 {
			t.Fatalf("%q: an empty set passed", b)
		}
		_, _ = VerifyReceipt(t.Context(), set, []byte(token)) // must not panic with whatever key it is
	})
}
