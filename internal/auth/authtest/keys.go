// Package authtest gives tests keys to sign and verify with.
package authtest

import (
	"path/filepath"
	"testing"

	"anteroom/internal/auth"
)

// Keys are private keys that no other test has; their file is gone after the test.
func Keys(t testing.TB) *auth.Keys {
	t.Helper()
	return KeysIn(t, filepath.Join(t.TempDir(), "keys.json"))
}

// KeysIn makes the file of keys and loads it.
func KeysIn(t testing.TB, file string) *auth.Keys {
	t.Helper()
	if _, err := auth.InitKeys(file); err != nil {
		t.Fatal(err)
	}
	keys, err := auth.LoadKeys(file)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
