package generator

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"anteroom/loadtest/journal"
)

// usage is what this process and its machine had used of the processor when it was last looked at.
type usage struct {
	at          time.Time
	own         time.Duration
	busy, total uint64 // of the machine, in ticks of its own
}

// since says how busy the processors were since the last look.
func (u *usage) since(now time.Time) journal.Generator {
	before := *u
	*u = usage{at: now, own: ownTime()}
	u.busy, u.total = machineTime("/proc/stat")
	g := journal.Generator{Busy: u.busySince(&before)}
	if before.at.IsZero() {
		return g
	}
	// A process that may not use all cores is at its end when it uses those that it may.
	cores := min(runtime.NumCPU(), runtime.GOMAXPROCS(0))
	if wall := now.Sub(before.at); wall > 0 {
		g.CPUPercent = 100 * float64(u.own-before.own) / (float64(wall) * float64(cores))
	}
	return g
}

// busySince is how busy the machine was since an earlier look, in per cent; -1 where that is not known. Its counts of idle time may go back by a
// little (proc_stat(5)), which does not make it more than busy.
func (u *usage) busySince(before *usage) float64 {
	if before.total == 0 || u.total <= before.total || u.busy < before.busy {
		return -1
	}
	return min(100*float64(u.busy-before.busy)/float64(u.total-before.total), 100)
}

// ownTime is the processor time that this process has used.
func ownTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// machineTime reads Linux's count of the time of all processors; zeros when there is none. Time that the hypervisor gave to others
// counts as busy: it was not to be had.
func machineTime(path string) (busy, total uint64) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, 0
	}
	line, _, _ := bytes.Cut(content, []byte("\n"))
	fields := bytes.Fields(line)
	// cpu user nice system idle iowait irq softirq steal; what follows, the time of guests, is part of user already (proc_stat(5)).
	if len(fields) < 9 || string(fields[0]) != "cpu" {
		return 0, 0
	}
	for i, f := range fields[1:9] {
		n, err := strconv.ParseUint(string(f), 10, 64)
		if err != nil {
			return 0, 0
		}
		if total += n; i != 3 && i != 4 {
			busy += n
		}
	}
	return busy, total
}
