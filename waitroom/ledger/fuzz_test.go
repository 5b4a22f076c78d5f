package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom/ledger"
)

// FuzzDecode bends the text of a signed line, and the claims under a good signature: else it never got past the signature.
func FuzzDecode(f *testing.F) {
	keys := authtest.Keys(f)
	tokens := signed(f, keys, good())
	line, err := ledger.Decode(f.Context(), keys, tokens[9])
	require.NoError(f, err)
	claims, err := json.Marshal(line)
	require.NoError(f, err)
	f.Add(tokens[9], claims)
	f.Add("e30.e30.", []byte(`{"room":"arena","epoch":1,"seq":1,"at":1,"prev":""}`))
	f.Fuzz(func(t *testing.T, token string, claims []byte) {
		if _, err := ledger.Decode(t.Context(), keys, token); err == nil && token != tokens[9] || err != nil && !errors.Is(err, ledger.ErrLine) {
			t.Fatalf("%q: %v", token, err)
		}
		own, err := keys.SignCheckpoint(json.RawMessage(claims))
		if err != nil {
			return // no JSON, or too long
		}
		line, err := ledger.Decode(t.Context(), keys, own)
		if err != nil {
			if !errors.Is(err, ledger.ErrLine) {
				t.Fatalf("%q: an error of another type: %v", claims, err)
			}
			return
		}
		// One line has one text.
		if again, err := ledger.Sign(keys, line); err != nil || again != own {
			t.Fatalf("%q was read as %+v (%v)", claims, line, err)
		}
		if _, err := ledger.Verify(t.Context(), keys, []string{own}); (err == nil) != (line.Seq == 1) {
			t.Fatalf("%q: %v", claims, err)
		}
	})
}

// FuzzRead bends files and documents.
func FuzzRead(f *testing.F) {
	keys := authtest.Keys(f)
	f.Add([]byte(`{"room":"arena","from":1,"next":3,"lines":["a.b.c","d.e.f"]}`))
	f.Add([]byte("a.b.c\n\"d.e.f\"\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ledger.Read(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ledger.ErrDocument) {
				t.Fatalf("an error of another type: %v", err)
			}
			return
		}
		for _, line := range d.Lines {
			if line == "" || len(line) > ledger.MaxLine {
				t.Fatalf("a line of %d bytes passed", len(line))
			}
		}
		if d.Room != "" { // a document: what was read is written and read again as the same
			again, err := json.Marshal(d)
			require.NoError(t, err)
			same, err := ledger.ParseDocument(again)
			require.NoError(t, err)
			require.Equal(t, d, same)
		}
		if err := ledger.NewVerifier(keys, true).AddDocument(t.Context(), d); len(d.Lines) > 0 && !errors.Is(err, ledger.ErrBroken) {
			t.Fatalf("lines that nobody signed passed: %v", err)
		}
	})
}
