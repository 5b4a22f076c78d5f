package notary

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/draw"
	"anteroom/waitroom/ledger"
	"anteroom/waitroom/queuetest"
)

const arena = "arena"

// hall is a line with one room, a clock of its own, and keys.
type hall struct {
	*queuetest.Model
	t    *testing.T
	keys *auth.Keys

	mu  sync.Mutex
	now time.Time
}

func newHall(t *testing.T, change func(*waitroom.Policy)) *hall {
	t.Helper()
	h := &hall{t: t, now: time.Date(2026, 12, 1, 11, 59, 0, 0, time.UTC)}
	h.Model = queuetest.NewModel(h.clock)
	h.keys = authtest.Keys(t)
	policy := waitroom.DefaultPolicy()
	policy.Mode = waitroom.ModeQueue
	change(&policy)
	_, err := h.Create(t.Context(), arena, policy)
	require.NoError(t, err)
	return h
}

func (h *hall) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// view is what a gateway sees of the room now. Where a draw is done between its two readings, it reads both again.
func (h *hall) view() *waitroom.View {
	for {
		s, _, err := h.Tick(context.Background(), arena, h.clock())
		require.NoError(h.t, err)
		crowd, err := h.Crowd(context.Background(), arena, s.Turn())
		if errors.Is(err, waitroom.ErrTicketSuperseded) {
			continue
		}
		require.NoError(h.t, err)
		schedule, err := s.Policy.Schedule()
		require.NoError(h.t, err)
		return &waitroom.View{Snapshot: s, Crowd: crowd, Schedule: schedule, Received: time.Now()}
	}
}

// Each implements Views.
func (h *hall) Each(f func(*waitroom.View)) { f(h.view()) }

// gateway is a room's work as one gateway does it, on this line.
func (h *hall) gateway(line Line) *room {
	return New(line, h, h.keys, slog.New(slog.NewTextHandler(h.t.Output(), nil))).room(arena)
}

func (h *hall) ledger() []string {
	lines, err := h.Ledger(context.Background(), arena, 1, 100_000)
	require.NoError(h.t, err)
	return lines
}

func (h *hall) decoded() (all []ledger.Line) {
	for _, token := range h.ledger() {
		line, err := ledger.Decode(context.Background(), h.keys, token)
		require.NoError(h.t, err)
		all = append(all, line)
	}
	return all
}

func TestALineEveryTenSecondsAndAtEveryChange(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(*waitroom.Policy) {})
	r := h.gateway(h)
	work := func() int {
		r.work(t.Context(), h.view())
		return len(h.ledger())
	}
	require.Equal(t, 1, work())
	h.pass(9 * time.Second)
	require.Equal(t, 1, work())
	h.pass(time.Second)
	require.Equal(t, 2, work())

	rate := int64(120)
	_, err := h.Change(t.Context(), arena, waitroom.PolicyChange{RatePerMinute: &rate})
	require.NoError(t, err)
	require.Equal(t, 3, work(), "a changed policy")
	require.Equal(t, 3, work())
	_, err = h.End(t.Context(), arena, waitroom.SoldOut)
	require.NoError(t, err)
	require.Equal(t, 4, work(), "the end")
	_, err = h.Reset(t.Context(), arena)
	require.NoError(t, err)
	require.Equal(t, 5, work(), "a new epoch")

	_, err = ledger.Verify(t.Context(), h.keys, h.ledger())
	require.NoError(t, err)
	lines := h.decoded()
	require.EqualValues(t, 120, lines[2].RatePerMinute)
	require.Equal(t, "closed", lines[3].Mode)
	require.Greater(t, lines[4].Epoch, lines[3].Epoch)
}

// Any number of gateways write one ledger, and no more lines than one would.
func TestGatewaysRaceForOneLedger(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(*waitroom.Policy) {})
	var gateways sync.WaitGroup
	for range 4 {
		r := h.gateway(h)
		gateways.Go(func() {
			for range 300 {
				switch rand.IntN(4) { //nolint:gosec // No secret: it mixes the calls.
				case 0:
					_, err := h.Join(context.Background(), arena, waitroom.Entrant{})
					require.NoError(t, err)
				case 1:
					message := time.Now().String()
					_, err := h.Change(context.Background(), arena, waitroom.PolicyChange{Message: &message})
					require.NoError(t, err)
				}
				h.pass(time.Second)
				r.work(t.Context(), h.view())
			}
		})
	}
	gateways.Wait()
	_, err := ledger.Verify(t.Context(), h.keys, h.ledger())
	require.NoError(t, err)
	lines := h.decoded()
	require.Greater(t, len(lines), 50)
	for i := range lines[1:] {
		require.True(t, due(lines[i], lines[i+1]), "line %d was not needed after %d", i+2, i+1)
	}
}

// together lets both gateways read the last line before either writes. Unguarded, it appends whatever number the line has.
type together struct {
	Line
	reading   *sync.WaitGroup // nil: no waiting
	unguarded bool
}

func (l *together) LastLine(ctx context.Context, room string) (int64, string, error) {
	seq, token, err := l.Line.LastLine(ctx, room)
	if wait := l.reading; wait != nil {
		l.reading = nil
		wait.Done()
		wait.Wait()
	}
	return seq, token, err
}

