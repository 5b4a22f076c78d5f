package main

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
)

func TestCodesMake(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	makeKeys(t, file)
	var out, said bytes.Buffer
	require.NoError(t, makeCodes([]string{"make", "--keys-file", file, "--room", "arena", "--count", "1000", "--label", "vip"}, &out, &said))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1001)
	assert.Equal(t, []string{"room", "label", "code"}, rows[0])
	different := map[string]bool{}
	for _, row := range rows[1:] {
		require.Equal(t, []string{"arena", "vip"}, row[:2])
		require.Regexp(t, `^VIP(-[0-9A-HJKMNP-TV-Z]{5}){4}$`, row[2])
		different[row[2]] = true
	}
	assert.Len(t, different, 1000)
	assert.Empty(t, said.String())

	for name, args := range map[string][]string{
		"no command": {}, "another command": {"list"}, "no room": {"make", "--keys-file", file}, "a label in capitals": {"make", "--keys-file", file, "--room", "arena", "--label", "VIP"},
		"none": {"make", "--keys-file", file, "--room", "arena", "--count", "0"}, "an argument": {"make", "--keys-file", file, "--room", "arena", "x"},
	} {
		require.ErrorIs(t, makeCodes(args, &out, &said), service.ErrUsage, name)
	}
	require.Error(t, makeCodes([]string{"make", "--keys-file", file + "x", "--room", "arena"}, &out, &said))
}
