package auth

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAShadowTicketEndsWithItsKey as a ticket does: at the end of what a rotation leaves the old key, and not before. Both are told to be of another key
// alike.
func TestAShadowTicketEndsWithItsKey(t *testing.T) {
	t.Parallel()
	path := keyFile(t)
	old := load(t, path)
	place := Ticket{Room: "arena", Epoch: 1, Number: 7, JoinedAt: time.Now()}
	ticket, err := old.SignTicket(place)
	require.NoError(t, err)
	shadow, err := old.SignShadow(place)
	require.NoError(t, err)
	require.NoError(t, RotateKeys(path, Rotation{Lead: time.Hour, Overlap: time.Hour}))
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		exp  int64
		good bool
	}{"within the overlap": {time.Now().Add(time.Hour).Unix(), true}, "after it": {time.Now().Add(-time.Hour).Unix(), false}} {
		var set struct {
			Keys []map[string]any `json:"keys"`
		}
		require.NoError(t, json.Unmarshal(body, &set))
		for _, key := range set.Keys {
			if key["exp"] != nil {
				key["exp"] = c.exp
			} else {
				key["nbf"] = time.Now().Add(-2 * time.Hour).Unix()
			}
		}
		text, err := json.Marshal(set)
		require.NoError(t, err)
		k, err := ParseKeys(text)
		require.NoError(t, err, name)
		_, a := k.VerifyTicket([]byte(ticket), "arena")
		_, b := k.VerifyShadow([]byte(shadow), "arena")
		assert.Equal(t, []bool{c.good, c.good}, []bool{a == nil, b == nil}, "%s: %v, %v", name, a, b)
		assert.True(t, k.Outdated([]byte(ticket)), name)
		assert.True(t, k.Outdated([]byte(shadow)), name)
	}
}
