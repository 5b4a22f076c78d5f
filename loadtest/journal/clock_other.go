//go:build !linux

package journal

import "time"

func bootClock() (base time.Time, sinceBoot int64) { return time.Now(), 0 }

// bootID is not known: journals of several processes cannot be brought to one clock.
func bootID() string { return "" }
