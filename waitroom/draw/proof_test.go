package draw

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProof(t *testing.T) {
	t.Parallel()
	// 1 to 9 pages: every way in which neighbours can be missing.
	for count := int64(1); count <= 9; count++ {
		n := count*8*PageSize - 1
		var there []int64
		for number := int64(1); number <= n; number += 5 {
			there = append(there, number)
		}
		e, err := NewEntrants(n, bitmapOf(n, there...))
		require.NoError(t, err)
		for number := int64(1); number <= n; number += 1021 {
			proof, err := e.Prove(number)
			require.NoError(t, err)
			text, err := json.Marshal(proof)
			require.NoError(t, err)
			var read Proof
			require.NoError(t, json.Unmarshal(text, &read))
			present, err := read.Check(e.Root())
			require.NoError(t, err)
			require.Equal(t, e.Has(number), present, "number %d of %d", number, n)
		}
		for _, number := range []int64{-1, 0, n + 1} {
			_, err := e.Prove(number)
			wrong(t, err, ErrDocument, "number")
		}
	}
}

func TestProofBent(t *testing.T) {
	t.Parallel()
	e := entrants(t)
	root := e.Root()
	for name, c := range map[string]struct {
		bend  func(*Proof)
		field string
	}{
		"a bit of the page":         {func(p *Proof) { p.Page[500] ^= 1 }, "page"},
		"a bit of the path":         {func(p *Proof) { p.Path[0][3] ^= 1 }, "page"},
		"another page's number":     {func(p *Proof) { p.Number += 8 * PageSize }, "path"},
		"another page alike":        {func(p *Proof) { p.Number -= 8 * PageSize }, "page"},
		"another n on as many":      {func(p *Proof) { p.N++ }, "page"},
		"another n":                 {func(p *Proof) { p.N *= 8 }, "path"},
		"a number beyond":           {func(p *Proof) { p.Number = p.N + 1 }, "number"},
		"nobody's number":           {func(p *Proof) { p.Number = 0 }, "number"},
		"an absurd n":               {func(p *Proof) { p.N = 1 << 62 }, "n"},
		"a path that is too short":  {func(p *Proof) { p.Path = p.Path[1:] }, "path"},
		"a path that is too long":   {func(p *Proof) { p.Path = append(p.Path, Hash{}) }, "path"},
		"a page that is too short":  {func(p *Proof) { p.Page = p.Page[1:] }, "page"},
		"a page that is too long":   {func(p *Proof) { p.Page = append(p.Page, 0) }, "page"},
		"hashes that swapped sides": {func(p *Proof) { p.Path[0], p.Path[1] = p.Path[1], p.Path[0] }, "page"},
	} {
		proof, err := e.Prove(10_000) // on the second of three pages
		require.NoError(t, err)
		proof.Page, proof.Path = bytes.Clone(proof.Page), slices.Clone(proof.Path)
		c.bend(&proof)
		present, err := proof.Check(root)
		require.Error(t, err, name)
		wrong(t, err, ErrProof, c.field)
		assert.False(t, present)
	}
	proof, err := e.Prove(1)
	require.NoError(t, err)
	_, err = proof.Check(Hash{1})
	wrong(t, err, ErrProof, "page")
}
