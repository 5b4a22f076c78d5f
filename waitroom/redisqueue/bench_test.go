package redisqueue

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

const (
	tenMillion = 10_000_000
	callers    = 4096 // of one engine at once
)

// benchQueue makes a room in which everybody waits, on a Redis of its own, so that its memory and its log are those of the room.
func benchQueue(b testing.TB, change func(*waitroom.Policy)) (*Queue, int64) {
	b.Helper()
	server := redistest.Start(b, "--save", "")
	q := New(connect(b, server.URL()), "wr", WithTimeout(20*time.Second))
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.GhostSeconds = waitroom.ModeHold, 3600
	if change != nil {
		change(&policy)
	}
	s, err := q.Create(b.Context(), "arena", policy)
	require.NoError(b, err)
	return q, s.Epoch
}

// lastingQueue is a room that a benchmark has for all its repetitions, with so many people in it.
func lastingQueue(b *testing.B, people int64) (*Queue, int64) {
	b.Helper()
	type room struct {
		q     *Queue
		epoch int64
	}
	r := testenv.Lasting(b, b.Name(), func(t testing.TB) room {
		q, epoch := benchQueue(t, nil)
		crowdOf(t, q, people)
		return room{q, epoch}
	})
	return r.q, r.epoch
}

// crowdOf lets so many people join and, with absent, a third of them go.
func crowdOf(b testing.TB, q *Queue, people int64) {
	b.Helper()
	for joined := int64(0); joined < people; joined += waitroom.MaxBlock {
		_, err := q.JoinMany(b.Context(), "arena", waitroom.MaxBlock)
		require.NoError(b, err)
	}
}

// thin takes every third one out of the heartbeat windows, as if those had fallen silent long ago.
func thin(b *testing.B, q *Queue, people int64) {
	b.Helper()
	pattern := make([]byte, waitroom.ChunkBytes)
	for chunk := range people/waitroom.ChunkRanks + 1 {
		for i := range pattern {
			pattern[i] = 0
			for k := range 8 {
				if (int(chunk)*waitroom.ChunkRanks+i*8+k)%3 != 0 {
					pattern[i] |= 1 << (7 - k)
				}
			}
		}
		key := q.hereKey("arena", 0, 0, chunk)
		mask := "mask:{arena}"
		for _, cmd := range []rueidis.Completed{
			q.client.B().Set().Key(mask).Value(string(pattern)).Build(),
			q.client.B().Bitop().And().Destkey(key).Key(key, mask).Build(),
			q.client.B().Del().Key(mask).Build(),
		} {
			require.NoError(b, q.client.Do(b.Context(), cmd).Error())
		}
	}
}

