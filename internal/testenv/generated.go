package testenv

import (
	"os"
	"testing"
)

// updateDocs is the variable of the environment that makes Generated write instead of compare.
const updateDocs = "UPDATE_DOCS"

// Generated fails the test unless the file holds exactly this text; with UPDATE_DOCS=1 in the environment it writes it. So a page of the
// documentation says what a test has seen to be so.
func Generated(t testing.TB, file, want string) {
	t.Helper()
	if os.Getenv(updateDocs) == "1" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Errorf("%s is not up to date; run this test with %s=1. It should be:\n%s", file, updateDocs, want)
	}
}
