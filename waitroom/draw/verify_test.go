package draw

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/internal/fault"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	e := entrants(t)
	d := drawn(t, e)
	order, err := d.Permutation()
	require.NoError(t, err)
	var claims []Claim
	for number := int64(1); number <= e.N(); number += 311 {
		claims = append(claims, Claim{number, order.Rank(number)})
	}
	claims = append(claims, Claim{e.N() + 1, e.N() + 1}, Claim{1 << 50, 1 << 50}) // who came later
	report, err := Verify(d, claims...)
	require.NoError(t, err)
	assert.Equal(t, &Report{
		Room: room, Epoch: epoch, BeaconName: beaconName, BeaconValue: beaconValue, SealedAt: sealedAt,
		N: e.N(), Present: e.Count(), Root: e.Root(), Key: d.Key, First: report.First, Claims: len(claims),
	}, report)
	require.Len(t, report.First, 10)
	for i, place := range report.First {
		assert.EqualValues(t, i+1, place.Rank)
		assert.Equal(t, place.Rank, order.Rank(place.Number))
		assert.Equal(t, place.Number%7 != 0, place.Present)
	}
}

func TestVerifyAnySize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 300).Draw(t, "n")
		e, err := NewEntrants(n, nil)
		require.NoError(t, err)
		d, err := NewDocument(room, epoch, beaconName, seed)
		require.NoError(t, err)
		d, err = d.Seal(sealedAt, e)
		require.NoError(t, err)
		d, err = d.Draw(seed, rapid.StringMatching("[0-9a-f]{1,64}").Draw(t, "value"))
		require.NoError(t, err)
		report, err := Verify(d)
		require.NoError(t, err)
		require.Len(t, report.First, int(min(n, 10)))
	})
}

func TestVerifyNamesWhatWasBent(t *testing.T) {
	t.Parallel()
	good := drawn(t, entrants(t))
	_, err := Verify(good)
	require.NoError(t, err, "before it is bent")
	flip := func(h *Hash) { h[31] ^= 1 }
	other, err := NewEntrants(good.N, bitmapOf(good.N, 5))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		bend   func(*Document)
		fields []string
	}{
		"commitment":   {func(d *Document) { flip(&d.Commitment) }, []string{"commitment"}},
		"seed":         {func(d *Document) { flip(&d.Seed) }, []string{"commitment", "key"}},
		"room":         {func(d *Document) { d.Room = "theatre" }, []string{"commitment", "key"}},
		"epoch":        {func(d *Document) { d.Epoch++ }, []string{"commitment", "key"}},
		"beacon name":  {func(d *Document) { d.BeaconName = "drand quicknet round 12345679" }, []string{"commitment", "key"}},
		"beacon value": {func(d *Document) { d.BeaconValue = "7" + d.BeaconValue[1:] }, []string{"key"}},
		"root":         {func(d *Document) { flip(&d.EntrantsRoot) }, []string{"entrants_root", "key"}},
		"n":            {func(d *Document) { d.N++ }, []string{"entrants_root", "key"}},
		"key":          {func(d *Document) { flip(&d.Key) }, []string{"key"}},
		"one entrant": {func(d *Document) {
			e, err := d.OpenEntrants()
			require.NoError(t, err)
			bitmap := bytes.Clone(e.Bitmap())
			bitmap[1000] ^= 0x10
			e, err = NewEntrants(d.N, bitmap)
			require.NoError(t, err)
			d.Entrants = e.Gzip()
		}, []string{"entrants_root"}},
		"entrants and root": {func(d *Document) { d.Entrants, d.EntrantsRoot = other.Gzip(), other.Root() }, []string{"key"}},
	} {
		d := good
		c.bend(&d)
		require.NoError(t, d.Validate(), name)
		_, err := Verify(d)
		require.Error(t, err, name)
		wrong(t, err, ErrNotVerified, c.fields...)
	}
	for _, d := range []Document{committed(t), sealed(t, entrants(t))} {
		_, err := Verify(d)
		wrong(t, err, ErrDocument, "state")
	}
	bad := good
	bad.Entrants = []byte("nonsense")
	_, err = Verify(bad)
	wrong(t, err, ErrDocument, "entrants")
	bad.Version = 9
	_, err = Verify(bad)
	wrong(t, err, ErrDocument, "version")
}

