package waitroom_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

func TestMoveCodesAreReadAsTheyWereMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		epoch, number := rapid.Int64Min(0).Draw(t, "epoch"), rapid.Int64Min(1).Draw(t, "number")
		made, err := waitroom.NewMoveCode(epoch, number)
		require.NoError(t, err)
		read, err := waitroom.ParseMoveCode(made.String())
		require.NoError(t, err)
		require.Equal(t, made, read)
		other, err := waitroom.NewMoveCode(epoch, number)
		require.NoError(t, err)
		require.NotEqual(t, made.Digest(), other.Digest())
		require.NotContains(t, made.Digest(), made.String())
	})
}

func FuzzParseMoveCode(f *testing.F) {
	good, err := waitroom.NewMoveCode(1_795_365_189_123, 7)
	require.NoError(f, err)
	for _, text := range []string{"", good.String(), good.String() + "A", good.String()[1:], strings.Repeat("_", 48), strings.Repeat("A", 32), "%2e%2e", good.String() + "\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := waitroom.ParseMoveCode(text)
		if err != nil {
			require.ErrorIs(t, err, waitroom.ErrMoveSpent)
			return
		}
		if c.Number < 1 || c.Epoch < 0 || c.String() != text {
			t.Fatalf("%q was read as %+v", text, c)
		}
	})
}
