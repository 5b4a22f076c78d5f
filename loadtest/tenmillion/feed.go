package tenmillion

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"anteroom/loadtest/tenmillion/proof"
)

// The suite reads the line's own record of admissions by itself, past the engine: in the sorted set <prefix>:{<room>}:started each admitted
// number is there with the time of its admission, Unix milliseconds, for as long as its session lasts.
const (
	readEvery = 100 * time.Millisecond
	readAtOne = 20_000
	examples  = 5
)

// feed follows the record of admissions. Its counters may be read at any time.
type feed struct {
	client rueidis.Client
	key    string

	serving  atomic.Int64 // the highest number admitted so far
	admitted atomic.Int64 // how many were
	expected atomic.Int64 // how many of them are not ghosts

	mu     sync.Mutex
	ghosts map[int64]struct{}
	a      proof.Admissions
	cursor int64
	last   time.Time
}

func newFeed(client rueidis.Client, prefix, room string, visitors int) *feed {
	return &feed{client: client, key: prefix + ":{" + room + "}:started", a: proof.Admissions{
		Base: time.Now().Add(-time.Minute).UnixMilli(), After: make([]uint32, visitors+1+visitors/16), Total: -1,
	}}
}

// follow reads until ctx ends. It ends early with the first error.
func (f *feed) follow(ctx context.Context) error {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		if err := f.read(ctx); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // told to end
			}
			return fmt.Errorf("read the record of admissions: %w", err)
		}
		if round%5 == 0 {
			if err := f.count(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// read takes in what is new. Those of the last millisecond are read again, for more may have come in it.
func (f *feed) read(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		began := time.Now()
		from := strconv.FormatInt(f.cursor, 10)
		b := f.client.B()
		got, err := f.client.Do(ctx, b.Zrangebyscore().Key(f.key).Min(from).Max("+inf").Withscores().Limit(0, readAtOne).Build()).AsZScores()
		if err != nil {
			return err
		}
		before := f.cursor
		for _, one := range got {
			f.take(one)
		}
		if len(got) == readAtOne && f.cursor > before {
			continue // there is more
		}
		if len(got) == readAtOne {
			return fmt.Errorf("%d admissions in one millisecond are more than can be read at once", readAtOne)
		}
		if !f.last.IsZero() {
			f.a.MaxPause = max(f.a.MaxPause, time.Since(f.last))
		}
		f.last = began
		return nil
	}
}

func (f *feed) take(one rueidis.ZScore) {
	ms := int64(one.Score)
	f.cursor = max(f.cursor, ms)
	number, err := strconv.ParseInt(one.Member, 10, 64)
	if err != nil || number <= 0 || number >= int64(len(f.a.After)) || ms <= f.a.Base {
		f.a.Strange++
		return
	}
	after := uint32(ms - f.a.Base)
	switch f.a.After[number] {
	case after:
		return // read before
	case 0:
	default:
		if f.a.TwiceAll++; len(f.a.Twice) < examples {
			f.a.Twice = append(f.a.Twice, fmt.Sprintf("number %d was admitted twice, %d ms apart", number, int64(after)-int64(f.a.After[number])))
		}
		return
	}
	f.a.After[number] = after
	f.admitted.Add(1)
	f.serving.Store(max(f.serving.Load(), number))
	if _, ghost := f.ghosts[number]; !ghost {
		f.expected.Add(1)
	}
}

// count asks how many sessions there are.
func (f *feed) count(ctx context.Context) error {
	at := time.Now().UnixMilli()
	n, err := f.client.Do(ctx, f.client.B().Zcard().Key(f.key).Build()).AsInt64()
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.a.Cards = append(f.a.Cards, proof.Card{AtMS: at, N: n})
	f.mu.Unlock()
	return nil
}

// skip says whose admission is not waited for. It is called before anybody is admitted.
func (f *feed) skip(ghosts map[int64]struct{}) {
	f.mu.Lock()
	f.ghosts = ghosts
	f.mu.Unlock()
}

// result is all that was read; nothing may be read afterwards.
func (f *feed) result() proof.Admissions {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.a
}

// info reads figures of Redis by their names.
func info(ctx context.Context, client rueidis.Client, section string, names ...string) (map[string]float64, error) {
	text, err := client.Do(ctx, client.B().Info().Section(section).Build()).ToString()
	if err != nil {
		return nil, fmt.Errorf("ask Redis for its %s: %w", section, err)
	}
	all := map[string]float64{}
	for _, line := range strings.Split(text, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		for _, wanted := range names {
			if name == wanted {
				if all[name], err = strconv.ParseFloat(value, 64); err != nil {
					return nil, fmt.Errorf("ask Redis for its %s: %s is no number", section, line)
				}
			}
		}
	}
	if len(all) != len(names) {
		return nil, fmt.Errorf("ask Redis for its %s: not all of %v are there", section, names)
	}
	return all, nil
}
