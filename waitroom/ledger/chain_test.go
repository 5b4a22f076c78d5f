package ledger_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom/ledger"
)

func TestLinesOutOfTheirPlaceAreSeen(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	tokens := signed(t, keys, good())
	n := int64(len(tokens))
	for i := range n {
		out := slices.Delete(slices.Clone(tokens), int(i), int(i)+1)
		_, err := ledger.Verify(t.Context(), keys, out)
		if i == n-1 {
			require.NoError(t, err, "an earlier copy of the ledger is a ledger")
		} else {
			brokenAt(t, err, i+1, "seq")
		}
		_, err = ledger.Verify(t.Context(), keys, slices.Insert(slices.Clone(tokens), int(i), tokens[i]))
		brokenAt(t, err, i+2, "seq")
		if i > 0 {
			swapped := slices.Clone(tokens)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			_, err = ledger.Verify(t.Context(), keys, swapped)
			brokenAt(t, err, i, "seq")
		}
		foreign := slices.Clone(tokens)
		line, err := ledger.Decode(t.Context(), keys, tokens[i])
		require.NoError(t, err)
		foreign[i], err = ledger.Sign(authtest.Keys(t), line)
		require.NoError(t, err)
		_, err = ledger.Verify(t.Context(), keys, foreign)
		brokenAt(t, err, i+1, "signature")
		require.ErrorContains(t, err, "not known")
	}
}

func TestAForkIsSeen(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	ours := signed(t, keys, good())
	other := good()
	other[4].Waiting++ // as good a ledger as the first
	fork := signed(t, keys, other)
	a, err := ledger.Verify(t.Context(), keys, ours)
	require.NoError(t, err)
	b, err := ledger.Verify(t.Context(), keys, fork)
	require.NoError(t, err)
	require.NotEqual(t, a.Head, b.Head, "two copies of a fork have two heads")
	brokenAt(t, a.Agree(b), 11, "hash")
	early := func(tokens []string, from, to int) *ledger.Report {
		v := ledger.NewVerifier(keys, true)
		for _, token := range tokens[from-1 : to] {
			require.NoError(t, v.Add(t.Context(), token))
		}
		r, err := v.Report()
		require.NoError(t, err)
		return r
	}
	require.NoError(t, a.Agree(early(ours, 1, 5)))
	require.NoError(t, early(ours, 3, 5).Agree(a))
	require.NoError(t, a.Agree(early(fork, 1, 4)), "before the fork they are one")
	brokenAt(t, a.Agree(early(fork, 1, 5)), 5, "hash")
	brokenAt(t, early(fork, 2, 6).Agree(a), 6, "hash")
	require.ErrorIs(t, early(ours, 1, 3).Agree(early(ours, 4, 6)), ledger.ErrDocument)
	for seq := range int64(13) {
		want := ""
		if seq >= 1 && seq <= 11 {
			want = ledger.Hash(ours[seq-1])
		}
		require.Equal(t, want, a.HashAt(seq))
	}
	for at := 5; at < len(ours); at++ {
		_, err := ledger.Verify(t.Context(), keys, append(slices.Clone(ours[:at]), fork[at:]...))
		brokenAt(t, err, int64(at+1), "prev")
	}
}
