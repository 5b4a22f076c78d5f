package drawing

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorded is what the gateways of a real system published and told: the draw of a run of 9,100 visitors in 26 s (do: wait, 10 % of whom fall silent and
// 5 % leave; open_in 26s) on a system that loadtest run had brought up, taken from its journal: document and earlier copies byte for byte, and every tenth
// of the numbers to whom a status said which place they had drawn.
type recorded struct {
	Draw struct {
		Document string   `json:"document"`
		Earlier  []string `json:"earlier"`
	} `json:"draw"`
	Told map[int64]int64 `json:"told"`
}

func record(t *testing.T) (r recorded, document *Document, draw *Draw) {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &r))
	document, err = Parse([]byte(r.Draw.Document))
	require.NoError(t, err)
	draw, err = Open(document, nil)
	require.NoError(t, err)
	return r, document, draw
}

func TestARealDrawHolds(t *testing.T) {
	t.Parallel()
	r, document, draw := record(t)
	require.Empty(t, draw.Wrong())
	require.Greater(t, draw.N(), int64(8*pageSize), "the entrants take more than a page")
	require.Greater(t, len(r.Told), 500)
	absent := 0
	for number := int64(1); number <= draw.N(); number++ {
		if !draw.Present(number) {
			absent++
		}
	}
	require.Positive(t, absent, "some had left by the sealing")
	for number, rank := range r.Told {
		require.Equal(t, rank, draw.Rank(number), "number %d", number)
	}
	require.Len(t, r.Draw.Earlier, 2)
	for i, state := range []string{Committed, Sealed} {
		earlier, err := Parse([]byte(r.Draw.Earlier[i]))
		require.NoError(t, err)
		require.Equal(t, state, earlier.State)
		require.Empty(t, earlier.Broken(document))
	}
}

// Whatever is changed of a real draw is found: the control of the test above.
func TestAChangedDrawDoesNotHold(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(d *Document){
		"commitment":   func(d *Document) { d.Commitment[0] ^= 1 },
		"seed":         func(d *Document) { d.Seed[31] ^= 1 },
		"beacon_name":  func(d *Document) { d.BeaconName += "2" },
		"beacon_value": func(d *Document) { d.BeaconValue += "2" },
		"room":         func(d *Document) { d.Room += "2" },
		"epoch":        func(d *Document) { d.Epoch++ },
		"n":            func(d *Document) { d.N-- },
		"root":         func(d *Document) { d.EntrantsRoot[5] ^= 1 },
		"key":          func(d *Document) { d.Key[5] ^= 1 },
	} {
		_, document, _ := record(t)
		change(document)
		draw, err := Open(document, nil)
		require.NoError(t, err, field)
		require.NotEmpty(t, draw.Wrong(), field)
	}
	_, document, _ := record(t)
	for _, number := range []int64{0, 1, 4096, 8192, document.N, document.N + 1} {
		draw, err := Open(document, nil)
		require.NoError(t, err)
		if number/8 == int64(len(draw.entrants)) {
			continue // n is the last of a byte
		}
		draw.entrants[number/8] ^= 0x80 >> (number % 8)
		require.NotEmpty(t, draw.Wrong(), "bit %d", number)
	}
}

func TestWhatWasPublishedEarlierCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(d *Document){
		"state":         func(d *Document) { d.State = Committed },
		"commitment":    func(d *Document) { d.Commitment[0] ^= 1 },
		"beacon_name":   func(d *Document) { d.BeaconName += "2" },
		"room":          func(d *Document) { d.Room += "2" },
		"epoch":         func(d *Document) { d.Epoch++ },
		"n":             func(d *Document) { d.N-- },
		"sealed_at":     func(d *Document) { d.SealedAt = d.SealedAt.Add(1e6) },
		"entrants_root": func(d *Document) { d.EntrantsRoot[5] ^= 1 },
		"beacon_value":  func(d *Document) { d.BeaconValue += "2" },
		"seed":          func(d *Document) { d.Seed[5] ^= 1 },
		"key":           func(d *Document) { d.Key[5] ^= 1 },
	} {
		_, earlier, _ := record(t)
		later := *earlier
		change(&later)
		require.Len(t, earlier.Broken(&later), 1, field)
		require.Contains(t, earlier.Broken(&later)[0], field)
	}
}
