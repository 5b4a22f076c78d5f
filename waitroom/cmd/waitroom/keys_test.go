package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/service"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

func TestKeysCommands(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	at := func(args ...string) error { return keys(append(args, "--keys-file", file)) }
	require.Error(t, at("rotate"), "there is no file yet")
	require.NoError(t, at("init"))
	list := func() string {
		k, err := auth.LoadKeys(file)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, listKeys(&out, k))
		return out.String()
	}
	assert.Equal(t, 2, strings.Count(list(), "current"))
	require.NoError(t, at("rotate", "--lead", "1h", "--overlap", "2h"))
	assert.Equal(t, 2, strings.Count(list(), "next"), list())
	assert.Equal(t, 2, strings.Count(list(), "current"))
	assert.ErrorContains(t, at("rotate"), "under way")
	require.NoError(t, at("list"))
	require.NoError(t, at("prune"))
	assert.ErrorContains(t, at("prune", "--drop", "none"), "no key")
	for _, bad := range [][]string{{"rotate", "--lead", "-1s"}, {"rotate", "--overlap", "0s"}, {"rotate", "now"}, {"prune", "--forget-after", "-1s"}, {"list", "x"}, {"revoke"}} {
		assert.ErrorIs(t, at(bad...), service.ErrUsage, "%v", bad)
	}

	edge := filepath.Join(t.TempDir(), "edge.json")
	require.NoError(t, keys([]string{"edge", "--edge-key-file", edge}))
	require.NoError(t, keys([]string{"edge", "--edge-key-file", edge}))
	_, err := auth.LoadEdgeKey(edge)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(edge, []byte("{}"), 0o600))
	require.Error(t, keys([]string{"edge", "--edge-key-file", edge}), "a broken file is told")
}

// takeOver makes the next keys of a file sign from now on: what time would do by itself.
func takeOver(t *testing.T, file string) {
	t.Helper()
	body, err := os.ReadFile(file)
	require.NoError(t, err)
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	require.NoError(t, json.Unmarshal(body, &set))
	for _, key := range set.Keys {
		if key["nbf"] != nil {
			key["nbf"] = time.Now().Unix()
		}
	}
	body, err = json.Marshal(set)
	require.NoError(t, err)
	temp := file + ".new"
	require.NoError(t, os.WriteFile(temp, body, 0o600))
	require.NoError(t, os.Rename(temp, file))
}

// ofNextKey is a pass as the next keys of a file will sign them. The file stays as it is.
func ofNextKey(t *testing.T, file string) string {
	t.Helper()
	body, err := os.ReadFile(file)
	require.NoError(t, err)
	ahead := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(ahead, body, 0o600))
	takeOver(t, ahead)
	k, err := auth.LoadKeys(ahead)
	require.NoError(t, err)
	now := time.Now()
	token, err := k.SignPass(auth.Pass{Room: "arena", Epoch: 1, Number: 1 << 30, AdmittedAt: now, ExpiresAt: now.Add(time.Hour)})
	require.NoError(t, err)
	return token
}

// TestKeysRotateUnderTwoRunningGateways rotates the keys of two gateways, and of somebody who verifies with what they publish, as booking does.
// At no moment is a pass of either refused by anybody.
func TestKeysRotateUnderTwoRunningGateways(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(p *waitroom.Policy) { p.MaxActive, p.RatePerMinute, p.BurstSeconds = 100_000, 1_000_000, 60 })
	a, b := s.start(), s.start()
	source := auth.NewRemoteKeys(a.url + "/.well-known/jwks.json")
	require.True(t, testenv.Eventually(func() bool { return source.Ready(t.Context()) == nil }))
	booking := auth.NewPassVerifier(source)

	kids := map[string]bool{}
	checked, refused := 0, 0
	check := func() {
		for _, from := range []*server{a, b} {
			v := from.join("arena")
			require.Equal(t, waitroom.Admitted, v.State)
			kids[headerOf(t, v.Pass)] = true
			for _, at := range []*server{a, b} {
				checked++
				if got := at.get(seats, "Waitroom-Pass", v.Pass); string(got.body) != "upstream" || got.header.Get("Set-Cookie") != "" {
					refused++
				}
				if at.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+v.Ticket).status != 200 {
					refused++
				}
			}
			if _, err := booking.Verify([]byte(v.Pass), "arena", time.Now()); err != nil {
				refused++
			}
		}
	}
	published := func(g *server) int {
		var set struct{ Keys []any }
		require.NoError(t, json.Unmarshal(g.get("/.well-known/jwks.json").body, &set))
		return len(set.Keys)
	}
	check()
	before := a.join("arena")
	require.Len(t, kids, 1)

	require.NoError(t, keys([]string{"rotate", "--keys-file", s.settings.KeysFile, "--lead", "1h"}))
	require.Eventually(t, func() bool { check(); return published(a) == 2 && published(b) == 2 }, deadline, 20*time.Millisecond, "published before anything is signed")
	require.Len(t, kids, 1, "the next one signs nothing yet")

	// The lead is for those who verify: by its end they have fetched the keys that come, as booking does once a minute.
	require.True(t, testenv.Eventually(func() bool {
		_, err := booking.Verify([]byte(ofNextKey(t, s.settings.KeysFile)), "arena", time.Now())
		return err == nil
	}))
	takeOver(t, s.settings.KeysFile)
	require.Eventually(t, func() bool { check(); return len(kids) == 2 }, deadline, 20*time.Millisecond)
	for range 3 {
		check()
	}
	assert.Equal(t, "upstream", string(b.get(seats, "Waitroom-Pass", before.Pass).body), "a pass of before goes on")
	later := b.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+before.Ticket)
	assert.Equal(t, before.Number, later.visit(t).Number)
	require.Eventually(t, func() bool {
		return b.get("/waitroom/v1/arena/status", "Cookie", "wr_arena="+before.Ticket).visit(t).Ticket != ""
	}, deadline, 20*time.Millisecond, "the ticket is given anew")
	assert.Zero(t, refused)
	t.Logf("%d requests judged, %d refused", checked, refused)

	// A file that cannot be used changes nothing, and is seen.
	good, err := os.ReadFile(s.settings.KeysFile)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.settings.KeysFile, []byte("{"), 0o600))
	require.Eventually(t, func() bool {
		return strings.Contains(string(a.get(a.opsURL+"/metrics").body), `waitroom_key_file_failed{file="keys"} 1`)
	}, deadline, 20*time.Millisecond)
	check()
	assert.Zero(t, refused)
	require.NoError(t, os.WriteFile(s.settings.KeysFile, good, 0o600))
	require.Eventually(t, func() bool {
		return strings.Contains(string(a.get(a.opsURL+"/metrics").body), `waitroom_key_file_failed{file="keys"} 0`)
	}, deadline, 20*time.Millisecond)
}

// headerOf is the header of a token, in which the id of its key stands.
func headerOf(t *testing.T, token string) string {
	t.Helper()
	head, _, ok := strings.Cut(token, ".")
	require.True(t, ok)
	return decode64(t, head)
}
