package draw

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/fault"
)

// wrong asserts that err is of kind and names exactly these fields, in its Fields and in its text.
func wrong(t require.TestingT, err error, kind *fault.Error, fields ...string) {
	require.ErrorIs(t, err, kind)
	var names []string
	for _, f := range fault.From(err).Fields {
		names = append(names, f.Name)
		require.ErrorContains(t, err, f.Name+" "+f.Message)
	}
	require.Equal(t, fields, names, "%v", err)
}

func TestEntrants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 70_000).Draw(t, "n")
		present := map[int64]bool{}
		if n > 0 {
			for _, number := range rapid.SliceOf(rapid.Int64Range(1, n)).Draw(t, "present") {
				present[number] = true
			}
		}
		numbers := make([]int64, 0, len(present))
		for number := range present {
			numbers = append(numbers, number)
		}
		bitmap := bitmapOf(n, numbers...)
		e, err := NewEntrants(n, bytes.TrimRight(bitmap, "\x00")) // as Redis gives it: it ends with the last one set
		require.NoError(t, err)
		longer, err := NewEntrants(n, append(bitmap, 0, 0, 0))
		require.NoError(t, err)
		require.Equal(t, e, longer)
		require.Equal(t, n, e.N())
		require.EqualValues(t, len(present), e.Count())
		require.Equal(t, bitmap, e.Bitmap()[:len(bitmap)])
		for number := int64(-1); number <= n+20; number += max(1, n/100) {
			require.Equal(t, present[number], e.Has(number))
		}
		again, err := OpenEntrants(n, e.Gzip())
		require.NoError(t, err)
		require.Equal(t, e, again)
		require.Equal(t, plainRoot(n, e.Bitmap()), e.Root())
	})
}

// plainRoot is the root as RFC 6962 §2.1 defines a tree, by recursion on the greatest power of two below its size.
func plainRoot(n int64, bitmap []byte) Hash {
	var hash func(from, to int64) []byte
	hash = func(from, to int64) []byte {
		h := sha256.New()
		if to-from == 1 {
			h.Write([]byte{0})
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(from)))
			h.Write(append(bitmap[from*1024:min((from+1)*1024, int64(len(bitmap)))], make([]byte, max(0, (from+1)*1024-int64(len(bitmap))))...))
		} else {
			half := from + int64(1)<<(bits.Len64(uint64(to-from-1))-1)
			h.Write([]byte{1})
			h.Write(hash(from, half))
			h.Write(hash(half, to))
		}
		return h.Sum(nil)
	}
	h := sha256.New()
	h.Write([]byte{2})
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	h.Write(hash(0, (int64(len(bitmap))+1023)/1024))
	return Hash(h.Sum(nil))
}

func TestEntrantsRefuse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n      int64
		bitmap []byte
		field  string
	}{
		"bit 0":                 {10, []byte{0x80}, "entrants"},
		"bit n+1":               {10, bitmapOf(11, 11), "entrants"},
		"a bit far beyond":      {10, bitmapOf(100, 100), "entrants"},
		"somebody among nobody": {0, []byte{0x40}, "entrants"},
		"less than nobody":      {-1, nil, "n"},
		"more than anybody":     {MaxNumbers + 1, nil, "n"},
	} {
		_, err := NewEntrants(c.n, c.bitmap)
		require.Error(t, err, name)
		wrong(t, err, ErrDocument, c.field)
	}
}

func TestOpenEntrantsRefuses(t *testing.T) {
	t.Parallel()
	pack := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, err := w.Write(b)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return out.Bytes()
	}
	good := pack(make([]byte, 126)) // of 1000 numbers
	for name, c := range map[string]struct {
		n      int64
		packed []byte
		field  string
	}{
		"nothing":              {1000, nil, "entrants"},
		"no gzip":              {1000, []byte("plain"), "entrants"},
		"cut off":              {1000, good[:len(good)-1], "entrants"},
		"a wrong checksum":     {1000, append(bytes.Clone(good[:len(good)-8]), 1, 2, 3, 4, 126, 0, 0, 0), "entrants"},
		"too short":            {1000, pack(make([]byte, 125)), "entrants"},
		"too long":             {1000, pack(make([]byte, 127)), "entrants"},
		"a bomb":               {1000, pack(make([]byte, 8<<20)), "entrants"},
		"a second stream":      {1000, append(bytes.Clone(good), good...), "entrants"},
		"an empty stream more": {1000, append(bytes.Clone(good), pack(nil)...), "entrants"},
		"more than anybody":    {MaxNumbers + 1, good, "n"},
		"less than nobody":     {-1, good, "n"},
	} {
		_, err := OpenEntrants(c.n, c.packed)
		require.Error(t, err, name)
		wrong(t, err, ErrDocument, c.field)
	}
	_, err := OpenEntrants(1000, good)
	require.NoError(t, err)
}

// A bomb of 16 MB may not cost what it unpacks to: reading stops one byte after the bitmap of n. (Not parallel: it counts
// what the whole program allocates.)
func TestOpenEntrantsIsBounded(t *testing.T) {
	const unpacked = 16 << 20
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(make([]byte, unpacked))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	cost := func(n int64) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := OpenEntrants(n, out.Bytes())
		runtime.ReadMemStats(&after)
		require.Equal(t, n < 8*unpacked-8, err != nil)
		return after.TotalAlloc - before.TotalAlloc
	}
	assert.Less(t, cost(1000), uint64(1<<20))
	assert.Greater(t, cost(8*unpacked-1), uint64(unpacked), "the control: when n allows it, it is unpacked")
}

// Any bit and N itself change the root: otherwise who may still choose them could roll the dice again.
func TestRootFixesEveryBitAndN(t *testing.T) {
	t.Parallel()
	e := entrants(t)
	seen := map[Hash]string{e.Root(): "the entrants themselves"}
	add := func(what string, n int64, bitmap []byte) {
		other, err := NewEntrants(n, bitmap)
		require.NoError(t, err)
		require.NotContains(t, seen, other.Root(), what)
		seen[other.Root()] = what
	}
	for number := int64(1); number <= e.N(); number += 97 {
		bent := bytes.Clone(e.Bitmap())
		bent[number/8] ^= 0x80 >> (number % 8)
		add("a bit", e.N(), bent)
	}
	for _, n := range []int64{1, 2, 8, 8192, 16384} {
		add("n", e.N()+n, e.Bitmap())
	}
	// Pages that swap their places are other people.
	swapped := bytes.Clone(e.Bitmap())
	copy(swapped[1024:2048], e.Bitmap()[:1024])
	copy(swapped[:1024], e.Bitmap()[1024:2048])
	swapped[0] &= 0x7f
	add("pages", e.N(), swapped)
}
