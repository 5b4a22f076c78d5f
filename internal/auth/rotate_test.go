package auth

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func keyFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	_, err := InitKeys(path)
	require.NoError(t, err)
	return path
}

func load(t testing.TB, path string) *Keys {
	t.Helper()
	k, err := LoadKeys(path)
	require.NoError(t, err)
	return k
}

// states are those of the keys of one kind, newest first.
func states(k *Keys, kind string) (all []string) {
	for _, s := range k.States() {
		if s.Kind == kind {
			all = append(all, s.State)
		}
	}
	return all
}

func TestTheLifeOfAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := keyFile(t)
		old := load(t, path)
		oldPass, err := old.SignPass(Pass{Room: "arena", Epoch: 1, Number: 9, AdmittedAt: time.Now(), ExpiresAt: time.Now().Add(240 * time.Hour)})
		require.NoError(t, err)
		oldTicket, err := old.SignTicket(Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: time.UnixMilli(5)})
		require.NoError(t, err)
		oldReceipt, err := old.SignReceipt(Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: time.UnixMilli(5)})
		require.NoError(t, err)
		oldLine, err := old.SignCheckpoint(checkpoint{Seq: 1, Prev: "ab"})
		require.NoError(t, err)

		require.NoError(t, RotateKeys(path, Rotation{Lead: 5 * time.Minute, Overlap: time.Hour}))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		left, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, left, 1, "nothing is left beside the file")
		k := load(t, path)
		require.Equal(t, []string{"next", "current"}, states(k, "sign"))
		require.Equal(t, []string{"next", "current"}, states(k, "ticket"))
		require.ErrorContains(t, RotateKeys(path, Rotation{Lead: time.Minute, Overlap: time.Hour}), "under way")
		require.Equal(t, old.signer().id, k.signer().id, "the next key signs nothing yet")
		require.False(t, k.Outdated([]byte(oldTicket)))
		published, err := ParseJWKS(k.PublicJWKS())
		require.NoError(t, err)
		_, err = published.PublicKey(t.Context(), k.set.Load().signing[0].id)
		require.NoError(t, err, "and is published")

		time.Sleep(5*time.Minute - time.Second)
		require.Equal(t, old.signer().id, k.signer().id)
		time.Sleep(2 * time.Second)
		require.Equal(t, []string{"current", "retiring"}, states(k, "sign"))
		require.Equal(t, []string{"current", "retiring"}, states(k, "ticket"))
		require.NotEqual(t, old.signer().id, k.signer().id)
		require.True(t, k.Outdated([]byte(oldTicket)))
		accepts := func(want bool) {
			t.Helper()
			_, err := NewPassVerifier(k).Verify([]byte(oldPass), "arena", time.Now())
			require.Equal(t, want, err == nil, err)
			_, err = k.VerifyTicket([]byte(oldTicket), "arena")
			require.Equal(t, want, err == nil, err)
			_, err = VerifyReceipt(t.Context(), k, []byte(oldReceipt))
			require.NoError(t, err, "a receipt stays good")
			var c checkpoint
			require.NoError(t, VerifyCheckpoint(t.Context(), k, []byte(oldLine), &c), "and so does a line of a ledger")
		}
		accepts(true)
		cached := NewPassVerifier(k)
		_, err = cached.Verify([]byte(oldPass), "arena", time.Now())
		require.NoError(t, err)

		time.Sleep(time.Hour)
		_, err = cached.Verify([]byte(oldPass), "arena", time.Now())
		require.ErrorIs(t, err, ErrPassExpired, "no pass outlives its key, not even one that is remembered")
		accepts(false)
		gone, err := PruneKeys(path, Pruning{})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{old.signer().id, macKey(old).KeyID()}, gone)
		gone, err = PruneKeys(path, Pruning{})
		require.NoError(t, err)
		require.Empty(t, gone)
		k = load(t, path)
		require.Equal(t, []string{"current", "retired"}, states(k, "sign"))
		require.Equal(t, []string{"current"}, states(k, "ticket"))
		accepts(false)
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct{ Keys []map[string]any }
		require.NoError(t, json.Unmarshal(body, &file))
		require.Len(t, file.Keys, 3)
		for _, key := range file.Keys {
			if key["kid"] == old.signer().id {
				require.NotContains(t, key, "d", "the private half is gone")
			}
		}

		time.Sleep(24 * time.Hour)
		gone, err = PruneKeys(path, Pruning{Forget: 24 * time.Hour})
		require.NoError(t, err)
		require.Equal(t, []string{old.signer().id}, gone)
		_, err = VerifyReceipt(t.Context(), load(t, path), []byte(oldReceipt))
		require.ErrorIs(t, err, ErrReceiptInvalid, "what was to be forgotten is")
	})
}

func TestAKeyThatLeakedIsDroppedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := keyFile(t)
		first := load(t, path).signer().id
		_, err := PruneKeys(path, Pruning{Drop: first})
		require.ErrorContains(t, err, "unusable", "the only key stays")
		_, err = PruneKeys(path, Pruning{Drop: "none"})
		require.ErrorContains(t, err, "no key")

		// A rotation that has not taken over is taken back.
		require.NoError(t, RotateKeys(path, Rotation{Lead: time.Hour, Overlap: time.Hour}))
		k := load(t, path)
		for _, s := range k.States() {
			if s.State == "next" {
				_, err := PruneKeys(path, Pruning{Drop: s.ID})
				require.NoError(t, err)
			}
		}
		k = load(t, path)
		require.Equal(t, []string{"current"}, states(k, "sign"))
		require.Equal(t, first, k.signer().id)
		time.Sleep(3 * time.Hour)
		require.Equal(t, []string{"current"}, states(k, "sign"), "and has no end any more")

		// The one that signs goes, and whoever remembered its passes forgets them.
		require.NoError(t, RotateKeys(path, Rotation{Overlap: time.Hour}))
		verifying := load(t, path)
		v := NewPassVerifier(verifying)
		token, err := k.SignPass(Pass{Room: "arena", Number: 1, AdmittedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour / 2)})
		require.NoError(t, err)
		_, err = v.Verify([]byte(token), "arena", time.Now())
		require.NoError(t, err)
		_, err = PruneKeys(path, Pruning{Drop: first})
		require.NoError(t, err)
		set, err := os.ReadFile(path)
		require.NoError(t, err)
		parsed, err := parseKeySet(set)
		require.NoError(t, err)
		require.Equal(t, []string{first}, verifying.replace(parsed))
		_, err = v.Verify([]byte(token), "arena", time.Now())
		require.ErrorIs(t, err, ErrPassInvalid)
	})
}

func TestRotationsAtOnceFollowEachOther(t *testing.T) {
	path := keyFile(t)
	var all sync.WaitGroup
	results := make(chan error, 8)
	for range cap(results) {
		all.Go(func() { results <- RotateKeys(path, Rotation{Lead: time.Hour, Overlap: time.Hour}) })
	}
	all.Wait()
	close(results)
	done := 0
	for err := range results {
		if err == nil {
			done++
			continue
		}
		require.ErrorContains(t, err, "under way")
	}
	require.Equal(t, 1, done)
	require.Equal(t, []string{"next", "current"}, states(load(t, path), "sign"))
}

func TestKeyFilesThatAreRefused(t *testing.T) {
	path := keyFile(t)
	body, err := os.ReadFile(path)
	require.NoError(t, err)
	change := func(f func(keys []map[string]any) []map[string]any) []byte {
		var file struct {
			Keys []map[string]any `json:"keys"`
		}
		require.NoError(t, json.Unmarshal(body, &file))
		file.Keys = f(file.Keys)
		out, err := json.Marshal(file)
		require.NoError(t, err)
		return out
	}
	set := func(name string, value any) func([]map[string]any) []map[string]any {
		return func(keys []map[string]any) []map[string]any { keys[0][name] = value; return keys }
	}
	_, err = ParseKeys(change(set("nbf", 1)))
	require.NoError(t, err, "the control")
	for why, f := range map[string]func([]map[string]any) []map[string]any{
		`newest key of each kind`: set("exp", 5),
		`whole Unix seconds`:      set("nbf", "soon"),
		`before it begins`: func(keys []map[string]any) []map[string]any {
			keys[0]["nbf"], keys[0]["exp"] = 9, 5
			return keys
		},
		`two keys`: func(keys []map[string]any) []map[string]any { return append(keys, keys[0]) },
		`at least`: func(keys []map[string]any) []map[string]any { return keys[:1] },
		`no Ed25519 key`: func(keys []map[string]any) []map[string]any { // a public half without an end
			for _, key := range keys {
				delete(key, "d")
			}
			return keys
		},
	} {
		_, err := ParseKeys(change(f))
		require.ErrorContains(t, err, why)
	}
}
