package draw

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asText is the document with one member of its JSON put otherwise; "" leaves it out.
func asText(t testing.TB, d Document, name, value string) []byte {
	t.Helper()
	text, err := json.Marshal(d)
	require.NoError(t, err)
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &members))
	if value == "" {
		delete(members, name)
	} else {
		members[name] = json.RawMessage(value)
	}
	text, err = json.Marshal(members)
	require.NoError(t, err)
	return text
}

func TestParseNamesTheField(t *testing.T) {
	t.Parallel()
	d := drawn(t, entrants(t))
	hash := `"` + strings.Repeat("ab", 32) + `"`
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	_, err := w.Write(make([]byte, 8<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	bombText, err := json.Marshal(bomb.Bytes())
	require.NoError(t, err)
	for _, c := range []struct{ name, value, field string }{
		{"version", "", "version"}, {"version", "2", "version"}, {"version", `"1"`, "version"}, {"version", "1.5", "version"},
		{"room", "", "room"}, {"room", `"A"`, "room"}, {"room", "7", "room"}, {"room", "null", "room"},
		{"epoch", "", "epoch"}, {"epoch", "0", "epoch"}, {"epoch", "-1", "epoch"}, {"epoch", "1e30", "epoch"},
		{"state", "", "state"}, {"state", `"Drawn"`, "state"},
		{"commitment", "", "commitment"}, {"commitment", `"ab"`, "commitment"}, {"commitment", strings.ToUpper(hash), "commitment"},
		{"commitment", strings.Replace(hash, "a", "g", 1), "commitment"}, {"commitment", "1", "commitment"}, {"commitment", "null", "commitment"},
		{"beacon_name", "", "beacon_name"}, {"beacon_name", `"\u0000"`, "beacon_name"}, {"beacon_name", `"ä"`, "beacon_name"},
		{"n", "", "n"}, {"n", "-1", "n"}, {"n", fmt.Sprint(MaxNumbers + 1), "n"}, {"n", "9223372036854775808", "n"}, {"n", `"5"`, "n"},
		{"n", "20008", "entrants"}, {"n", "19992", "entrants"}, {"n", "1073741824", "entrants"},
		{"sealed_at", "", "sealed_at"}, {"sealed_at", `"yesterday"`, "sealed_at"}, {"sealed_at", "0", "sealed_at"},
		{"entrants_root", "", "entrants_root"}, {"entrants_root", `"` + strings.Repeat("a", 66) + `"`, "entrants_root"},
		{"entrants", "", "entrants"}, {"entrants", `"????"`, "entrants"}, {"entrants", `"AAAA"`, "entrants"}, {"entrants", string(bombText), "entrants"},
		{"entrants_url", `"https://x.example/e"`, "entrants_url"}, {"entrants_url", "[]", "entrants_url"},
		{"beacon_value", "", "beacon_value"}, {"beacon_value", `" "`, "beacon_value"}, {"beacon_value", "{}", "beacon_value"},
		{"seed", "", "seed"}, {"seed", `"00"`, "seed"}, {"key", "", "key"}, {"key", "true", "key"},
		{"SEED", hash, "document"}, {"rank_of_first", "1", "document"},
	} {
		_, err := Parse(asText(t, d, c.name, c.value))
		require.Error(t, err, "%s: %.40s", c.name, c.value)
		wrong(t, err, ErrDocument, c.field)
	}
}

// What belongs to a later state is refused: a seed in a committed draw is a seed that leaked.
func TestParseKeepsToTheState(t *testing.T) {
	t.Parallel()
	last := drawn(t, entrants(t))
	text, err := json.Marshal(last)
	require.NoError(t, err)
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &members))
	for _, name := range []string{"seed", "key", "beacon_value", "entrants", "entrants_root", "sealed_at", "n"} {
		_, err := Parse(asText(t, committed(t), name, string(members[name])))
		require.Error(t, err, name)
		wrong(t, err, ErrDocument, name)
	}
	for _, name := range []string{"seed", "key", "beacon_value"} {
		_, err := Parse(asText(t, sealed(t, entrants(t)), name, string(members[name])))
		require.Error(t, err, name)
		wrong(t, err, ErrDocument, name)
	}
}

func TestParseStrictly(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(committed(t))
	require.NoError(t, err)
	good := string(text)
	_, err = Parse([]byte(" " + good + "\n"))
	require.NoError(t, err)
	for _, c := range []struct{ text, field string }{
		{"", "document"}, {"null", "document"}, {"[]", "document"}, {"7", "document"}, {"{", "document"}, {good[:len(good)-1], "document"},
		{good + "{}", "document"}, {good + "x", "document"}, {"\xff" + good, "document"}, {`{7:1}`, "document"}, {`{"room"`, "room"},
		{strings.Replace(good, "{", `{"room":"arena",`, 1), "room"}, // twice, and alike
		{strings.Replace(good, `"room"`, `"Room"`, 1), "document"},
		{strings.Replace(good, `"n":0`, `"n":null`, 1), "n"},
	} {
		_, err := Parse([]byte(c.text))
		require.Error(t, err, "%.60q", c.text)
		wrong(t, err, ErrDocument, c.field)
	}
}

// FuzzParse feeds the decoder anything: it must not panic, its errors must be its own, and what it accepts must be written
// and read again as the same draw, which is verified or refused, in bounded memory.
func FuzzParse(f *testing.F) {
	small, err := NewEntrants(20, bitmapOf(20, 1, 2, 3, 20))
	require.NoError(f, err)
	for _, d := range []Document{committed(f), sealed(f, small), drawn(f, small)} {
		text, err := json.Marshal(d)
		require.NoError(f, err)
		f.Add(text)
	}
	elsewhere, err := drawn(f, small).LeaveOutEntrants("/entrants")
	require.NoError(f, err)
	f.Add(asText(f, elsewhere, "n", "1073741824"))
	f.Add(asText(f, drawn(f, small), "entrants", `"H4sIAAAAAAAA/w=="`)) // a gzip head and no body
	f.Add([]byte(`{"room":"a","room":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			require.ErrorIs(t, err, ErrDocument)
			return
		}
		text, err := json.Marshal(d)
		require.NoError(t, err)
		again, err := Parse(text)
		require.NoError(t, err)
		require.True(t, again.SealedAt.Equal(d.SealedAt))
		again.SealedAt = d.SealedAt
		require.Equal(t, d, again)
		if d.N <= 1<<16 {
			if _, err := Verify(d, Claim{Number: 1, Rank: 1}); err != nil && !errors.Is(err, ErrNotVerified) {
				require.ErrorIs(t, err, ErrDocument)
			}
		}
	})
}
