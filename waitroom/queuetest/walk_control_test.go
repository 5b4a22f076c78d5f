package queuetest

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// TestMain keeps the controls, which fail on purpose, from shrinking for long and from leaving files behind.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "1s"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	m.Run()
}

// silentT takes what a failing walk says, and does not fail.
type silentT struct {
	testing.TB
	failed bool
	said   string
}

func (s *silentT) Errorf(format string, args ...any) {
	s.failed, s.said = true, s.said+fmt.Sprintf(format, args...)
}
func (s *silentT) Fatalf(format string, args ...any) { s.Errorf(format, args...) }
func (s *silentT) Logf(string, ...any)               {}
func (s *silentT) Log(...any)                        {}
func (s *silentT) FailNow()                          { s.failed = true }
func (s *silentT) Fail()                             { s.failed = true }
func (s *silentT) Failed() bool                      { return s.failed }

// broken is the model with one thing wrong.
type broken struct {
	*Model
	look  func(*Model, waitroom.Place) waitroom.Place
	tick  func(*Model, *line)
	quiet bool
}

func (b *broken) Look(ctx context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	p, err := b.Model.Look(ctx, room, epoch, number)
	if b.look != nil && err == nil {
		p = b.look(b.Model, p)
	}
	return p, err
}

func (b *broken) Tick(ctx context.Context, room string, since time.Time) (waitroom.Snapshot, []waitroom.Revocation, error) {
	if b.tick != nil {
		b.mu.Lock()
		b.tick(b.Model, b.rooms[room])
		b.mu.Unlock()
	}
	return b.Model.Tick(ctx, room, since)
}

func (b *broken) Leave(ctx context.Context, room string, epoch, number int64) error {
	if b.quiet {
		return nil
	}
	return b.Model.Leave(ctx, room, epoch, number)
}

// TestWalkControl shows that walks find a line with one thing wrong.
func TestWalkControl(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]broken{
		"a leave that is forgotten": {quiet: true},
		"a window too few":          {tick: func(_ *Model, r *line) { r.windowAt -= r.policy.GhostSeconds * 250 }},
		"an admission a minute over": {tick: func(_ *Model, r *line) {
			if len(r.admissions) > 0 {
				r.admissions = r.admissions[1:]
			}
		}},
		"pressure that is forgotten": {tick: func(_ *Model, r *line) { r.throttle = throttle{} }},
		"a session that never ends": {tick: func(_ *Model, r *line) {
			for _, s := range r.sessions {
				s.started = r.now
			}
		}},
		"a place that is never lost": {look: func(_ *Model, p waitroom.Place) waitroom.Place {
			if p.State == waitroom.Expired {
				p.State = waitroom.Waiting
			}
			return p
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &silentT{TB: t}
			for walks := 0; walks < 10 && !heard.failed; walks++ { // some faults show in one walk of ten only, and all of a hundred may miss one
				Walk(heard, func(clock *Clock, gateways int) ([]waitroom.Line, func()) {
					own := wrong
					own.Model = NewModel(clock.Now)
					lines := make([]waitroom.Line, gateways)
					for i := range lines {
						lines[i] = &own
					}
					return lines, func() {}
				})
			}
			require.True(t, heard.failed, "the walk must find it")
		})
	}
}
