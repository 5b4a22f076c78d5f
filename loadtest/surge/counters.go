package surge

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// gatedRequests is how many requests on gated paths booking itself has counted, from its metrics; -1 when it does not tell.
func gatedRequests(ctx context.Context, ops string) (int64, error) {
	if ops == "" {
		return -1, nil
	}
	body, err := read(ctx, ops+"/metrics")
	if err != nil {
		return -1, fmt.Errorf("booking's metrics: %w", err)
	}
	return sumGated(body), nil
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
