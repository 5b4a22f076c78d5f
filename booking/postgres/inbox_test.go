package postgres

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestTheInboxTakesAWebhookOnceAndGivesItAgainUntilItIsDone(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	const payment = "00000000-0000-4000-8000-000000000001"
	for range 3 {
		require.NoError(t, h.StoreWebhook(t.Context(), "p", booking.ChargeEvent{ID: "e1", Kind: "k", Key: payment}, []byte("{}")))
	}
	require.NoError(t, h.StoreWebhook(t.Context(), "p", booking.ChargeEvent{ID: "e2", Kind: "k"}, []byte("\x00not even text")))
	require.Equal(t, 3, query[int](h, `SELECT deliveries FROM webhooks WHERE event_id = 'e1'`))
	due, err := h.TakeWebhooks(t.Context(), 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []booking.Webhook{{Provider: "p", EventID: "e1", Payment: payment}, {Provider: "p", EventID: "e2"}}, due)
	require.True(t, query[bool](h, `SELECT bool_and(next_attempt_at > received_at + interval '10 seconds') FROM webhooks`), "whoever took them has a while")
	h.exec(`UPDATE webhooks SET next_attempt_at = next_attempt_at + interval '1 hour'`) // however slow the machine is
	again, err := h.TakeWebhooks(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, again)

	require.NoError(t, h.FinishWebhook(t.Context(), due[0], nil))
	require.NoError(t, h.FinishWebhook(t.Context(), due[1], errors.New("the provider is away")))
	h.exec(`UPDATE webhooks SET next_attempt_at = clock_timestamp()`)
	again, err = h.TakeWebhooks(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []booking.Webhook{due[1]}, again)
	require.Equal(t, "the provider is away", query[string](h, `SELECT last_error FROM webhooks WHERE event_id = $1`, due[1].EventID))
	n, err := h.SweepWebhooks(t.Context(), 10)
	require.NoError(t, err)
	require.Zero(t, n)
	h.exec(`UPDATE webhooks SET worked_at = worked_at - interval '100 days'`)
	n, err = h.SweepWebhooks(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}
