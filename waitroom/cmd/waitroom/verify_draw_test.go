package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
	"anteroom/waitroom/draw"
)

// drawFiles writes a draw among 1,000 in its three states, and one that another seed was put into with its own commitment.
type drawFiles struct {
	committed, sealed, drawn, short, entrants, swapped string
	order                                              *draw.Permutation
	value                                              string
}

func writeDraw(t *testing.T) drawFiles {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, content any) string {
		text, ok := content.([]byte)
		if !ok {
			var err error
			text, err = json.Marshal(content)
			require.NoError(t, err)
		}
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, text, 0o600))
		return file
	}
	entrants, err := draw.NewEntrants(1000, []byte{0x7f, 0xff, 0x01})
	require.NoError(t, err)
	full := func(seed [32]byte) (committed, sealed, drawn draw.Document) {
		committed, err := draw.NewDocument("arena", 3, "drand quicknet round 99", seed)
		require.NoError(t, err)
		sealed, err = committed.Seal(time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), entrants)
		require.NoError(t, err)
		drawn, err = sealed.Draw(seed, "0badcafe")
		require.NoError(t, err)
		return committed, sealed, drawn
	}
	committed, sealed, drawn := full([32]byte{1})
	_, _, swapped := full([32]byte{2})
	short, err := drawn.LeaveOutEntrants("/draw/entrants")
	require.NoError(t, err)
	order, err := drawn.Permutation()
	require.NoError(t, err)
	return drawFiles{
		committed: write("committed.json", committed), sealed: write("sealed.json", sealed), drawn: write("drawn.json", drawn),
		short: write("short.json", short), entrants: write("entrants.gz", drawn.Entrants), swapped: write("swapped.json", swapped),
		order: order, value: drawn.BeaconValue,
	}
}

func TestVerifyDraw(t *testing.T) {
	t.Parallel()
	files := writeDraw(t)
	verify := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := verifyDraw(args, &out)
		return out.String(), err
	}
	claim := func(number, off int64) string {
		return strconv.FormatInt(number, 10) + "=" + strconv.FormatInt(files.order.Rank(number)+off, 10)
	}

	out, err := verify(files.drawn)
	require.NoError(t, err)
	assert.Contains(t, out, "The draw of room arena, epoch 3, holds.")
	assert.Contains(t, out, "numbers drawn   1000,")
	assert.Contains(t, out, "present         16,")
	assert.Contains(t, out, "rank 1          number "+strconv.FormatInt(files.order.Number(1), 10))
	assert.Contains(t, out, "--beacon-value")
	assert.Contains(t, out, "--earlier")

	out, err = verify("--claims", claim(17, 0)+","+claim(1001, 0), "--earlier", files.committed+","+files.sealed, "--beacon-value", files.value, files.drawn)
	require.NoError(t, err)
	assert.Contains(t, out, "claims checked  2\n")
	assert.Contains(t, out, "earlier copies  2\n")
	assert.NotContains(t, out, "Not checked")
	_, err = verify(files.short, "--entrants", files.entrants)
	require.NoError(t, err)

	for _, c := range []struct {
		says string
		args []string
	}{
		{"claims has number 17 at rank", []string{files.drawn, "--claims", claim(17, 1)}},
		{"commitment is not what had been published earlier", []string{files.swapped, "--earlier", files.sealed}},
		{`beacon_value is "0badcafe"`, []string{files.drawn, "--beacon-value", "0badcaff"}},
		{"state is", []string{files.sealed}},
		{"fetch them from /draw/entrants", []string{files.short}},
		{"entrants is not gzip", []string{files.short, "--entrants", files.drawn}},
		{"is not a JSON object", []string{files.entrants}},
		{"no such file", []string{files.drawn + ".none"}},
		{"no such file", []string{files.drawn, "--earlier", files.drawn + ".none"}},
		{"no such file", []string{files.short, "--entrants", files.drawn + ".none"}},
	} {
		out, err := verify(c.args...)
		require.ErrorContains(t, err, c.says)
		assert.Empty(t, out, "nothing is said to hold")
		assert.Equal(t, 1, service.ExitCode(err))
	}
	for _, bad := range [][]string{
		{}, {files.drawn, files.drawn}, {"--nonsense"}, {files.drawn, "--claims", "17"}, {files.drawn, "--claims", "17=x"}, {files.drawn, "--claims", "1=1,,2=2"},
	} {
		_, err := verify(bad...)
		require.ErrorIs(t, err, service.ErrUsage, "%v", bad)
	}
	_, err = verify("--help")
	require.ErrorIs(t, err, flag.ErrHelp)
}
