package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// found are the counts of the checks that a journal is for, by name.
func (h *hall) found(j booking.Journal) map[string]int {
	h.t.Helper()
	results, err := h.CheckJournal(context.Background(), j)
	require.NoError(h.t, err)
	counts := map[string]int{}
	for _, r := range results {
		require.NotEmpty(h.t, r.Wants)
		counts[r.Name] = r.Count
	}
	require.Len(h.t, counts, 2)
	return counts
}

func TestTheDatabaseIsHeldAgainstWhatClientsWereTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	from := time.Now().Add(-time.Minute).UnixNano()
	_, o := h.buy(h.seats[0])
	to := time.Now().Add(time.Minute).UnixNano()
	told := booking.Journal{
		{Action: "order", Status: 201, Order: o.ID, Sent: from, Answered: to},
		{Action: "pay", Status: 200, Order: o.ID, State: "paid", Sent: from, Answered: to},
	}
	require.Zero(t, h.found(told)["11-acknowledged"])
	require.Equal(t, 1, h.found(told[:1])["11-acknowledged"], "a payment that nobody was told of")
	require.Equal(t, 2, h.found(booking.Journal{{Action: "poll", Sent: from, Answered: to}})["11-acknowledged"], "an order, too")

	h.damage(`UPDATE payments SET state = 'voided'`)
	require.Equal(t, 1, h.found(told)["11-acknowledged"], "acknowledged as paid, and the money is not there")
	for _, table := range []string{"tickets", "order_lines", "payments", "orders"} {
		h.damage(`DELETE FROM ` + table)
	}
	require.Equal(t, 2, h.found(told)["11-acknowledged"], "an order and a payment that are not there any more")
}

func TestWhatWasSoldBeforeTheJournalIsNotHeldAgainstIt(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	h.buy(h.seats[0])
	later := time.Now().Add(time.Hour).UnixNano()
	require.Zero(t, h.found(booking.Journal{{Action: "poll", Sent: later, Answered: later + int64(time.Hour)}})["11-acknowledged"])
}
