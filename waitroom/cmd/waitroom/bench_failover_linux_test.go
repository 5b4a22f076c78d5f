package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
)

// BenchmarkFailover: Redis' primary is killed while a gateway serves, three Sentinels find out and promote its replica, and people go on asking for a
// place. Reported: the time from the kill to the first join that is acknowledged again, most of it what the Sentinels wait before they believe it
// (three seconds). Per operation: all of it, with servers of its own.
func BenchmarkFailover(b *testing.B) {
	var away time.Duration
	for range b.N {
		rig := redistest.StartSentinels(b, redistest.Durable...)
		public := benchGatewayOn(b, rig.URL(), "wr", gathering)
		require.True(b, joins(b.Context(), public), "the line is open before")
		rig.Primary().Kill()
		away += untilAgain(b, func(ctx context.Context) bool { return joins(ctx, public) })
	}
	b.ReportMetric(away.Seconds()/float64(b.N), "s-away")
}

// joins reports whether somebody gets a place within two seconds.
func joins(ctx context.Context, public string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+public+"/waitroom/v1/arena/join", http.NoBody)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusCreated
}

// untilAgain asks a hundred times a second until it works again, for at most two minutes, and returns how long it was away. It must have been away at all.
func untilAgain(b *testing.B, works func(ctx context.Context) bool) time.Duration {
	b.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for failed := false; ; {
		if works(ctx) {
			require.True(b, failed, "nothing was away, so this measures nothing")
			return time.Since(began)
		}
		failed = true
		select {
		case <-ctx.Done():
			b.Fatal("it has not come back")
		case <-tick.C:
		}
	}
}
