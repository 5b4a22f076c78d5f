package redisqueue

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/redistest"
	"anteroom/internal/testenv"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// refuser is a Redis with a busy line that is about to refuse its work.
type refuser struct {
	*redistest.Server
	queue *Queue
	epoch int64
	other int64 // epoch of the room on which the operations are tried that end things
}

// The busy line: five are admitted, and the others wait.
const admittedOnes, everyone = 5, 40

func newRefuser(t *testing.T, timeout time.Duration, args ...string) *refuser {
	t.Helper()
	r := &refuser{Server: redistest.Start(t, append([]string{"--enable-debug-command", "local"}, args...)...)}
	r.queue = New(connect(t, testenv.Patient(t, r.URL())), "wr", WithTimeout(timeout)) // no connection is given up by itself
	q := patient(t, r.URL())
	for room, epoch := range map[string]*int64{"arena": &r.epoch, "other": &r.other} {
		*epoch = create(t, q, room, gathering(func(p *waitroom.Policy) { p.Mode, p.MaxActive = waitroom.ModeQueue, admittedOnes })).Epoch
		for range everyone {
			_, err := q.Join(t.Context(), room, waitroom.Entrant{})
			require.NoError(t, err)
		}
		require.True(t, testenv.Eventually(func() bool {
			s, _, err := q.Tick(t.Context(), room, time.Now())
			return err == nil && s.Active == admittedOnes
		}))
	}
	opening := time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05")
	create(t, q, "lottery", gathering(func(p *waitroom.Policy) {
		p.Mode, p.Method, p.Beacon, p.OpenAt = waitroom.ModeQueue, waitroom.MethodDraw, "tomorrow's temperature", opening
	}))
	_, err := q.JoinMany(t.Context(), "lottery", 100)
	require.NoError(t, err)
	return r
}

// operations is everything that writes, by name.
func (r *refuser) operations(ctx context.Context) map[string]func() error {
	q, mode := r.queue, waitroom.ModeHold
	turn := waitroom.Turn{Epoch: r.epoch}
	look := func(number int64) func() error {
		return func() error { _, err := q.Look(ctx, "arena", r.epoch, number); return err }
	}
	hear := func(bits int) func() error {
		return func() error {
			return q.Hear(ctx, "arena", turn, []waitroom.Chunk{{Bits: slices.Repeat([]byte{0xff}, bits/8)}})
		}
	}
	join := func(who waitroom.Entrant) func() error {
		return func() error { _, err := q.Join(ctx, "arena", who); return err }
	}
	return map[string]func() error{
		"join": join(waitroom.Entrant{}), "join with an account": join(waitroom.Entrant{Account: "a"}), "join with a key": join(waitroom.Entrant{Key: "k"}),
		"join many":      func() error { _, err := q.JoinMany(ctx, "arena", 1000); return err },
		"tick":           func() error { _, _, err := q.Tick(ctx, "arena", time.Time{}); return err },
		"look, waiting":  look(everyone),
		"look, admitted": look(1),
		"hear, few":      hear(32),
		"hear, many":     hear(2 * sparseBits),
		"touch": func() error {
			return q.Touch(ctx, "arena", r.epoch, []waitroom.Session{{Number: 1, AdmittedAt: time.Now()}})
		},
		"change":            func() error { _, err := q.Change(ctx, "other", waitroom.PolicyChange{Mode: &mode}); return err },
		"create":            func() error { _, err := q.Create(ctx, "another", gathering()); return err },
		"leave":             func() error { return q.Leave(ctx, "other", r.other, everyone) },
		"release":           func() error { return q.Release(ctx, "other", r.other, 1) },
		"evict, admitted":   func() error { return q.Evict(ctx, "other", r.other, 2) },
		"evict, waiting":    func() error { return q.Evict(ctx, "other", r.other, everyone-1) },
		"end":               func() error { _, err := q.End(ctx, "other", waitroom.SoldOut); return err },
		"reset":             func() error { _, err := q.Reset(ctx, "other"); return err },
		"a ledger's line":   func() error { return q.Append(ctx, "arena", 1, "line") },
		"sealing of a draw": func() error { _, err := q.Seal(ctx, "lottery"); return err },
	}
}

