package redisqueue

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/rueidis"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
	"anteroom/waitroom"
)

// TestAwayAtTheStart: a queue can be made without Redis, says that it is away, and works once it is there; again after
// it has gone in between.
func TestAwayAtTheStart(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	cable.Cut()
	q := New(connect(t, url), env.Prefix)
	for range 2 {
		requireAllUnavailable(t, q)
		cable.Join()
		obey(t, "being there", func() error { return q.Ping(t.Context()) })
		create(t, q, "arena", waitroom.DefaultPolicy())
		cable.Cut()
	}
}

// TestSilentRedis: a Redis that takes requests and answers nothing keeps no one waiting for longer than the timeout.
func TestSilentRedis(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	q := New(connect(t, url), env.Prefix, WithTimeout(200*time.Millisecond))
	cable.Mute(true)
	requireAllUnavailable(t, q)
	cable.Mute(false)
	obey(t, "being there", func() error { return q.Ping(t.Context()) })
}

// TestJoinIsNotRepeated: when the connection breaks before the answer comes, a number is lost and no more than that. With
// a script that the client may repeat, which is the control, the same cut takes a second number.
func TestJoinIsNotRepeated(t *testing.T) {
	t.Parallel()
	ours := func(q *Queue) error {
		_, err := q.Join(t.Context(), "arena", waitroom.Entrant{})
		return err
	}
	repeating := func(q *Queue) error {
		b := q.client.B
		cmd := b().Evalsha().Sha1(joinScript.digest).Numkeys(1).Key(q.roomKey("arena")).Arg(q.args("arena", []string{"1", "0"})...).Build()
		return q.client.Do(t.Context(), cmd.ToRetryable()).Error()
	}
	for name, c := range map[string]struct {
		join   func(*Queue) error
		issued int64
	}{
		"ours": {ours, 21}, "control": {repeating, 22},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issued, repeated, err := cutDuringJoin(t, c.join)
			require.Equal(t, c.issued, issued, "repeated because of %q", repeated)
			if name == "ours" {
				require.Empty(t, repeated)
				require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
			} else {
				require.NotEmpty(t, repeated)
				require.NoError(t, err)
			}
		})
	}
}

// cutDuringJoin joins twenty times, then once more and breaks the connection after the number was taken. It returns how many numbers
// were taken in all, why the client repeated the last join, and how that ended.
//
// The client repeats after any failure of a connection, and of itself it takes a connection for failed that says nothing for ten seconds: on
// a busy machine a join that was slow and not cut took one number more. So it is given longer than the test lasts, and repeats nothing before
// the cut; after it all failures are of connections that could not be made, over which nothing was sent, until the one that serves.
func cutDuringJoin(t *testing.T, join func(*Queue) error) (issued int64, repeated []string, err error) {
	t.Helper()
	env := testenv.Redis(t)
	cable, url := testenv.NewCable(t, env.URL)
	option, err := rueidis.ParseURL(url)
	require.NoError(t, err)
	option.DisableCache, option.ForceSingleClient = true, true
	var cut atomic.Bool
	option.ConnWriteTimeout, option.Dialer.Timeout = 10*time.Minute, 10*time.Minute
	option.RetryDelay = func(_ int, _ rueidis.Completed, why error) time.Duration {
		if !cut.Load() {
			return -1
		}
		repeated = append(repeated, why.Error()) // by the one join that is under way
		return 10 * time.Millisecond
	}
	client, err := rueidis.NewClient(option) // not by Dial, which also forbids all repeating
	require.NoError(t, err)
	t.Cleanup(client.Close)

	q, direct := New(client, env.Prefix, WithTimeout(5*time.Minute)), New(connect(t, testenv.Patient(t, env.URL)), env.Prefix, WithTimeout(enough))
	policy := waitroom.DefaultPolicy()
	policy.Mode = waitroom.ModeHold
	_, err = direct.Create(t.Context(), "arena", policy)
	require.NoError(t, err)
	taken := func() int64 {
		s, _, err := direct.Tick(t.Context(), "arena", time.Time{})
		require.NoError(t, err)
		return s.Issued
	}
	_, err = direct.Join(t.Context(), "arena", waitroom.Entrant{}) // Redis knows the script from now on
	require.NoError(t, err)
	for range 19 {
		require.NoError(t, join(q))
	}
	cable.Mute(true)
	ended := make(chan error, 1)
	go func() { ended <- join(q) }()
	require.True(t, testenv.Eventually(func() bool { return taken() == 21 }))
	cut.Store(true)
	cable.Cut()
	cable.Mute(false)
	cable.Join()
	err = <-ended
	return taken(), repeated, err
}

