package testenv

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestEventually(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		late := func() bool { return time.Since(begun) > time.Minute }
		if !Eventually(late) {
			t.Error("what happens late does not happen")
		}
		begun = time.Now()
		if Eventually(func() bool { return false }) {
			t.Error("what never happens does")
		}
		if took := time.Since(begun); took != eventually {
			t.Errorf("it gave up after %s", took)
		}
	})
}
