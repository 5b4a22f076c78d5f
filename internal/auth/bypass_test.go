package auth

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func bypassKeys(t testing.TB, lines ...string) *BypassKeys {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bypass.key")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600))
	k, err := LoadBypassKeys(file)
	require.NoError(t, err)
	return k
}

var (
	oneKey     = base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	anotherKey = base64.StdEncoding.EncodeToString([]byte("fedcba9876543210fedcba9876543210"))
)

func TestBypassIsForOneThingOnly(t *testing.T) {
	t.Parallel()
	k := bypassKeys(t, oneKey)
	now := time.Unix(1_800_000_000, 0)
	leave := Bypass{Room: "arena", Host: "shop.test", Path: "/seats", Expires: now.Add(time.Hour)}
	link, err := k.SignLink(leave)
	require.NoError(t, err)
	cookie, err := k.SignCookie(leave)
	require.NoError(t, err)

	expires, err := k.Link(link, "arena", "shop.test", "/seats", now)
	require.NoError(t, err)
	assert.Equal(t, leave.Expires, expires)
	_, err = k.Cookie(cookie, "arena", "shop.test", now)
	require.NoError(t, err)

	for name, try := range map[string]func() error{
		"other room":       func() error { _, err := k.Link(link, "theatre", "shop.test", "/seats", now); return err },
		"other host":       func() error { _, err := k.Link(link, "arena", "shop.test.evil", "/seats", now); return err },
		"other path":       func() error { _, err := k.Link(link, "arena", "shop.test", "/seats/x", now); return err },
		"link as a cookie": func() error { _, err := k.Cookie(link, "arena", "shop.test", now); return err },
		"cookie as a link": func() error { _, err := k.Link(cookie, "arena", "shop.test", "", now); return err },
		"cookie, room":     func() error { _, err := k.Cookie(cookie, "theatre", "shop.test", now); return err },
		"cookie, host":     func() error { _, err := k.Cookie(cookie, "arena", "other.test", now); return err },
		"other key": func() error {
			_, err := bypassKeys(t, anotherKey).Link(link, "arena", "shop.test", "/seats", now)
			return err
		},
		"empty": func() error { _, err := k.Link("", "arena", "shop.test", "/seats", now); return err },
		"without signature": func() error {
			_, err := k.Link(strings.SplitAfter(link, ".")[0], "arena", "shop.test", "/seats", now)
			return err
		},
		"too long": func() error {
			_, err := k.Link(link+strings.Repeat("A", maxToken), "arena", "shop.test", "/seats", now)
			return err
		},
	} {
		assert.ErrorIs(t, try(), ErrBypassInvalid, name)
	}
	for _, token := range []string{link, cookie} {
		_, err = k.Link(token, "arena", "shop.test", "/seats", now.Add(time.Hour))
		require.Error(t, err)
	}
	_, err = k.Link(link, "arena", "shop.test", "/seats", now.Add(time.Hour))
	require.ErrorIs(t, err, ErrBypassExpired)
	for i := range link { // no letter of it can be another one
		forged := []byte(link)
		if forged[i]++; forged[i] == '.' || forged[i] == link[i] {
			continue
		}
		_, err := k.Link(string(forged), "arena", "shop.test", "/seats", now)
		require.ErrorIs(t, err, ErrBypassInvalid, "%d", i)
	}
}

func TestBypassKeysAreReplacedInTwoSteps(t *testing.T) {
	t.Parallel()
	now := time.Now()
	leave := Bypass{Room: "arena", Host: "shop.test", Path: "/", Expires: now.Add(time.Hour)}
	check := func(k *BypassKeys, link string) error {
		_, err := k.Link(link, "arena", "shop.test", "/", now)
		return err
	}
	old, err := bypassKeys(t, oneKey).SignLink(leave)
	require.NoError(t, err)
	both := bypassKeys(t, "# since today", anotherKey, "", "  "+oneKey+"  ")
	fresh, err := both.SignLink(leave)
	require.NoError(t, err)
	require.NoError(t, check(both, old))
	require.NoError(t, check(both, fresh))
	require.NoError(t, check(bypassKeys(t, anotherKey), fresh))
	require.ErrorIs(t, check(bypassKeys(t, anotherKey), old), ErrBypassInvalid)
}

func TestBypassKeyFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "sub", "bypass.key")
	created, err := InitBypassKeys(file)
	require.NoError(t, err)
	require.True(t, created)
	_, err = LoadBypassKeys(file)
	require.NoError(t, err)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	created, err = InitBypassKeys(file)
	require.NoError(t, err)
	assert.False(t, created)
	for text, want := range map[string]string{
		"":                           "there is no key in it",
		"# " + oneKey:                "there is no key in it",
		oneKey + "\nc2hvcnQ=":        "line 2: a key has at least 32 bytes, this one 5",
		"{}":                         "line 1: not base64",
		strings.Repeat("A", 100<<10): "too long",
	} {
		file := filepath.Join(dir, "bad")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := LoadBypassKeys(file)
		assert.ErrorContains(t, err, want)
	}
	_, err = LoadBypassKeys(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// FuzzBypass: nothing that was not signed is taken.
func FuzzBypass(f *testing.F) {
	k := bypassKeys(f, oneKey)
	now := time.Unix(1_800_000_000, 0)
	link, err := k.SignLink(Bypass{Room: "arena", Host: "h", Path: "/", Expires: now.Add(time.Hour)})
	require.NoError(f, err)
	f.Add(link)
	f.Add("." + link)
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := k.Link(token, "arena", "h", "/", now); err == nil && token != link {
			t.Fatalf("%q was never signed", token)
		}
	})
}
