package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// descendants lists the children of a process, theirs, and so on.
func descendants(pid int) []int {
	parents := map[int][]int{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if _, parent := stat(child); err == nil && parent > 0 {
			parents[parent] = append(parents[parent], child)
		}
	}
	var all []int
	for next := parents[pid]; len(next) > 0; next = next[1:] {
		all = append(all, next[0])
		next = append(next, parents[next[0]]...)
	}
	return all
}

// state tells how a process is.
func state(pid int) condition {
	letter, _ := stat(pid)
	switch {
	case letter == "" || strings.Contains("ZX", letter):
		return over
	case strings.Contains("Tt", letter):
		return stopped
	}
	return running
}

// stat is the letter of the state of a process and its parent; empty and 0 when there is none.
func stat(pid int) (letter string, parent int) {
	body, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0
	}
	// The name, in brackets, may hold anything; what follows the last bracket does not.
	_, rest, _ := strings.Cut(string(body[strings.LastIndexByte(string(body), ')')+1:]), " ")
	if _, err := fmt.Sscan(rest, &letter, &parent); err != nil {
		return "", 0
	}
	return letter, parent
}
