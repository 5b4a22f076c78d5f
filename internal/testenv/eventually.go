package testenv

import "time"

// eventually is how long what must happen may take on a machine that does much else at the same time; nothing is concluded from how long it took.
const eventually = 2 * time.Minute

// Eventually asks until the answer is yes, and says whether it was. It asks on the caller's goroutine, so the question may end the test, unlike that
// of require.Eventually.
func Eventually(ask func() bool) bool {
	over, again := time.NewTimer(eventually), time.NewTicker(10*time.Millisecond)
	defer over.Stop()
	defer again.Stop()
	for !ask() {
		select {
		case <-over.C:
			return false
		case <-again.C:
		}
	}
	return true
}
