package drawing

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The waiting room keeps a drawn document and test vectors beside its own implementation, which hold it to what has been published. They are read here
// as data: both implementations have to come to them.
const published = "../../waitroom/draw/testdata/"

func parsed(t *testing.T, path string) *Document {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	d, err := Parse(text)
	require.NoError(t, err)
	return d
}

func TestThePublishedDocumentHolds(t *testing.T) {
	t.Parallel()
	d, err := Open(parsed(t, published+"drawn.json"), nil)
	require.NoError(t, err)
	require.EqualValues(t, 20_000, d.N(), "several pages, so that there is a tree")
	require.Empty(t, d.Wrong())
}

func TestThePublishedVectorsHold(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(published + "vectors.json")
	require.NoError(t, err)
	var vectors struct {
		Commitment, Key Digest
		Ranks           []struct {
			Key   Digest
			N     int64
			Ranks map[int64]int64
		}
	}
	require.NoError(t, json.Unmarshal(text, &vectors))
	d := parsed(t, published+"drawn.json")
	require.Equal(t, vectors.Commitment, Commitment(d.Seed, d.Room, d.Epoch, d.BeaconName))
	require.Equal(t, vectors.Key, Key(d.Seed, d.EntrantsRoot, d.BeaconName, d.BeaconValue, d.Room, d.Epoch, d.N))
	require.NotEmpty(t, vectors.Ranks)
	for _, v := range vectors.Ranks {
		require.NotEmpty(t, v.Ranks)
		order := NewOrder(v.Key, v.N)
		for number, rank := range v.Ranks {
			require.Equal(t, rank, order.Rank(number), "number %d of %d", number, v.N)
		}
	}
}
