package journal

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// bootClock reads Go's clock and the machine's monotonic one at the same moment: of several tries the one that took least, so that what
// is between the two is well under a microsecond.
func bootClock() (base time.Time, sinceBoot int64) {
	least := time.Hour
	for range 50 {
		var ts unix.Timespec
		before := time.Now()
		if unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts) != nil {
			continue
		}
		if took := time.Since(before); took < least {
			least, base, sinceBoot = took, before.Add(took/2), ts.Nano()
		}
	}
	if sinceBoot == 0 {
		base = time.Now()
	}
	return base, sinceBoot
}

// bootID is random at every start of the machine (proc(5)).
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}