// data is every key of the Redis with a digest of its value.
func (r *refuser) data(t *testing.T) map[string]string {
	t.Helper()
	client := connect(t, testenv.Patient(t, r.URL()))
	keys, err := client.Do(t.Context(), client.B().Keys().Pattern("*").Build()).AsStrSlice()
	require.NoError(t, err)
	all := map[string]string{}
	for _, key := range keys {
		all[key], err = r.Do("DEBUG", "DIGEST-VALUE", key)
		require.NoError(t, err)
	}
	return all
}

// requireGoesOn: those admitted still are, those waiting still wait, and are admitted in their order.
func (r *refuser) requireGoesOn(t *testing.T) {
	t.Helper()
	q := patient(t, r.URL())
	for number := int64(1); number <= admittedOnes; number++ {
		p, err := look(t, q, r.epoch, number)
		require.NoError(t, err)
		require.Equal(t, waitroom.Admitted, p.State)
	}
	var journal []queuetest.Joined
	for number := int64(admittedOnes + 1); number <= everyone; number++ {
		at := time.Duration(number)
		journal = append(journal, queuetest.Joined{Sent: at, Answered: at, Number: number, Admitted: queuetest.NotAdmitted})
	}
	requireAllWait(t, q, r.epoch, journal)
	slots := int64(1000)
	persist(t, "raising the cap", func() (waitroom.Snapshot, error) {
		return q.Change(t.Context(), "arena", waitroom.PolicyChange{MaxActive: &slots})
	})
	requireServedInOrder(t, q, r.epoch, journal)
	p, err := q.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)
	require.Greater(t, p.Number, int64(everyone))
}

// TestRedisRefuses: whatever keeps Redis from serving, every operation says that the line is unavailable, with the cause; nothing of it
// is half done; and when Redis serves again nobody has lost a place.
func TestRedisRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cause         string
		timeout       time.Duration
		begin, finish func(t *testing.T, r *refuser)
		unknown       bool // whether what was refused is done later
	}{
		"full": {cause: CauseFull, timeout: enough, begin: command("CONFIG", "SET", "maxmemory", "1"), finish: command("CONFIG", "SET", "maxmemory", "0")},
		"read-only": {
			cause: CauseReadOnly, timeout: enough, begin: command("REPLICAOF", "127.0.0.1", "1"), finish: command("REPLICAOF", "NO", "ONE"),
		},
		"replicas missing": {
			cause: CauseReplicas, timeout: enough, begin: command("CONFIG", "SET", "min-replicas-to-write", "1"),
			finish: command("CONFIG", "SET", "min-replicas-to-write", "0"),
		},
		"gone": {
			cause: CauseGone, timeout: enough, begin: func(_ *testing.T, r *refuser) { r.Kill() },
			finish: func(_ *testing.T, r *refuser) { r.Restart() },
		},
		"hung": {
			cause: CauseTimeout, timeout: 100 * time.Millisecond, unknown: true,
			begin:  func(_ *testing.T, r *refuser) { r.Freeze() },
			finish: func(_ *testing.T, r *refuser) { r.Thaw() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRefuser(t, c.timeout, redistest.Durable...)
			require.True(t, testenv.Eventually(func() bool { return r.queue.Ping(t.Context()) == nil })) // it has a connection
			before := r.data(t)
			c.begin(t, r)
			for name, operation := range r.operations(context.Background()) { // without a deadline of the caller's
				err := operation()
				require.ErrorIs(t, err, waitroom.ErrLineUnavailable, name)
				require.Error(t, errors.Unwrap(err), "%s: the cause is kept", name)
				require.Equal(t, c.cause, Cause(err), "%s: %v", name, errors.Unwrap(err))
			}
			c.finish(t, r)
			if !c.unknown {
				require.Equal(t, before, r.data(t), "something was done by half")
			}
			r.requireGoesOn(t)
			require.NotEqual(t, before, r.data(t), "whatever is done, it does not show, so this shows nothing")
		})
	}
}

// command is something that Redis is told.
func command(args ...string) func(*testing.T, *refuser) {
	return func(t *testing.T, r *refuser) {
		_, err := r.Do(args...)
		require.NoError(t, err)
	}
}
