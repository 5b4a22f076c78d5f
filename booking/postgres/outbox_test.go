package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func (h *hall) enqueue(kind, key string) {
	h.t.Helper()
	h.exec(`SELECT enqueue($1, $2, '{"n": 1}')`, kind, key)
}

// due makes everything that waits due, as waiting would: leases run out, pauses end.
func (h *hall) due() {
	h.t.Helper()
	h.exec(`UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE delivered_at IS NULL`)
}

// receiver is somebody who is told things, and who knows messages by their names if it is careful.
type receiver struct {
	mu      sync.Mutex
	careful bool
	got     map[string]int
	fail    error
}

func newReceiver(careful bool) *receiver { return &receiver{careful: careful, got: map[string]int{}} }

func (r *receiver) deliver(_ context.Context, m booking.OutboxMessage) (booking.Delivery, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return booking.Delivery{}, r.fail
	}
	if r.careful && r.got[m.Name()] > 0 {
		return booking.Delivery{Outcome: booking.DeliveryRepeated, Detail: "had it"}, nil
	}
	r.got[m.Name()]++
	return booking.Delivery{Outcome: booking.Delivered, Detail: "thanks"}, nil
}

func (h *hall) dispatcher(o booking.Outbox, r *receiver) *booking.Dispatcher {
	return booking.NewDispatcher(o, map[string]booking.Deliver{"test-a": r.deliver, "test-b": r.deliver}, slog.New(slog.NewTextHandler(io.Discard, nil)))
}

func (h *hall) dispatch(d *booking.Dispatcher) int {
	h.t.Helper()
	n, err := d.Dispatch(context.Background())
	require.NoError(h.t, err)
	return n
}

func TestWhatIsEnqueuedIsDeliveredOnceAndOnlyIfTheTransactionCommits(t *testing.T) {
	t.Parallel()
	h, r := newHall(t, 1), newReceiver(false)
	tx := begin(t, h.pool.Begin)
	_, err := tx.Exec(t.Context(), `SELECT enqueue('test-a', 'lost', '{}')`)
	require.NoError(t, err)
	require.NoError(t, tx.Rollback(t.Context()))
	h.enqueue("test-a", "1")
	h.enqueue("test-a", "1")
	h.enqueue("test-b", "1")
	h.enqueue("test-c", "1") // nobody here delivers these
	d := h.dispatcher(h.Store, r)
	require.Equal(t, 2, h.dispatch(d))
	require.Zero(t, h.dispatch(d))
	require.Equal(t, map[string]int{"test-a.1": 1, "test-b.1": 1}, r.got)
	waiting, _, err := h.OutboxState(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, waiting)
	require.Zero(t, h.count("13-outbox"))
}

func TestAFailureIsTriedAgainAfterAPauseThatGrowsAndARefusalIsNot(t *testing.T) {
	t.Parallel()
	h, r := newHall(t, 1), newReceiver(false)
	h.enqueue("test-a", "1")
	d := h.dispatcher(h.Store, r)
	r.fail = errors.New("away\x00\xff")
	pause := func() time.Duration {
		return time.Duration(query[float64](h, `SELECT extract(epoch FROM o.next_attempt_at - a.finished_at)::float8 FROM outbox o
			JOIN outbox_attempts a ON a.outbox_id = o.id AND a.attempt = o.attempts`) * float64(time.Second))
	}
	for attempt, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		require.Equal(t, 1, h.dispatch(d), "attempt %d", attempt)
		require.Equal(t, want, pause())
		h.exec(`UPDATE outbox SET next_attempt_at = next_attempt_at + interval '1 hour'`) // however slow the machine is
		require.Zero(t, h.dispatch(d), "not due")
		h.due()
	}
	h.exec(`UPDATE outbox SET attempts = 60`)
	h.due()
	require.Equal(t, 1, h.dispatch(d))
	require.Equal(t, 15*time.Minute, pause(), "the longest")
	require.Equal(t, "away\uFFFD\uFFFD", query[string](h, `SELECT last_error FROM outbox`))

	r.fail = booking.ErrUndeliverable
	h.due()
	require.Equal(t, 1, h.dispatch(d))
	h.due()
	require.Zero(t, h.dispatch(d), "given up")
	require.Equal(t, "refused", query[string](h, `SELECT outcome FROM outbox_attempts ORDER BY attempt DESC LIMIT 1`))
	require.Zero(t, h.count("13-outbox"), "a receiver that refuses is no loss of ours")
}

// forgetful loses what came of the first attempts, as a dispatcher does that is killed between sending and writing it down.
type forgetful struct {
	booking.Outbox
	forget int
}

func (f *forgetful) FinishOutbox(ctx context.Context, m booking.OutboxMessage, d booking.Delivery) error {
	if m.Attempt <= f.forget {
		return nil
	}
	return f.Outbox.FinishOutbox(ctx, m, d)
}

func TestADeliveryThatWasNotWrittenDownIsRepeatedAndNoticedByItsName(t *testing.T) {
	t.Parallel()
	h, r := newHall(t, 1), newReceiver(true)
	h.enqueue("test-a", "1")
	d := h.dispatcher(&forgetful{Outbox: h.Store, forget: 1}, r)
	require.Equal(t, 1, h.dispatch(d))
	require.Zero(t, h.dispatch(d), "until its lease is over nobody else has it")
	h.due()
	require.Equal(t, 1, h.dispatch(d))
	require.Equal(t, 1, r.got["test-a.1"], "the receiver has it once")
	require.Equal(t, "repeated", query[string](h, `SELECT outcome FROM outbox_attempts WHERE attempt = 2`))
	require.Equal(t, 1, query[int](h, `SELECT count(*) FROM outbox_attempts WHERE outcome IS NULL`), "the attempt that is not known to have ended stays told")
	require.Zero(t, h.count("13-outbox"))
}

