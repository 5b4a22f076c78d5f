package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = 2 * time.Minute

// told is a drill that a test leads.
type told struct {
	t      *testing.T
	in     io.WriteCloser
	events chan event
	ended  chan error
}

func begin(t *testing.T, s settings) *told {
	t.Helper()
	commands, in := io.Pipe()
	out, reports := io.Pipe()
	d := &told{t: t, in: in, events: make(chan event, 1000), ended: make(chan error, 1)}
	go func() {
		err := run(t.Context(), s, dial(s), commands, reports)
		reports.Close()
		d.ended <- err
	}()
	go func() {
		defer close(d.events)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var e event
			if json.Unmarshal(lines.Bytes(), &e) == nil {
				d.events <- e
			}
		}
	}()
	d.await("ready", nil)
	return d
}

func (d *told) tell(command string) {
	d.t.Helper()
	_, err := fmt.Fprintln(d.in, command)
	require.NoError(d.t, err)
}

// await waits for an event of the name that is as wanted.
func (d *told) await(name string, wanted func(event) bool) event {
	d.t.Helper()
	deadline := time.After(patience)
	var last event
	for {
		select {
		case e, open := <-d.events:
			last = e
			require.True(d.t, open, "the drill ended before it said %s", name)
			if e.Event == name && (wanted == nil || wanted(e)) {
				return e
			}
		case <-deadline:
			require.Fail(d.t, "it was not said in time", "%s; the last event was %+v", name, last)
		}
	}
}

func newRoom(t *testing.T) (*redisqueue.Queue, settings) {
	t.Helper()
	env := testenv.Redis(t)
	url := testenv.Patient(t, env.URL)
	client, err := redisqueue.Dial(url)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	line := redisqueue.New(client, env.Prefix, redisqueue.WithTimeout(patience))
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.RatePerMinute, policy.MaxActive, policy.GhostSeconds, policy.SessionIdleSeconds = waitroom.ModeHold, 600_000, 100_000, 3600, 900
	_, err = line.Create(t.Context(), "arena", policy)
	require.NoError(t, err)
	s, err := parse([]string{
		"--redis-url", url, "--key-prefix", env.Prefix, "--journal", filepath.Join(t.TempDir(), "journal"), "--gateways", "3", "--visitors", "3000",
		"--sprint", "1000", "--singles", "500", "--block", "70", "--callers", "20", "--join-for", "100ms", "--beat", "200ms",
		"--ghost-every", "10", "--release-every", "20", "--release-after", "100ms",
	}, io.Discard)
	require.NoError(t, err)
	s.CallTimeout = patience // a call without an answer would be a trouble that the machine makes
	return line, s
}

// TestADrillIsAWholeCrowd lets a small one go through everything that a great one does.
func TestADrillIsAWholeCrowd(t *testing.T) {
	t.Parallel()
	line, s := newRoom(t)
	d := begin(t, s)
	d.tell("clock")
	require.InDelta(t, time.Now().UnixNano(), d.await("clock", nil).At, float64(time.Minute))
	for command, people := range map[string]int{"sprint": 1000, "singles": 500, "join": 1500} {
		d.tell(command)
		require.Equal(t, people, d.await(command, nil).People, command)
	}
	d.await("sample", func(e event) bool { return e.Issued == 3000 && e.Waiting == 3000 })
	d.tell("silence")
	require.Equal(t, 300, d.await("silence", nil).People)
	d.await("sample", nil) // may have been counted before the silence
	heard := d.await("sample", nil).Hears
	d.await("sample", func(e event) bool { return e.Hears > heard+int64(s.Gateways) }) // one call of each may have been under way already

	queue := waitroom.ModeQueue
	_, err := line.Change(t.Context(), "arena", waitroom.PolicyChange{Mode: &queue})
	require.NoError(t, err)
	d.await("sample", func(e event) bool { return e.AdmittedTotal == 3000 }) // the ghosts among them: they have not been gone for long
	d.await("sample", func(e event) bool { return e.Active == 3000-150 })    // 3, 23, 43, … give their session back; none is a ghost
	d.tell("quit")
	done := d.await("done", nil)
	require.NoError(t, <-d.ended)
	require.EqualValues(t, 150, done.Released, "%+v", done)
	require.Positive(t, done.Ticks)
	require.Positive(t, done.Hears)
	require.Empty(t, done.Failed)

	journal, err := os.ReadFile(s.Journal)
	require.NoError(t, err)
	given := map[int64]int{}
	silent := 0
	for _, text := range strings.Split(strings.TrimSpace(string(journal)), "\n") {
		var what string
		var gateway, sent, answered, epoch, first, count int64
		_, err := fmt.Sscan(text, &what, &gateway, &sent, &answered, &epoch, &first, &count)
		require.NoError(t, err, text)
		require.LessOrEqual(t, sent, answered, text)
		require.Contains(t, []string{"join", "hear"}, what)
		switch what {
		case "join":
			for n := first; n < first+count; n++ {
				given[n]++
			}
		case "hear":
			require.Zero(t, first, "one chunk holds all of them")
			if count == 0 {
				silent++
			}
		}
	}
	require.Len(t, given, 3000)
	for n := int64(1); n <= 3000; n++ {
		require.Equal(t, 1, given[n], "number %d", n)
	}
	require.Positive(t, silent, "after the silence somebody was still heard")
}

func TestTheDrillEndsWithItsInput(t *testing.T) {
	t.Parallel()
	_, s := newRoom(t)
	d := begin(t, s)
	require.NoError(t, d.in.Close())
	d.await("done", nil)
	require.NoError(t, <-d.ended)
}

func TestAnUnknownCommandEndsTheDrill(t *testing.T) {
	t.Parallel()
	_, s := newRoom(t)
	d := begin(t, s)
	d.tell("dance")
	require.ErrorContains(t, <-d.ended, "dance")
}

func TestALineThatRefusesEndsTheDrill(t *testing.T) {
	t.Parallel()
	_, s := newRoom(t)
	s.Room = "another"
	d := begin(t, s)
	d.tell("sprint")
	select {
	case err := <-d.ended:
		require.ErrorIs(t, err, waitroom.ErrRoomUnknown)
	case <-time.After(patience):
		require.Fail(t, "it goes on")
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for says, args := range map[string][]string{
		"--journal must be given":           {},
		"--sprint and --singles":            {"--journal", "x", "--visitors", "10"},
		"--gateways must be from 1 to 64":   {"--journal", "x", "--gateways", "0"},
		`--room: "A"`:                       {"--journal", "x", "--room", "A"},
		"--beat must be at least 100ms":     {"--journal", "x", "--beat", "1ms"},
		"--block must be from 1 to 100000":  {"--journal", "x", "--block", "100001"},
		"--join-for and --release-after":    {"--journal", "x", "--join-for", "-1s"},
		`"extra" is not expected`:           {"--journal", "x", "extra"},
		"line-drill run: flag provided but": {"--nonsense"},
	} {
		var log strings.Builder
		_, err := parse(args, &log)
		require.Error(t, err)
		require.Contains(t, log.String(), says)
	}
}
