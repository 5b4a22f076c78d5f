package backing

import (
	"context"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// expireEvery is how often the embedded Redis is told how much time has gone by; it has no clock of its own
// for keys that expire.
const expireEvery = 100 * time.Millisecond

// startMiniredis serves an imitation of Redis from this process: good enough to look at the system, lost at
// the end of the process, slow.
func (b *Backing) startMiniredis(o Options) error {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		return err
	}
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(expireEvery)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case <-quit:
				return
			case now := <-tick.C:
				server.FastForward(now.Sub(last))
				last = now
			}
		}
	}()
	b.stops = append(b.stops, func(context.Context) error {
		close(quit)
		<-ended
		server.Close()
		return nil
	})
	b.RedisURL, b.RedisSource = "redis://"+server.Addr()+"/0", Embedded
	o.Progress("Redis: " + Embedded + " (nothing in it survives the end of this run)")
	return nil
}
