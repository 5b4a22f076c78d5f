package visit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/visit"
)

// settings is what the room tells everybody of its settings.
func settings(t *testing.T, gateway string) (said struct {
	Rate  int    `json:"rate_per_minute"`
	State string `json:"state"`
}) {
	t.Helper()
	res, err := http.Get(gateway + "/waitroom/v1/arena/serving")
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NoError(t, json.NewDecoder(res.Body).Decode(&said))
	return said
}

func kept(t *testing.T, l *journal.Log, ids ...string) {
	t.Helper()
	verdict := check.Judge(l)
	for _, id := range ids {
		for _, p := range verdict {
			if p.ID == id {
				assert.Equal(t, check.Kept, p.State(), "%+v", p)
			}
		}
	}
	assert.NotEqual(t, check.Broken, verdict.State(), "%+v", verdict)
}

func comeBackLate(t *testing.T, ctx context.Context, s visit.System) {
	l := run(t, ctx, s, `
name: late
about: Some fall silent and come back.
arrivals: [ { at: 0s, per_second: 200 }, { at: 2s, per_second: 200 } ]
deadline: 4m
visitors: [ { name: waiting, do: wait, late_percent: 15 } ]
room: { mode: queue, rate_per_minute: 1200, max_active: 100, session_idle_seconds: 6, session_limit_seconds: 45, ghost_seconds: 5, return_grace_seconds: 20, poll_min_ms: 150, poll_max_ms: 900 }
connections: 16
`, visit.Options{Seed: 2})
	require.Equal(t, visit.Done, l.End.Why, "%v", l.End.Outcomes)
	require.NotNil(t, find(l, journal.Return), "%v", l.End.Outcomes)
	kept(t, l, "P1", "P2", "P3", "P4")
	for _, p := range check.Judge(l) {
		for _, c := range p.Checks {
			if c.Name == "who comes back within the grace is admitted next" {
				require.Positive(t, c.Of, "%+v", c)
			}
		}
	}
}

func besideBots(t *testing.T, ctx context.Context, s visit.System) {
	l := run(t, ctx, s, `
name: bots
about: Bots beside people.
arrivals: [ { at: 0s, per_second: 60 }, { at: 2s, per_second: 60 } ]
deadline: 4m
visitors:
  - { name: person, do: join, weight: 90 }
  - { name: bot, do: attack, weight: 10, polls_faster: 4 }
room: { mode: queue, rate_per_minute: 3000, max_active: 30, session_idle_seconds: 15, session_limit_seconds: 45, ghost_seconds: 5, poll_min_ms: 200, poll_max_ms: 1000, joins_per_address: 2 }
connections: 32
`, visit.Options{Seed: 3})
	require.Equal(t, visit.Done, l.End.Why, "%v", l.End.Outcomes)
	require.Equal(t, l.End.Visitors, l.End.Outcomes["joined"]+l.End.Outcomes["admitted"]+l.End.Outcomes["bot gave up"], "%v", l.End.Outcomes)
	refused := map[journal.Action]int{}
	for _, r := range l.Records {
		if r.Problem == "join-limit" {
			refused[r.Action]++
		}
	}
	require.Positive(t, refused[journal.Flood], "the first dozen of them share four addresses and two gateways")
	require.Zero(t, refused[journal.Join], "people come from many addresses")
	kept(t, l, "P1", "P2", "P3")
}

func interrupted(t *testing.T, ctx context.Context, s visit.System) {
	ctx, interrupt := context.WithCancel(ctx)
	path := filepath.Join(t.TempDir(), "run.journal")
	l := runInto(t, ctx, path, s, `
name: endless
about: People wait for longer than anybody looks.
arrivals: [ { at: 0s, per_second: 50 }, { at: 5m, per_second: 50 } ]
deadline: 10m
visitors: [ { name: waiting, do: wait } ]
room: { mode: queue, rate_per_minute: 60, max_active: 10, session_idle_seconds: 6, ghost_seconds: 3, poll_min_ms: 200, poll_max_ms: 1000 }
connections: 16
`, visit.Options{Seed: 4, Faults: func(ctx context.Context, _ time.Time, note func(journal.Fault)) {
		note(journal.Fault{At: 1, What: "network", How: "cut"})
		assert.True(t, testenv.Eventually(func() bool { // somebody has come, and been looked at
			soFar, _ := journal.Read(path)
			return ctx.Err() != nil || soFar != nil && len(soFar.Records) > 20 && len(soFar.Samples) > 0
		}))
		interrupt()
		<-ctx.Done()
		note(journal.Fault{At: 2, What: "network", How: "cut", Done: true})
	}})
	require.Equal(t, visit.Interrupted, l.End.Why)
	require.Less(t, l.End.Visitors, 15_000, "of the people who were to come")
	require.Equal(t, l.End.Visitors, total(l.End.Outcomes), "%v", l.End.Outcomes)
	require.Positive(t, l.End.Outcomes["not done at the end"])
	require.Len(t, l.Faults, 2)
	require.NotEmpty(t, l.Audit.Recount)
	require.NotEmpty(t, l.Samples)
	require.NotEmpty(t, l.Generators)
	require.Equal(t, "the profile has no hostile tries", l.Audit.Missing["canaries"])
}