// TestLostData: a Redis that has forgotten everything knows no room, and the tickets from before are no tickets of the
// room that is made after.
func TestLostData(t *testing.T) {
	t.Parallel()
	env := testenv.Redis(t)
	now := time.UnixMilli(1_795_000_000_000)
	q := New(connect(t, testenv.Patient(t, env.URL)), env.Prefix, WithTimeout(enough), WithClock(func() time.Time { return now }))
	_, err := q.Create(t.Context(), "arena", waitroom.DefaultPolicy())
	require.NoError(t, err)
	p, err := q.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)

	require.NoError(t, q.client.Do(t.Context(), q.client.B().Del().Key(q.roomKey("arena")).Build()).Error())
	_, err = q.Look(t.Context(), "arena", p.Epoch, p.Number)
	require.ErrorIs(t, err, waitroom.ErrRoomUnknown)

	now = now.Add(time.Second)
	_, err = q.Create(t.Context(), "arena", waitroom.DefaultPolicy())
	require.NoError(t, err)
	_, err = q.Join(t.Context(), "arena", waitroom.Entrant{})
	require.NoError(t, err)
	_, err = q.Look(t.Context(), "arena", p.Epoch, p.Number)
	require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
}

// TestRefusals: a Redis that is there but cannot serve is an outage; an error of a script is a defect.
func TestRefusals(t *testing.T) {
	t.Parallel()
	client := connect(t, testenv.Patient(t, testenv.Redis(t).URL))
	say := func(text string) error {
		script := rueidis.NewLuaScriptNoSha("return redis.error_reply(ARGV[1])")
		return judged(script.Exec(t.Context(), client, nil, []string{text}).Error())
	}
	for _, text := range []string{
		"LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
		"OOM command not allowed when used memory > 'maxmemory'.", "MISCONF Redis is configured to save RDB snapshots",
		"CLUSTERDOWN The cluster is down", "ERR max number of clients reached",
	} {
		require.ErrorIs(t, say(text), waitroom.ErrLineUnavailable, text)
	}
	require.NotErrorIs(t, say("ERR user_script:7: attempt to index a nil value"), waitroom.ErrLineUnavailable)
	require.Error(t, say("ERR user_script:7: attempt to index a nil value"))
}

// TestDialRefusesNonsense also sees to it that a password does not get into a log.
func TestDialRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "http://localhost:6379", "redis://:secret@local host:6379", "redis://:secret@localhost:6379/x"} {
		_, err := Dial(url)
		require.Error(t, err, url)
		require.NotContains(t, err.Error(), "secret")
	}
}

func requireAllUnavailable(t *testing.T, q *Queue) {
	t.Helper()
	ctx := context.Background()
	_, join := q.Join(ctx, "arena", waitroom.Entrant{})
	_, status := q.Look(ctx, "arena", 1, 1)
	_, _, tick := q.Tick(ctx, "arena", time.Time{})
	_, rooms := q.Rooms(ctx)
	_, change := q.Change(ctx, "arena", waitroom.PolicyChange{})
	_, create := q.Create(ctx, "arena", waitroom.DefaultPolicy())
	_, crowd := q.Crowd(ctx, "arena", waitroom.Turn{Epoch: 1})
	_, many := q.JoinMany(ctx, "arena", 5)
	_, reset := q.Reset(ctx, "arena")
	_, end := q.End(ctx, "arena", waitroom.SoldOut)
	_, drawing := q.Drawing(ctx, "arena")
	_, ledger := q.Ledger(ctx, "arena", 1, 10)
	for _, err := range []error{
		q.Ping(ctx), join, status, tick, rooms, change, create, crowd, many, reset, end, drawing, ledger,
		q.Leave(ctx, "arena", 1, 1), q.Release(ctx, "arena", 1, 1), q.Evict(ctx, "arena", 1, 1),
		q.Touch(ctx, "arena", 1, []waitroom.Session{{Number: 1}}), q.Append(ctx, "arena", 1, "line"),
		q.Hear(ctx, "arena", waitroom.Turn{Epoch: 1}, []waitroom.Chunk{{Bits: []byte{1}}}),
	} {
		require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
		require.Error(t, errors.Unwrap(err), "the cause is kept")
	}
}

// connect makes a client. Sentinels are asked at once, and a busy machine may let them answer too late.
func connect(t testing.TB, url string) (client rueidis.Client) {
	t.Helper()
	var err error
	testenv.Eventually(func() bool {
		client, err = Dial(url)
		return err == nil
	})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}
