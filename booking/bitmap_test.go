package booking

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBitmapIsLeastSignificantBitFirst(t *testing.T) {
	b := NewBitmap(10)
	b.Set(0)
	b.Set(9)
	require.Equal(t, Bitmap{0b00000001, 0b00000010}, b)
	require.True(t, b.Get(9))
	require.False(t, b.Get(8))

	body, err := json.Marshal(b)
	require.NoError(t, err)
	require.JSONEq(t, `"AQI="`, string(body), "base64 in JSON, as the contract says")
}
