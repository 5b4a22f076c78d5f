package tenmillion

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// programs says how much memory the gateways and the drill have in use.
func programs(pids map[string]int, drill int) string {
	all := maps.Clone(pids)
	if all == nil {
		all = map[string]int{}
	}
	all["line-drill"] = drill
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		texts = append(texts, name+" "+sizeOf(strconv.Itoa(all[name]), "VmRSS"))
	}
	return strings.Join(texts, ", ")
}

// sizeOf reads a size out of what the kernel tells of a process; on a system that does not tell, it is not known.
func sizeOf(pid, name string) string {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return "not known"
	}
	for _, line := range strings.Split(string(status), "\n") {
		if value, is := strings.CutPrefix(line, name+":"); is {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			if err == nil {
				return fmt.Sprintf("%.0f MB", kb*1024/1e6)
			}
		}
	}
	return "not known"
}
