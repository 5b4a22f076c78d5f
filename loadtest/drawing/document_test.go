package drawing

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsNoDocumentIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(d *Document)
		says   string
	}{
		"another version":        {func(d *Document) { d.Version = 2 }, "version is 2"},
		"a state there is not":   {func(d *Document) { d.State = "lost" }, `state is "lost"`},
		"no room":                {func(d *Document) { d.Room = "" }, "room"},
		"no commitment":          {func(d *Document) { d.Commitment = Digest{} }, "commitment"},
		"fewer than nobody":      {func(d *Document) { d.N = -1 }, "n is -1"},
		"more than anybody":      {func(d *Document) { d.N = 1 << 40 }, "n is"},
		"no root":                {func(d *Document) { d.EntrantsRoot = Digest{} }, "entrants_root"},
		"no entrants":            {func(d *Document) { d.Entrants = nil }, "entrants"},
		"no seed, though drawn":  {func(d *Document) { d.Seed = Digest{} }, "seed"},
		"no value of the beacon": {func(d *Document) { d.BeaconValue = "" }, "beacon_value"},
	} {
		d := parsed(t, published+"drawn.json")
		c.change(d)
		text, err := json.Marshal(d)
		require.NoError(t, err)
		_, err = Parse(text)
		require.ErrorContains(t, err, c.says, name)
	}
	for name, text := range map[string]string{
		"nothing": "", "a page": "<html>", "two documents": `{"version":1} {}`, "a field there is not": `{"version":1,"winner":7}`,
		"a short digest": `{"version":1,"seed":"ab"}`, "a digest in capitals": `{"seed":"` + string(bytes.Repeat([]byte("AB"), 32)) + `"}`,
	} {
		_, err := Parse([]byte(text))
		require.ErrorContains(t, err, "the draw's document", name)
	}
}

func TestEntrantsThatCannotBeReadAreNamed(t *testing.T) {
	t.Parallel()
	pack := func(size int) []byte {
		var out bytes.Buffer
		zip := gzip.NewWriter(&out)
		_, err := zip.Write(make([]byte, size))
		require.NoError(t, err)
		require.NoError(t, zip.Close())
		return out.Bytes()
	}
	for name, c := range map[string]struct {
		packed []byte
		says   string
	}{
		"absent":        {nil, "not there"},
		"no gzip":       {[]byte("plain text"), "gzip"},
		"cut short":     {pack(2501)[:15], "unexpected EOF"},
		"a byte less":   {pack(2500), "2500 bytes"},
		"a byte more":   {pack(2502), "2502 bytes or more"},
		"a bomb of 8 M": {pack(8 << 20), "2502 bytes or more"},
	} {
		d := parsed(t, published+"drawn.json")
		d.Entrants, d.EntrantsURL = nil, "/waitroom/v1/arena/draw/entrants?epoch=7"
		_, err := Open(d, c.packed)
		require.ErrorContains(t, err, "the draw's entrants", name)
		require.ErrorContains(t, err, c.says, name)
	}
	d := parsed(t, published+"drawn.json")
	packed := d.Entrants
	d.Entrants, d.EntrantsURL = nil, "/waitroom/v1/arena/draw/entrants?epoch=7"
	draw, err := Open(d, packed)
	require.NoError(t, err, "the control: as they were published")
	require.Empty(t, draw.Wrong())
	d.State = Sealed
	_, err = Open(d, packed)
	require.ErrorContains(t, err, "it is sealed")
}
