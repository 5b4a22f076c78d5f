package redisqueue

import (
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/backing"
	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// What the line's own figures are compared with: the same Redis on the same machine, asked for the simplest thing that moves as much. Each has
// a Redis of its own, as the line has.

// BenchmarkPing: the way to Redis and back by one caller. Per operation: one PING.
func BenchmarkPing(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	for b.Loop() {
		require.NoError(b, q.client.Do(b.Context(), q.client.B().Ping().Build()).Error())
	}
}

// BenchmarkRedisIncr: redis-benchmark counting up one number, a hundred commands in each of 64 pipelines. Per operation: one INCR.
func BenchmarkRedisIncr(b *testing.B) { redisBenchmark(b, "INCR", "number:{calibrate}") }

// BenchmarkRedisSet: the same, setting one short value. Per operation: one SET.
func BenchmarkRedisSet(b *testing.B) { redisBenchmark(b, "SET", "place:{calibrate}", "0123456789") }

var requestsPerSecond = regexp.MustCompile(`,"?([0-9.]+)"?,`)

// redisBenchmark has redis-benchmark send a command, many thousand times at a go, and believes what it says of how often a second: that leaves out
// what it takes to start it and to connect.
func redisBenchmark(b *testing.B, command ...string) {
	b.Helper()
	program, err := backing.FindWebServer(b.Context(), "redis-benchmark")
	if err != nil {
		b.Skipf("redis-benchmark is not on this machine: %v", err)
	}
	server, err := url.Parse(testenv.Lasting(b, b.Name(), func(t testing.TB) string { return redistest.Start(t, "--save", "").URL() }))
	require.NoError(b, err)
	host, port, err := net.SplitHostPort(server.Host)
	require.NoError(b, err)
	const each = 100_000 // fewer are over before its clock, which counts milliseconds, says anything
	args := append([]string{"-h", host, "-p", port, "-c", "64", "-P", "100", "-n", strconv.Itoa(each), "--csv"}, command...)
	var took, done float64 // nanoseconds, commands
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program.Path, args...)
		cmd.Env = append(os.Environ(), program.Env...)
		said, err := cmd.Output()
		require.NoError(b, err, "%s", said)
		lines := strings.Split(strings.TrimSpace(string(said)), "\n")
		m := requestsPerSecond.FindStringSubmatch(lines[len(lines)-1])
		require.NotNil(b, m, "%s", said)
		rate, err := strconv.ParseFloat(m[1], 64)
		require.NoError(b, err)
		took, done = took+each*1e9/rate, done+each
	}
	b.ReportMetric(took/done, "ns/op")
}

// crowdBits are the bits of ten million who are all there, by chunk.
func crowdBits() (chunks []waitroom.Chunk) {
	full := []byte(strings.Repeat("\xff", waitroom.ChunkBytes))
	for chunk := range int64(tenMillion/waitroom.ChunkRanks + 1) {
		chunks = append(chunks, waitroom.Chunk{Index: chunk, Bits: full})
	}
	return chunks
}

// BenchmarkSetAsMuch: plain SETs of as many bytes as the heartbeats of ten million are, all sent together.
func BenchmarkSetAsMuch(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	for b.Loop() {
		setCrowd(b, q)
	}
}

// BenchmarkGetAsMuch: plain GETs of as many bytes, all asked for together.
func BenchmarkGetAsMuch(b *testing.B) {
	q, _ := lastingQueue(b, 0)
	setCrowd(b, q)
	var keys []rueidis.Completed
	for b.Loop() {
		keys = keys[:0]
		for _, c := range crowdBits() {
			keys = append(keys, q.client.B().Get().Key(plainKey(c.Index)).Build())
		}
		for _, answer := range q.client.DoMulti(context.Background(), keys...) {
			bits, err := answer.ToString()
			require.NoError(b, err)
			require.Len(b, bits, waitroom.ChunkBytes)
		}
	}
}

func setCrowd(b *testing.B, q *Queue) {
	b.Helper()
	var sets []rueidis.Completed
	for _, c := range crowdBits() {
		sets = append(sets, q.client.B().Set().Key(plainKey(c.Index)).Value(rueidis.BinaryString(c.Bits)).Build())
	}
	for _, answer := range q.client.DoMulti(context.Background(), sets...) {
		require.NoError(b, answer.Error())
	}
}

func plainKey(chunk int64) string { return "plain:{calibrate}:" + strconv.FormatInt(chunk, 10) }
