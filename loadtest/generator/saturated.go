package generator

import (
	"fmt"

	"anteroom/loadtest/journal"
)

// What a second must be like to count as one in which the generator could not keep up.
const (
	LateMS      = 100 // the latest hundredth of its requests left this long after they were due, or longer, in milliseconds…
	OwnPercent  = 80  // …while the generator used this much of the cores that it may use…
	BusyPercent = 95  // …or all together used this much of its machine
	MostPercent = 5   // a run may have this share of its requests in such seconds
)

// Saturated says whether a run's figures are those of its generator and not of the system, and why. It is so when more than 5 % of the
// requests were sent in seconds in which the generator could not keep up: at least a hundredth of the requests of that second left 100 ms or more after
// they were due, while the generator used 80 % of its cores or its machine was 95 % busy. Where it is not known how busy the machine was, being late is
// enough. Being late alone is not: with time to spare, requests were late because all connections waited for answers, and it is the system that
// was slow. Without any entry nothing is known and nothing is said. The entries may be those of several generators, in any order.
func Saturated(all []journal.Generator) (why string, saturated bool) {
	var sent, late, seconds int
	var own, busy, lag float64
	for _, g := range all {
		sent += g.Sent
		if g.Sent == 0 || g.LagP99MS < LateMS || g.CPUPercent < OwnPercent && g.Busy >= 0 && g.Busy < BusyPercent {
			continue
		}
		seconds++
		late += g.Sent
		own, busy, lag = max(own, g.CPUPercent), max(busy, g.Busy), max(lag, g.LagP99MS)
	}
	if late*100 <= sent*MostPercent {
		return "", false
	}
	return fmt.Sprintf("the generator could not keep up in %d of %d s, with %.0f %% of the requests: it sent up to %.0f ms late (p99), while it used up to %.0f %% of its cores%s. "+
		"The figures are those of the generator, not of the system", seconds, len(all), 100*float64(late)/float64(sent), lag, own, ofMachine(busy)), true
}

func ofMachine(busy float64) string {
	if busy <= 0 {
		return ""
	}
	return fmt.Sprintf(" and its machine was up to %.0f %% busy", busy)
}