// The control: a receiver that does not know messages by their names has it twice.
func TestControlACarelessReceiverHasItTwice(t *testing.T) {
	t.Parallel()
	h, r := newHall(t, 1), newReceiver(false)
	h.enqueue("test-a", "1")
	d := h.dispatcher(&forgetful{Outbox: h.Store, forget: 1}, r)
	require.Equal(t, 1, h.dispatch(d))
	h.due()
	require.Equal(t, 1, h.dispatch(d))
	require.Equal(t, 2, r.got["test-a.1"])
}

// A lease that ends while its dispatcher is still at it: both deliver, both write it down, and the checker says so.
func TestTwoDeliveriesThatNobodyNoticedAreFoundByTheChecker(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.enqueue("test-a", "1")
	kinds := []string{"test-a"}
	first, err := h.ClaimOutbox(t.Context(), kinds, 1, time.Minute)
	require.NoError(t, err)
	h.due()
	second, err := h.ClaimOutbox(t.Context(), kinds, 1, time.Minute)
	require.NoError(t, err)
	require.Equal(t, 2, second[0].Attempt)
	require.NoError(t, h.FinishOutbox(t.Context(), second[0], booking.Delivery{Outcome: booking.Delivered}))
	require.Zero(t, h.count("13-outbox"))
	require.NoError(t, h.FinishOutbox(t.Context(), first[0], booking.Delivery{Outcome: booking.Delivered}))
	require.Equal(t, 1, h.count("13-outbox"))
	require.NoError(t, h.FinishOutbox(t.Context(), first[0], booking.Delivery{Outcome: booking.DeliveryFailed}), "repeating it changes nothing")
	require.Equal(t, 1, h.count("13-outbox"))
}

func TestManyDispatchersShareTheWorkAndNoMessageGoesTwice(t *testing.T) {
	t.Parallel()
	h, r := newHall(t, 1), newReceiver(false)
	h.exec(`SELECT enqueue('test-a', n::text, '{}') FROM generate_series(1, 300) n`)
	together(6, func(int) {
		d := h.dispatcher(h.Store, r)
		for h.dispatch(d) > 0 {
		}
	})
	require.Len(t, r.got, 300)
	for name, n := range r.got {
		require.Equal(t, 1, n, name)
	}
	require.Equal(t, 300, query[int](h, `SELECT count(*) FROM outbox_attempts`))
}

func TestWhatAnotherHasInHandIsNeitherGivenNorWaitedFor(t *testing.T) {
	t.Parallel()
	require.Zero(t, claimsOfTwo(t, `SELECT 1`))
}

// The control: without the lock on the rows that are due, two who ask at once are given the same message.
func TestControlWithoutTheRowLockTwoDispatchersGetOneMessage(t *testing.T) {
	t.Parallel()
	require.Equal(t, 2, claimsOfTwo(t, `DO $$ BEGIN
		EXECUTE replace(pg_get_functiondef('claim_outbox'::regproc), 'FOR UPDATE SKIP LOCKED', ''); END $$`))
}

// claimsOfTwo lets two claims run into a message whose row is locked, and unlocks it when each of them has returned or waits. It returns how many
// were given the message.
func claimsOfTwo(t *testing.T, tamper string) (given int) {
	h := newHall(t, 1)
	h.exec(tamper)
	h.enqueue("test-a", "1")
	pool := h.extra(map[string]string{"lock_timeout": "60s", "application_name": h.racer()})
	row := begin(t, h.pool.Begin)
	_, err := row.Exec(t.Context(), `SELECT 1 FROM outbox FOR UPDATE`)
	require.NoError(t, err)
	claimed := make(chan int, 2)
	for range 2 {
		go func() {
			got, err := NewStore(pool).ClaimOutbox(context.Background(), []string{"test-a"}, 1, time.Minute)
			if err != nil {
				t.Error(err)
			}
			claimed <- len(got)
		}()
	}
	require.Eventually(t, func() bool {
		return len(claimed)+query[int](h, `SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`, h.racer()) == 2
	}, patience, 5*time.Millisecond)
	require.NoError(t, row.Commit(t.Context()))
	return <-claimed + <-claimed
}

func TestPaidAndCancelledOrdersAreTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	s, o := h.buy(h.seats[0])
	told := func() []string {
		rows, err := h.pool.Query(t.Context(), `SELECT kind || ' ' || key || ' ' || (payload ->> 'order_id') FROM outbox ORDER BY id`)
		require.NoError(t, err)
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return all
	}
	require.Equal(t, []string{"order-paid " + o.ID + " " + o.ID}, told())
	_, _, err := h.CancelOrder(t.Context(), s, o.ID)
	require.NoError(t, err)
	_, _, err = h.CancelOrder(t.Context(), s, o.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"order-paid " + o.ID + " " + o.ID, "order-cancelled " + o.ID + " " + o.ID}, told())

	// An order that was never paid is nobody's news.
	s = h.guest()
	pending := h.place(s, h.hold(s, h.seats[1]))
	_, _, err = h.CancelOrder(t.Context(), s, pending.ID)
	require.NoError(t, err)
	require.Len(t, told(), 2)
}

func TestAPayloadArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.enqueue("test-a", "k")
	got, err := h.ClaimOutbox(t.Context(), []string{"test-a"}, 5, time.Minute)
	require.NoError(t, err)
	require.Len(t, got, 1)
	var payload map[string]int
	require.NoError(t, json.Unmarshal(got[0].Payload, &payload))
	require.Equal(t, map[string]int{"n": 1}, payload)
	require.Equal(t, "test-a.k", got[0].Name())
}