func total(counts map[string]int) (n int) {
	for _, each := range counts {
		n += each
	}
	return n
}

func shared(t *testing.T, ctx context.Context, s visit.System) {
	p, err := profile.Parse("test.yaml", []byte(crowd+room))
	require.NoError(t, err)
	const parts = 2
	var ready, done, all sync.WaitGroup
	ready.Add(parts)
	done.Add(parts - 1)
	start := sync.OnceValue(func() time.Time { return time.Now().Add(3 * time.Second) })
	dir := t.TempDir()
	paths := make([]string, parts)
	errs := make([]error, parts)
	for part := range parts {
		paths[part] = filepath.Join(dir, fmt.Sprintf("run-%d.journal", part))
		system := s
		if part > 0 { // as a generator that is told of nothing but the gateways
			system = visit.System{Gateways: s.Gateways}
		}
		all.Go(func() {
			errs[part] = visit.Run(ctx, system, p, paths[part], visit.Options{
				Seed: 6, Part: part, Parts: parts,
				Ready: func(context.Context) (time.Time, error) {
					ready.Done()
					ready.Wait()
					return start(), nil
				},
				Others: func(context.Context) error { done.Wait(); return nil },
			})
			if part > 0 {
				done.Done()
			}
		})
	}
	all.Wait()
	var logs []*journal.Log
	for part := range parts {
		require.NoError(t, errs[part])
		l, err := journal.Read(paths[part])
		require.NoError(t, err)
		require.Equal(t, 150, l.End.Visitors, "every second one")
		logs = append(logs, l)
	}
	l, err := journal.Merge(logs)
	require.NoError(t, err)
	require.Empty(t, l.Incomplete)
	require.Equal(t, 300, l.End.Visitors)
	kept(t, l, "P1", "P2", "P3", "P4", "P5", "P6")
}

func withoutStaff(t *testing.T, ctx context.Context, s visit.System) {
	l := run(t, ctx, visit.System{Gateways: s.Gateways}, `
name: guests
about: Nobody of the staff is with us.
arrivals: [ { at: 0s, per_second: 20 }, { at: 1s, per_second: 20 } ]
deadline: 4m
visitors: [ { name: passing, do: join } ]
connections: 8
`, visit.Options{Seed: 7})
	require.Equal(t, visit.Done, l.End.Why, "%v", l.End.Outcomes)
	for _, what := range []string{"sales", "samples", "recount", "gated", "canaries"} {
		require.NotEmpty(t, l.Audit.Missing[what], what)
	}
	require.Empty(t, l.Audit.Missing["tokens"])
	kept(t, l, "P3")
}

func TestWhatCannotBeRunIsSaid(t *testing.T) {
	t.Parallel()
	text := "name: x\nabout: x\narrivals: [ { at: 0s, per_second: 5 }, { at: 1s, per_second: 5 } ]\nvisitors: [ { name: a, do: join } ]\n"
	p, err := profile.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "run.journal")
	for name, c := range map[string]struct {
		s    visit.System
		o    visit.Options
		says string
	}{
		"nobody answers": {visit.System{Gateways: []string{"http://127.0.0.1:1"}}, visit.Options{}, "http://127.0.0.1:1"},
		"no gateway":     {visit.System{}, visit.Options{}, "no gateway"},
		"no such part":   {visit.System{Gateways: []string{"http://127.0.0.1:1"}}, visit.Options{Part: 2, Parts: 2}, "no part 2 of 2"},
	} {
		err := visit.Run(t.Context(), c.s, p, path, c.o)
		require.ErrorIs(t, err, visit.ErrCannotRun, name)
		require.ErrorContains(t, err, c.says, name)
		require.NoFileExists(t, path)
	}
}