func (l *together) Append(ctx context.Context, room string, seq int64, token string) error {
	for {
		err := l.Line.Append(ctx, room, seq, token)
		if err == nil || !l.unguarded {
			return err
		}
		last, _, _ := l.LastLine(ctx, room)
		seq = last + 1
	}
}

// The control: without compare-and-set the same race breaks the ledger, and the verifier sees it.
func TestCompareAndSetIsWhatKeepsTheLedgerWhole(t *testing.T) {
	t.Parallel()
	for _, unguarded := range []bool{false, true} {
		h := newHall(t, func(*waitroom.Policy) {})
		h.gateway(h).work(t.Context(), h.view())
		h.pass(20 * time.Second)
		v := h.view()
		var reading, done sync.WaitGroup
		reading.Add(2)
		for range 2 {
			r := h.gateway(&together{Line: h, reading: &reading, unguarded: unguarded})
			done.Go(func() { r.work(t.Context(), v) })
		}
		done.Wait()
		_, err := ledger.Verify(t.Context(), h.keys, h.ledger())
		if unguarded {
			require.ErrorIs(t, err, ledger.ErrBroken)
			require.Len(t, h.ledger(), 3)
		} else {
			require.NoError(t, err)
			require.Len(t, h.ledger(), 2, "who came second had nothing to add")
		}
	}
}

// A view from before the last line adds nothing, and one that contradicts it (a failover that lost writes) waits.
func TestTheLedgerNeverGoesBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(*waitroom.Policy) {})
	old := h.view()
	_, err := h.Join(t.Context(), arena, waitroom.Entrant{})
	require.NoError(t, err)
	h.pass(time.Minute)
	r := h.gateway(h)
	r.work(t.Context(), h.view())
	r.work(t.Context(), old)
	require.Len(t, h.ledger(), 1)

	h.pass(time.Minute)
	lost := *h.view()
	lost.Issued, lost.Serving, lost.AdmittedTotal = 0, 0, 0
	r.work(t.Context(), &lost)
	require.Len(t, h.ledger(), 1)
	require.True(t, r.down)
	r.work(t.Context(), h.view())
	require.Len(t, h.ledger(), 2)
	require.False(t, r.down)
}

// Other keys than those that signed the last line go on with the chain.
func TestNewKeysGoOnWithTheChain(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(*waitroom.Policy) {})
	h.gateway(h).work(t.Context(), h.view())
	h.keys = newHall(t, func(*waitroom.Policy) {}).keys
	h.pass(time.Minute)
	h.gateway(h).work(t.Context(), h.view())
	lines := h.ledger()
	require.Len(t, lines, 2)
	second, err := ledger.Decode(t.Context(), h.keys, lines[1])
	require.NoError(t, err)
	require.EqualValues(t, 2, second.Seq)
	require.Equal(t, ledger.Hash(lines[0]), second.Prev)
}

// TestADraw performs one by two notaries as they run, and verifies it from what is public.
func TestADraw(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(p *waitroom.Policy) {
		p.Method, p.Beacon, p.OpenAt = waitroom.MethodDraw, "drand quicknet round 1", "2026-12-01T12:00:00"
	})
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for range 2 {
		n := New(h, h, h.keys, slog.New(slog.NewTextHandler(t.Output(), nil)))
		running.Go(func() { require.NoError(t, n.Run(ctx)) })
	}
	defer running.Wait()
	defer stop()
	state := func() waitroom.DrawState {
		d, err := h.Drawing(ctx, arena)
		require.NoError(t, err)
		return d.State
	}
	for range 100 {
		_, err := h.Join(ctx, arena, waitroom.Entrant{})
		require.NoError(t, err)
	}
	require.True(t, testenv.Eventually(func() bool { return len(h.ledger()) > 0 }))
	require.Equal(t, waitroom.DrawCommitted, state(), "not before the opening")
	h.pass(time.Minute)
	require.True(t, testenv.Eventually(func() bool { return state() == waitroom.DrawSealed }))
	last := func() ledger.Line { all := h.decoded(); return all[len(all)-1] }
	require.True(t, testenv.Eventually(func() bool { return last().DrawRoot != "" }))
	require.Equal(t, waitroom.DrawSealed, state(), "the beacon has not spoken")
	_, err := h.Beacon(ctx, arena, "0123abcd")
	require.NoError(t, err)
	require.True(t, testenv.Eventually(func() bool { return last().Mode == "queue" }))
	require.Equal(t, waitroom.DrawDone, state())

	_, err = ledger.Verify(ctx, h.keys, h.ledger())
	require.NoError(t, err)
	d, err := h.Drawing(ctx, arena)
	require.NoError(t, err)
	bits, err := h.Entrants(ctx, arena)
	require.NoError(t, err)
	entrants, err := draw.NewEntrants(d.Entrants, bits)
	require.NoError(t, err)
	require.EqualValues(t, 100, entrants.Count())
	require.Equal(t, entrants.Root().String(), last().DrawRoot)
	require.Equal(t, draw.Commit(d.Seed, arena, d.Epoch, d.BeaconName).String(), h.decoded()[0].DrawCommitment, "from the first line on")
	v := h.view()
	order, err := queuetest.DrawnOrder(arena, d, entrants.Root())
	require.NoError(t, err)
	for number := int64(1); number <= 100; number++ {
		require.Equal(t, order.Rank(number), v.Rank(number))
	}
}
