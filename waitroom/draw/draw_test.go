package draw

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The draw that most tests are about.
const (
	room        = "arena"
	epoch       = int64(7)
	beaconName  = "drand quicknet round 12345678"
	beaconValue = "6d3b1c0a99f2f1f1a2d6f2b2c64f5e7c8a9b0c1d2e3f405162738495a6b7c8d9"
)

var (
	seed     = keyOf(424242)
	sealedAt = time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
)

// entrants are 20,000 numbers on three pages of whom every seventh has gone.
func entrants(t testing.TB) *Entrants {
	t.Helper()
	const n = 20_000
	bitmap := make([]byte, size(n))
	for number := int64(1); number <= n; number++ {
		if number%7 != 0 {
			bitmap[number/8] |= 0x80 >> (number % 8)
		}
	}
	e, err := NewEntrants(n, bitmap)
	require.NoError(t, err)
	return e
}

func committed(t testing.TB) Document {
	t.Helper()
	d, err := NewDocument(room, epoch, beaconName, seed)
	require.NoError(t, err)
	return d
}

func sealed(t testing.TB, e *Entrants) Document {
	t.Helper()
	d, err := committed(t).Seal(sealedAt, e)
	require.NoError(t, err)
	return d
}

func drawn(t testing.TB, e *Entrants) Document {
	t.Helper()
	d, err := sealed(t, e).Draw(seed, beaconValue)
	require.NoError(t, err)
	return d
}
