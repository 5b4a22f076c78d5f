package draw

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSteps(t *testing.T) {
	t.Parallel()
	e := entrants(t)
	one, two, three := committed(t), sealed(t, e), drawn(t, e)
	for state, d := range map[State]Document{Committed: one, Sealed: two, Drawn: three} {
		assert.Equal(t, state, d.State)
		text, err := json.Marshal(d)
		require.NoError(t, err)
		read, err := Parse(text)
		require.NoError(t, err)
		assert.Equal(t, d, read, "what is written can be read")
		assert.Equal(t, state == Drawn, strings.Contains(string(text), seedText()), "the seed in %s", state)
	}
	// Each step only in its turn.
	_, err := two.Seal(sealedAt, e)
	wrong(t, err, ErrState, "state")
	_, err = three.Seal(sealedAt, e)
	wrong(t, err, ErrState, "state")
	_, err = one.Draw(seed, beaconValue)
	wrong(t, err, ErrState, "state")
	_, err = three.Draw(seed, beaconValue)
	wrong(t, err, ErrState, "state")
	_, err = two.Draw(keyOf(5), beaconValue)
	wrong(t, err, ErrState, "seed")
	_, err = two.Permutation()
	wrong(t, err, ErrState, "state")
	order, err := three.Permutation()
	require.NoError(t, err)
	assert.Equal(t, e.N(), order.N())
}

func seedText() string { return Hash(seed).String() }

func TestNewDocumentRefuses(t *testing.T) {
	t.Parallel()
	_, err := NewDocument("Arena", 0, "", seed)
	wrong(t, err, ErrDocument, "room", "epoch", "beacon_name")
	_, err = NewDocument(room, epoch, beaconName, Hash{})
	wrong(t, err, ErrDocument, "seed")
	for _, name := range []string{"", "-a", "a_b", "ä", "a/b", strings.Repeat("a", 64)} {
		_, err = NewDocument(name, epoch, beaconName, seed)
		wrong(t, err, ErrDocument, "room")
	}
	for _, name := range []string{" drand", "drand\n", "드란드", strings.Repeat("a", 257)} {
		_, err = NewDocument(room, epoch, name, seed)
		wrong(t, err, ErrDocument, "beacon_name")
	}
	_, err = sealed(t, entrants(t)).Draw(seed, "")
	wrong(t, err, ErrDocument, "beacon_value")
	_, err = committed(t).Seal(time.Time{}, entrants(t))
	wrong(t, err, ErrDocument, "sealed_at")
}

func TestEntrantsKeptElsewhere(t *testing.T) {
	t.Parallel()
	d := drawn(t, entrants(t))
	short, err := d.LeaveOutEntrants("https://tickets.example/waitroom/v1/arena/draw/entrants")
	require.NoError(t, err)
	_, err = Verify(short)
	wrong(t, err, ErrDocument, "entrants")
	require.ErrorContains(t, err, short.EntrantsURL)
	whole, err := short.PutInEntrants(d.Entrants)
	require.NoError(t, err)
	_, err = Verify(whole)
	require.NoError(t, err)
	for _, bad := range []string{"", "ftp://x/y", "//x/y", "relative", "javascript:alert(1)", "https:", "/\x7f"} {
		_, err := d.LeaveOutEntrants(bad)
		require.Error(t, err, "%q", bad)
	}
	_, err = d.LeaveOutEntrants("/waitroom/v1/arena/draw/entrants")
	require.NoError(t, err)
}

func TestNewSeed(t *testing.T) {
	t.Parallel()
	a, err := NewSeed()
	require.NoError(t, err)
	b, err := NewSeed()
	require.NoError(t, err)
	assert.NotEqual(t, a, b)
	assert.NotEqual(t, [32]byte{}, a)
}

// Parts that run into each other must not hash alike.
func TestPartsAreKeptApart(t *testing.T) {
	t.Parallel()
	assert.NotEqual(t, Commit(seed, "a", epoch, "bc"), Commit(seed, "ab", epoch, "c"))
	in := Inputs{Seed: seed, BeaconName: "ab", BeaconValue: "c", Room: room, Epoch: epoch, N: 1}
	other := in
	other.BeaconName, other.BeaconValue = "a", "bc"
	assert.NotEqual(t, in.Key(), other.Key())
}

// vectors are what the first version gave. They were recomputed once by a program in another language; a change to any of them
// breaks every draw that was committed to, and needs another Version.
type vectors struct {
	Commitment Hash
	Key        Hash
	Ranks      []struct {
		Key   Hash
		N     int64
		Ranks map[int64]int64
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var want vectors
	require.NoError(t, json.Unmarshal(text, &want))
	assert.Equal(t, want.Commitment, Commit(seed, room, epoch, beaconName))
	e := entrants(t)
	assert.Equal(t, want.Key, drawn(t, e).Key)
	assert.GreaterOrEqual(t, len(want.Ranks), 8)
	for _, v := range want.Ranks {
		p := permutation(t, v.Key, v.N)
		assert.GreaterOrEqual(t, int64(len(v.Ranks)), min(v.N, 5))
		for number, rank := range v.Ranks {
			assert.Equal(t, rank, p.Rank(number), "number %d of %d", number, v.N)
			assert.Equal(t, number, p.Number(rank), "rank %d of %d", rank, v.N)
		}
	}
}

// A whole document as it was once published must go on verifying.
func TestPublishedDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/drawn.json")
	require.NoError(t, err)
	d, err := Parse(text)
	require.NoError(t, err)
	report, err := Verify(d)
	require.NoError(t, err)
	assert.EqualValues(t, 20_000, report.N)
	assert.EqualValues(t, 20_000-20_000/7, report.Present)
}
