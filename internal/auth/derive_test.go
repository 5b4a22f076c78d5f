package auth

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDerive: who has the same key file derives the same, for one purpose something else than for another, and nobody else does.
func TestDerive(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	_, err := InitKeys(file)
	require.NoError(t, err)
	body, err := os.ReadFile(file)
	require.NoError(t, err)
	one, err := ParseKeys(body)
	require.NoError(t, err)
	other, err := ParseKeys(body)
	require.NoError(t, err)
	assert.Equal(t, one.Derive("a"), other.Derive("a"))
	assert.Len(t, one.Derive("a")[0], 32)
	assert.NotEqual(t, one.Derive("a"), one.Derive("b"))
	var secret []byte
	require.NoError(t, current(one.set.Load().tickets).key.Raw(&secret))
	assert.False(t, bytes.Contains(one.Derive("a")[0], secret[:8]))
	stranger := filepath.Join(t.TempDir(), "keys.json")
	_, err = InitKeys(stranger)
	require.NoError(t, err)
	foreign, err := LoadKeys(stranger)
	require.NoError(t, err)
	assert.NotEqual(t, one.Derive("a"), foreign.Derive("a"))
}

// TestShadowTickets: neither a ticket nor its shadow passes for the other, and nothing made up passes for either.
func TestShadowTickets(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	_, err := InitKeys(file)
	require.NoError(t, err)
	keys, err := LoadKeys(file)
	require.NoError(t, err)
	ticket := Ticket{Room: "arena", Epoch: 3, Number: 9, JoinedAt: time.UnixMilli(1_795_365_189_123), EstimateHigh: 7}
	real, err := keys.SignTicket(ticket)
	require.NoError(t, err)
	shadow, err := keys.SignShadow(ticket)
	require.NoError(t, err)
	assert.Len(t, shadow, len(real))
	assert.Equal(t, real[:len(real)-43], shadow[:len(shadow)-43], "all but the MAC is the same")
	got, err := keys.VerifyShadow([]byte(shadow), "arena")
	require.NoError(t, err)
	assert.Equal(t, ticket, got)
	_, err = keys.VerifyTicket([]byte(shadow), "arena")
	require.ErrorIs(t, err, ErrTicketInvalid)
	_, err = keys.VerifyShadow([]byte(real), "arena")
	require.ErrorIs(t, err, ErrTicketInvalid)
	_, err = keys.VerifyShadow([]byte(shadow), "theatre")
	require.ErrorIs(t, err, ErrTicketOtherRoom)
	for at := range shadow {
		changed := []byte(shadow)
		changed[at] ^= 1
		_, err := keys.VerifyShadow(changed, "arena")
		require.Error(t, err)
	}
	for _, text := range []string{"", ".", "a.b.c", shadow + "A", shadow[1:]} {
		_, err := keys.VerifyShadow([]byte(text), "arena")
		require.ErrorIs(t, err, ErrTicketInvalid)
	}
	_, err = keys.SignShadow(Ticket{Room: `a"b`})
	require.Error(t, err)
}