// byMany has many callers do something b.N times in all, and reports how often a second.
func byMany(b *testing.B, one func(ctx context.Context) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	// They all stand there before it begins: to start them would count as allocations of the operations, as one of each where a slow machine does few.
	var wg, ready sync.WaitGroup
	begin := make(chan struct{})
	ready.Add(callers)
	for range callers {
		wg.Go(func() {
			ready.Done()
			<-begin
			const share = 16 // taken at a time, so that the counting costs nothing
			for left.Add(-share) > -share {
				for range share {
					if err := one(context.Background()); err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	ready.Wait()
	b.ResetTimer()
	close(begin)
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "joins/s")
}

// BenchmarkJoin: single joins by many callers of one engine, which its group commit sends together. Per operation: one join.
func BenchmarkJoin(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	b.ReportAllocs()
	byMany(b, func(ctx context.Context) error {
		_, err := q.Join(ctx, "arena", waitroom.Entrant{})
		return err
	})
}

// BenchmarkJoinAlone: joins one after the other by one caller. Per operation: one join, the way to Redis and back.
func BenchmarkJoinAlone(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	for b.Loop() {
		if _, err := q.Join(b.Context(), "arena", waitroom.Entrant{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJoinMany: blocks of a thousand. Per operation: one join.
func BenchmarkJoinMany(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	b.ResetTimer()
	for joined := 0; joined < b.N; joined += 1000 {
		if _, err := q.JoinMany(b.Context(), "arena", 1000); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "joins/s")
}

// BenchmarkJoinAccount: as BenchmarkJoin, each with an account of its own, so that the index of accounts is looked up and grows.
func BenchmarkJoinAccount(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	before, first := usedMemory(b, q), accounts.Load()
	byMany(b, func(ctx context.Context) error {
		_, err := q.Join(ctx, "arena", waitroom.Entrant{Account: "buyer-" + strconv.FormatInt(accounts.Add(1), 10)})
		return err
	})
	b.ReportMetric(float64(usedMemory(b, q)-before)/float64(accounts.Load()-first), "B/account")
}

var accounts atomic.Int64 // that have joined, in all repetitions

// BenchmarkJoinSortedSet is the calibrator of BenchmarkJoin: what a waiting room usually does, one visitor a call, a script that takes a number
// and adds it to the line and to the heartbeats, two sorted sets. The same Redis, client and number of callers.
func BenchmarkJoinSortedSet(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	script := rueidis.NewLuaScript(`
		local t = redis.call('TIME')
		local number = redis.call('INCR', KEYS[1])
		redis.call('ZADD', KEYS[2], number, number)
		redis.call('ZADD', KEYS[3], t[1] * 1000 + math.floor(t[2] / 1000), number)
		return { number, redis.call('ZCARD', KEYS[2]) }`)
	before := usedMemory(b, q)
	keys := []string{"number:{set}", "line:{set}", "seen:{set}"}
	var joined atomic.Int64
	byMany(b, func(ctx context.Context) error {
		joined.Add(1)
		return script.Exec(ctx, q.client, keys, nil).Error()
	})
	b.ReportMetric(float64(usedMemory(b, q)-before)/float64(joined.Load()), "B/visitor")
}

// BenchmarkMemory: what ten million who wait cost Redis, all three heartbeat windows full. Reported: bytes a visitor, by INFO memory before
// and after.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		var clock atomic.Int64
		clock.Store(time.Now().UnixMilli())
		q, epoch := benchQueue(b, nil)
		q.clock = func() time.Time { return time.UnixMilli(clock.Load()) }
		before := usedMemory(b, q)
		crowdOf(b, q, tenMillion)
		for range windows {
			clock.Add(1800_000)
			_, _, err := q.Tick(b.Context(), "arena", time.Time{}) // silence: the window starts anew
			require.NoError(b, err)
			for range 1800 { // ticks go on, so that the next one ends the window
				clock.Add(1000)
				_, _, err := q.Tick(b.Context(), "arena", time.Time{})
				require.NoError(b, err)
			}
			require.NoError(b, q.Hear(b.Context(), "arena", waitroom.Turn{Epoch: epoch}, crowdBits()))
		}
		b.ReportMetric(float64(usedMemory(b, q)-before)/tenMillion, "B/visitor")
	}
}

// BenchmarkAdmission: the call that admits, ten million waiting, every third one gone. Per operation: 500 calls, 10 ms apart, as those of
// ten gateways, and between them as many PINGs, its calibrator: what the way to a Redis that does nothing takes on this machine. Reported: what one call takes.
func BenchmarkAdmission(b *testing.B) {
	q, _ := benchQueue(b, admitting)
	crowdOf(b, q, tenMillion)
	thin(b, q, tenMillion)
	admissions(b, q)
}

// BenchmarkAdmissionBehindGone: the same with twenty million who have gone in front of ten million who wait.
func BenchmarkAdmissionBehindGone(b *testing.B) {
	q, _ := benchQueue(b, admitting)
	crowdOf(b, q, 2*tenMillion)
	nobody := strings.Repeat("\x00", waitroom.ChunkBytes)
	for chunk := range int64(2*tenMillion/waitroom.ChunkRanks + 1) {
		require.NoError(b, q.client.Do(b.Context(), q.client.B().Set().Key(q.hereKey("arena", 0, 0, chunk)).Value(nobody).Build()).Error())
	}
	crowdOf(b, q, tenMillion)
	admissions(b, q)
}

func admitting(p *waitroom.Policy) { p.RatePerMinute, p.MaxActive = 60_000, 1_000_000 }

func admissions(b *testing.B, q *Queue) {
	b.Helper()
	mode := waitroom.ModeQueue
	_, err := q.Change(b.Context(), "arena", waitroom.PolicyChange{Mode: &mode})
	require.NoError(b, err)
	pace := time.NewTicker(5 * time.Millisecond)
	defer pace.Stop()
	_, _, err = q.Tick(b.Context(), "arena", time.Now()) // Redis knows the script from now on
	require.NoError(b, err)
	require.NoError(b, q.client.Do(b.Context(), q.client.B().ConfigResetstat().Build()).Error())
	var took, idle []time.Duration
	var last waitroom.Snapshot
	for b.Loop() {
		for range 500 {
			<-pace.C
			began := time.Now()
			last, _, err = q.Tick(b.Context(), "arena", began)
			took = append(took, time.Since(began))
			require.NoError(b, err)
			<-pace.C
			began = time.Now()
			err = q.client.Do(b.Context(), q.client.B().Ping().Build()).Error()
			idle = append(idle, time.Since(began))
			require.NoError(b, err)
		}
	}
	require.Positive(b, last.AdmittedTotal)
	for name, all := range map[string][]time.Duration{"caller": took, "ping": idle} {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), name+"-p99-µs")
	}
	stats := info(b, q, "latencystats")["latency_percentiles_usec_evalsha"] // p50=…,p99=…,p99.9=…
	for _, percentile := range strings.Split(stats, ",") {
		name, value, _ := strings.Cut(percentile, "=")
		us, err := strconv.ParseFloat(value, 64)
		require.NoError(b, err, stats)
		b.ReportMetric(us, "redis-"+name+"-µs")
	}
	b.ReportMetric(float64(last.AdmittedTotal)/float64(len(took)), "admitted/call")
}

// BenchmarkHear: one gateway tells the heartbeats of ten million visitors. Per operation: all of them.
func BenchmarkHear(b *testing.B) {
	q, epoch := lastingQueue(b, tenMillion)
	chunks := crowdBits()
	for b.Loop() {
		require.NoError(b, q.Hear(b.Context(), "arena", waitroom.Turn{Epoch: epoch}, chunks))
	}
}

// BenchmarkCrowd: one gateway reads who is present, of ten million. Per operation: all of them.
func BenchmarkCrowd(b *testing.B) {
	q, epoch := lastingQueue(b, tenMillion)
	for b.Loop() {
		crowd, err := q.Crowd(b.Context(), "arena", waitroom.Turn{Epoch: epoch})
		require.NoError(b, err)
		require.EqualValues(b, tenMillion, crowd.Count())
	}
}

func usedMemory(b testing.TB, q *Queue) int64 {
	b.Helper()
	n, err := strconv.ParseInt(info(b, q, "memory")["used_memory"], 10, 64)
	require.NoError(b, err)
	return n
}

// info is a section of what Redis says of itself.
func info(b testing.TB, q *Queue, section string) map[string]string {
	b.Helper()
	text, err := q.client.Do(b.Context(), q.client.B().Info().Section(section).Build()).ToString()
	require.NoError(b, err)
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields
}
