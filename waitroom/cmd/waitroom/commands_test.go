package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/service"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

func TestRoomPut(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	patient := testenv.Patient(t, env.URL)
	line := []string{"--redis-url", patient, "--key-prefix", env.Prefix}
	put := func(args ...string) error {
		return room(append(append([]string{"put", "arena"}, line...), args...))
	}
	require.NoError(t, put("mode=queue", "rate_per_minute=60", "message=a=b"))
	require.NoError(t, put("--if-absent", "mode=closed"))
	client, err := redisqueue.Dial(patient)
	require.NoError(t, err)
	defer client.Close()
	queue := redisqueue.New(client, env.Prefix, redisqueue.WithTimeout(deadline))
	names, err := queue.Rooms(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"arena"}, names)
	snapshot, err := queue.Change(t.Context(), "arena", waitroom.PolicyChange{})
	require.NoError(t, err)
	assert.Equal(t, waitroom.ModeQueue, snapshot.Policy.Mode)
	assert.EqualValues(t, 60, snapshot.Policy.RatePerMinute)
	assert.Equal(t, "a=b", snapshot.Policy.Message)

	for _, bad := range [][]string{
		{"mode=fast"}, {"rate=1"}, {"rate_per_minute=x"}, {"rate_per_minute=0"}, {"queue"}, {"version=1"},
	} {
		assert.ErrorIs(t, put(bad...), service.ErrUsage, "%v", bad)
	}
	for _, bad := range [][]string{{}, {"put"}, {"put", "NAME"}, {"get", "arena"}} {
		assert.ErrorIs(t, room(bad), service.ErrUsage, "%v", bad)
	}
}

func TestKeysInit(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, keys([]string{"init", "--keys-file", file}))
	first, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, keys([]string{"init", "--keys-file", file}))
	second, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, first, second)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
	require.NoError(t, os.WriteFile(file, []byte("{}"), 0o600))
	require.Error(t, keys([]string{"init", "--keys-file", file}), "a broken file is told")
	require.ErrorIs(t, keys(nil), service.ErrUsage)
}

func TestServeSettings(t *testing.T) {
	t.Parallel()
	_, err := parseServe([]string{"--help"})
	require.ErrorIs(t, err, flag.ErrHelp)
	for _, bad := range [][]string{{"--nonsense"}, {"extra"}, {"--key-prefix="}, {"--staff-jwks-url", "x"}, {"--secure-cookies=maybe"}} {
		_, err := parseServe(bad)
		assert.ErrorIs(t, err, service.ErrUsage, "%v", bad)
	}
	s, err := parseServe(nil)
	require.NoError(t, err)
	assert.Equal(t, ":8080", s.Listen)
	s.KeysFile = filepath.Join(t.TempDir(), "none.json")
	err = run(t.Context(), s, nil)
	require.ErrorContains(t, err, "waitroom keys init", "it says how to make them")
}
