//go:build unix && !linux

package process

import (
	"os/exec"
	"strconv"
	"strings"
)

// descendants lists the children of a process, theirs, and so on.
func descendants(pid int) []int {
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output() //nolint:noctx // it ends at once
	if err != nil {
		return nil // pgrep's way of saying that there are none
	}
	var all []int
	for _, word := range strings.Fields(string(out)) {
		if child, err := strconv.Atoi(word); err == nil {
			all = append(append(all, child), descendants(child)...)
		}
	}
	return all
}

// state tells how a process is.
func state(pid int) condition {
	out, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output() //nolint:noctx // it ends at once
	letter := strings.TrimSpace(string(out))
	switch {
	case err != nil || letter == "" || strings.HasPrefix(letter, "Z"):
		return over
	case strings.HasPrefix(letter, "T"):
		return stopped
	}
	return running
}