func TestVerifyNamesTheFalseClaim(t *testing.T) {
	t.Parallel()
	d := drawn(t, entrants(t))
	order, err := d.Permutation()
	require.NoError(t, err)
	for _, claim := range []Claim{
		{17, order.Rank(17) + 1}, {17, 0}, {0, 0}, {-3, -3}, {d.N + 1, 5}, {5, d.N + 1},
	} {
		_, err := Verify(d, Claim{1, order.Rank(1)}, claim)
		wrong(t, err, ErrNotVerified, "claims")
	}
	_, err = Verify(d, Claim{17, 1})
	require.ErrorContains(t, err, "number 17 at rank 1")
	many := make([]Claim, 100)
	for i := range many {
		many[i] = Claim{int64(i + 1), order.Rank(int64(i+1)) + 1}
	}
	_, err = Verify(d, many...)
	require.Len(t, fault.From(err).Fields, namedClaims+1)
	require.ErrorContains(t, err, "80 more")
}

// An operator who has seen the beacon's value and looks for a seed that puts a friend first.
func TestOperatorSwapsTheSeed(t *testing.T) {
	t.Parallel()
	const friend = 4242
	e := entrants(t)
	published := sealed(t, e)
	honest := drawn(t, e)
	order, err := honest.Permutation()
	require.NoError(t, err)
	for i := 0; ; i++ {
		bent := honest
		bent.Seed = keyOf(1_000_000 + i)
		bent.Key = bent.inputs().Key()
		better, err := bent.Permutation()
		require.NoError(t, err)
		if better.Rank(friend) >= order.Rank(friend) || better.Rank(friend) > 2000 {
			continue
		}
		// The seed alone does not open the commitment.
		_, err = Verify(bent)
		wrong(t, err, ErrNotVerified, "commitment")
		_, err = published.Draw(bent.Seed, beaconValue)
		wrong(t, err, ErrState, "seed")
		// With a new commitment the document agrees with itself, but not with the one that was published.
		bent.Commitment = Commit(bent.Seed, room, epoch, beaconName)
		_, err = Verify(bent)
		require.NoError(t, err, "only an earlier copy can tell")
		wrong(t, Follows(published, bent), ErrNotVerified, "commitment")
		wrong(t, Follows(committed(t), bent), ErrNotVerified, "commitment")
		return
	}
}

func TestFollows(t *testing.T) {
	t.Parallel()
	e := entrants(t)
	states := []Document{committed(t), sealed(t, e), drawn(t, e)}
	for i, earlier := range states {
		for j, later := range states {
			if j >= i {
				require.NoError(t, Follows(earlier, later))
			} else {
				require.ErrorIs(t, Follows(earlier, later), ErrNotVerified)
				require.ErrorContains(t, Follows(earlier, later), "state")
			}
		}
	}
	short, err := states[2].LeaveOutEntrants("/entrants")
	require.NoError(t, err)
	require.NoError(t, Follows(states[1], short), "the root stands for the entrants")
	for field, bend := range map[string]func(*Document){
		"version":       func(d *Document) { d.Version++ },
		"room":          func(d *Document) { d.Room = "theatre" },
		"epoch":         func(d *Document) { d.Epoch++ },
		"commitment":    func(d *Document) { d.Commitment[0]++ },
		"beacon_name":   func(d *Document) { d.BeaconName += "0" },
		"sealed_at":     func(d *Document) { d.SealedAt = d.SealedAt.Add(time.Second) },
		"n":             func(d *Document) { d.N++ },
		"entrants_root": func(d *Document) { d.EntrantsRoot[0]++ },
		"beacon_value":  func(d *Document) { d.BeaconValue += "0" },
		"seed":          func(d *Document) { d.Seed[0]++ },
		"key":           func(d *Document) { d.Key[0]++ },
	} {
		bent := states[2]
		bend(&bent)
		wrong(t, Follows(states[2], bent), ErrNotVerified, field)
	}
}

// collision gives two numbers the same rank.
type collision struct{ *Permutation }

func (c collision) Rank(number int64) int64 {
	if number == 500 {
		number = 499
	}
	return c.Permutation.Rank(number)
}

// astray gives a rank to a number that does not take part.
type astray struct{ *Permutation }

func (a astray) Number(rank int64) int64 {
	if rank == 500 {
		return 1001
	}
	return a.Permutation.Number(rank)
}

func TestBijectiveSeesABrokenOrder(t *testing.T) {
	t.Parallel()
	p := permutation(t, keyOf(8), 1000)
	_, ok := bijective(p, 1000)
	require.True(t, ok)
	rank, ok := bijective(collision{p}, 1000)
	require.False(t, ok)
	require.Equal(t, p.Rank(500), rank)
	rank, ok = bijective(astray{p}, 1000)
	require.False(t, ok)
	require.EqualValues(t, 500, rank)
	_, ok = bijective(p, 999)
	require.False(t, ok, "an order of another size")
}
