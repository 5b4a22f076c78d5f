package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/service"
	"anteroom/waitroom/ledger"
)

// ledgerFiles are a ledger of six lines, ten numbers and ten seconds a line, and what goes with it.
type ledgerFiles struct {
	dir    string
	keys   *auth.Keys
	tokens []string
}

func (f *ledgerFiles) write(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(f.dir, name)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

func (f *ledgerFiles) page(t *testing.T, name string, from, to int) string {
	t.Helper()
	text, err := json.Marshal(ledger.Document{Room: "arena", From: int64(from), Next: int64(to + 1), Lines: f.tokens[from-1 : to]})
	require.NoError(t, err)
	return f.write(t, name, text)
}

func (f *ledgerFiles) receipt(t *testing.T, number, second int64) string {
	t.Helper()
	receipt, err := f.keys.SignReceipt(auth.Ticket{Room: "arena", Epoch: 1, Number: number, JoinedAt: time.UnixMilli(1e12 + second*1000)})
	require.NoError(t, err)
	return receipt
}

func writeLedger(t *testing.T, waiting int64) *ledgerFiles {
	t.Helper()
	f := &ledgerFiles{dir: t.TempDir()}
	f.keys = authtest.KeysIn(t, filepath.Join(f.dir, "keys.json"))
	f.sign(t, waiting)
	return f
}

func (f *ledgerFiles) sign(t *testing.T, waiting int64) {
	t.Helper()
	f.tokens = nil
	var prev ledger.Line
	for i := range int64(6) {
		token := ""
		if i > 0 {
			token = f.tokens[i-1]
		}
		prev = ledger.Next(token, prev, ledger.Line{
			Room: "arena", Epoch: 1, At: 1e12 + i*10_000, Issued: i * 10, Waiting: min(waiting, i*10), Mode: "hold", Method: "fifo", RatePerMinute: 60, MaxActive: 5,
		})
		token, err := ledger.Sign(f.keys, prev)
		require.NoError(t, err)
		f.tokens = append(f.tokens, token)
	}
}

func TestVerifyLedger(t *testing.T) {
	t.Parallel()
	f := writeLedger(t, 3)
	jwks := f.write(t, "jwks.json", f.keys.PublicJWKS())
	whole := f.page(t, "whole.json", 1, 6)
	rows := f.write(t, "rows.ndjson", []byte(strings.Join(f.tokens, "\n")+"\n"))
	head, tail := f.page(t, "head.json", 1, 4), f.page(t, "tail.json", 5, 6)
	one := f.write(t, "one.json", []byte(`{"receipt":"`+f.receipt(t, 7, 5)+`"}`))
	more := f.write(t, "more", []byte(f.receipt(t, 8, 5)+"\n\n"+f.receipt(t, 11, 14)+"\n"))
	backDated := f.write(t, "back-dated", []byte(f.receipt(t, 11, 5)))
	late := f.write(t, "late", []byte(f.receipt(t, 51, 55)))
	contrary := f.write(t, "contrary", []byte(f.receipt(t, 6, 6)))
	torn := f.write(t, "torn.ndjson", []byte(strings.Join(append([]string{f.tokens[0]}, f.tokens[2:]...), "\n")))
	empty := f.write(t, "empty", nil)
	strangers := writeLedger(t, 3)
	foreign := strangers.write(t, "jwks.json", strangers.keys.PublicJWKS())
	f.sign(t, 4)
	fork := f.page(t, "fork.json", 1, 6)

	verify := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := verifyLedger(args, &out)
		return out.String(), err
	}
	for _, args := range [][]string{
		{whole, "--jwks", jwks}, {"--jwks", jwks, rows}, {head, tail, "--jwks", jwks}, {head, "--jwks", jwks, "--", tail},
		{whole, "--jwks", jwks, "--receipt", one + "," + more, "--earlier", head + "," + tail},
	} {
		out, err := verify(args...)
		require.NoError(t, err, args)
		assert.Contains(t, out, "lines 1 to 6", args)
	}
	out, err := verify(whole, "--jwks", jwks, "--receipt", one+","+more, "--earlier", head)
	require.NoError(t, err)
	assert.Contains(t, out, "Earlier copies that agree: 1. Receipts that fit: 3.")
	out, err = verify(tail, "--part", "--jwks", jwks)
	require.NoError(t, err)
	assert.Contains(t, out, "begins at line 5")

	for _, c := range []struct {
		args []string
		why  string
	}{
		{[]string{tail, "--jwks", jwks}, "line 1, seq"},
		{[]string{torn, "--jwks", jwks}, "line 2, seq"},
		{[]string{tail, head, "--part", "--jwks", jwks}, "line 7, seq"},
		{[]string{whole, "--jwks", foreign}, "line 1, signature"},
		{[]string{whole, "--jwks", jwks, "--earlier", fork}, "forked"},
		{[]string{whole, "--jwks", jwks, "--receipt", backDated}, "number"},
		{[]string{whole, "--jwks", jwks, "--receipt", late}, "not-covered"},
		{[]string{whole, "--jwks", jwks, "--receipt", one + "," + contrary}, "joined_at"},
		{[]string{whole, "--jwks", jwks, "--receipt", whole}, "row 1"},
		{[]string{whole, "--jwks", jwks, "--receipt", empty}, "no receipt"},
		{[]string{empty, "--jwks", jwks}, "empty"},
		{[]string{jwks, "--jwks", jwks}, "unknown"},
		{[]string{whole, "--jwks", whole}, "JWK"},
		{[]string{whole, "--jwks", filepath.Join(f.dir, "keys.json")}, "secret"},
		{[]string{whole + "x", "--jwks", jwks}, "no such file"},
		{[]string{whole, "--jwks", jwks + "x"}, "no such file"},
		{[]string{whole, "--jwks", jwks, "--receipt", one + "x"}, "no such file"},
	} {
		out, err := verify(c.args...)
		require.ErrorContains(t, err, c.why, c.args)
		assert.Equal(t, 1, service.ExitCode(err), c.args)
		assert.Empty(t, out, "nothing is said to hold: %v", c.args)
	}
	for _, bad := range [][]string{{}, {whole}, {"--jwks", jwks}, {whole, "--nonsense"}, {whole, "--part=maybe", "--jwks", jwks}} {
		_, err := verify(bad...)
		assert.ErrorIs(t, err, service.ErrUsage, bad)
	}
	_, err = verify("--help")
	assert.ErrorIs(t, err, flag.ErrHelp)
}
