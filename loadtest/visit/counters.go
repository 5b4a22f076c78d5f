package visit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// gated is how many requests on gated paths booking itself has counted, and since when it counts.
type gated struct {
	count int64
	since string // when the process began, as its metrics say it: a booking that was started anew has forgotten the rest
}

func gatedRequests(ctx context.Context, ops string) (gated, error) {
	if ops == "" {
		return gated{}, errors.New("booking's private port was not given")
	}
	body, err := read(ctx, ops+"/metrics")
	if err != nil {
		return gated{}, fmt.Errorf("booking's metrics: %w", err)
	}
	g := gated{count: sumGated(body), since: processBegan(body)}
	if g.count < 0 {
		return g, fmt.Errorf("%s/metrics does not count booking's requests", ops)
	}
	return g, nil
}

func processBegan(metrics []byte) string {
	lines := bufio.NewScanner(bytes.NewReader(metrics))
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "process_start_time_seconds "); ok {
			return value
		}
	}
	return ""
}

// gatedRoutes are the gated operations of booking's contract, as its metrics label them.
var gatedRoutes = []string{`route="getSeatLayout"`, `route="getSeatState"`, `route="holdSeats"`, `route="releaseHold"`}

// sumGated adds up the request counters of the gated operations, whatever the answers were: a request that booking itself
// refused has reached it as well. It is -1 when there is no such counter at all.
func sumGated(metrics []byte) int64 {
	sum, found := int64(0), false
	lines := bufio.NewScanner(bytes.NewReader(metrics))
	for lines.Scan() {
		series, value, ok := strings.Cut(lines.Text(), "} ")
		name, labels, labelled := strings.Cut(series, "{")
		if !ok || !labelled || name != "booking_requests_total" {
			continue
		}
		found = true
		if slices.ContainsFunc(gatedRoutes, func(route string) bool { return strings.Contains(labels, route) }) {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return -1
			}
			sum += int64(n)
		}
	}
	if !found {
		return -1
	}
	return sum
}
