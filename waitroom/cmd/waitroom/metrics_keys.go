package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// The names of the metrics of the key files; the label is keys or edge.
const (
	metricKeyLoads = `waitroom_key_loads_total{file=%q,outcome=%q}` // outcome: ok, failed
	metricKeyStale = `waitroom_key_file_failed{file=%q}`            // 1 while the file as it is now cannot be used, and the keys from before are
)

// serveEdges makes the desk give passes for edges when there is a key for them; else the key is nil.
func (s *settings) serveEdges(desk *waitroom.Desk) (*auth.EdgeKey, error) {
	if s.EdgeKeyFile == "" {
		return nil, nil
	}
	edge, err := auth.LoadEdgeKey(s.EdgeKeyFile)
	if err != nil {
		return nil, fmt.Errorf("%w; make it with: waitroom keys edge --edge-key-file %s", err, s.EdgeKeyFile)
	}
	desk.ServeEdges(edge)
	return edge, nil
}

// watchKeys is the task that keeps the keys of a gateway as their files say. The edge key may be nil.
func watchKeys(keys *auth.Keys, edge *auth.EdgeKey, seen *observer, log *slog.Logger) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		var watching sync.WaitGroup
		watching.Go(func() {
			told := seen.keyFile("keys", log)
			keys.Watch(ctx, auth.WatchEvery, func(gone []string, err error) {
				told(err)
				if len(gone) > 0 {
					log.Warn("keys are in the file no more, what they signed is refused", "kids", strings.Join(gone, " "))
				}
			})
		})
		if edge != nil {
			watching.Go(func() { edge.Watch(ctx, auth.WatchEvery, seen.keyFile("edge", log)) })
		}
		watching.Wait()
		return nil
	}
}

// keyFile counts and logs how the loads of a key file go.
func (o *observer) keyFile(file string, log *slog.Logger) func(err error) {
	var failed atomic.Bool
	o.set.NewGauge(fmt.Sprintf(metricKeyStale, file), func() float64 {
		if failed.Load() {
			return 1
		}
		return 0
	})
	return func(err error) {
		failed.Store(err != nil)
		if err != nil {
			o.set.GetOrCreateCounter(fmt.Sprintf(metricKeyLoads, file, "failed")).Inc()
			log.Error("the key file cannot be used, the keys from before stay", "file", file, "err", err)
			return
		}
		o.set.GetOrCreateCounter(fmt.Sprintf(metricKeyLoads, file, "ok")).Inc()
		log.Info("keys loaded", "file", file)
	}
}
