package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// recorded makes a hall in whose record there are three acts with their outcomes.
func recorded(t *testing.T) *hall {
	t.Helper()
	h := newHall(t, 1)
	for i := range 3 {
		act, err := h.BeginAct(context.Background(), "staff@demo.test", "refund", fmt.Sprintf("order %d", i))
		require.NoError(t, err)
		require.NoError(t, h.EndAct(context.Background(), act, "done"))
	}
	require.Zero(t, h.count("16-audit-chain"))
	return h
}

func TestTheRecordOfActsShowsEveryChange(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"a change":          `UPDATE acts SET target = 'order 9' WHERE id = 3`,
		"a change of time":  `UPDATE acts SET at = at - interval '1 hour' WHERE id = 3`,
		"a row removed":     `DELETE FROM acts WHERE id = 4`,
		"the first removed": `DELETE FROM acts WHERE id = 1`,
		"a change with the digest made anew": `UPDATE acts a SET target = 'order 9', digest = act_digest((a.id, a.at, a.actor, a.action, 'order 9', a.outcome, a.asked, a.previous, NULL)::acts)
			WHERE id = 3`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := recorded(t)
			h.damage(damage)
			require.Positive(t, h.count("16-audit-chain"))
		})
	}
	t.Run("an act without an outcome", func(t *testing.T) {
		t.Parallel()
		h := newHall(t, 1)
		_, err := h.BeginAct(context.Background(), "staff@demo.test", "refund", "order 1")
		require.NoError(t, err)
		require.Zero(t, h.count("16-audit-chain"), "it may still be under way")
		h.damage(`UPDATE acts a SET at = at - interval '6 minutes'`)
		h.damage(`UPDATE acts a SET digest = act_digest(a)`)
		require.Equal(t, 1, h.count("16-audit-chain"))
	})
}

func TestTheRecordOfActsIsAppendOnly(t *testing.T) {
	t.Parallel()
	h := recorded(t)
	for _, sql := range []string{`UPDATE acts SET target = ''`, `DELETE FROM acts`, `TRUNCATE acts`} {
		_, err := h.pool.Exec(context.Background(), sql)
		require.ErrorContains(t, err, "append-only", sql)
	}
	act, err := h.BeginAct(context.Background(), "staff@demo.test", "refund", "order 1")
	require.NoError(t, err)
	require.NoError(t, h.EndAct(context.Background(), act, "done"))
	require.Error(t, h.EndAct(context.Background(), act, "order-unknown"), "an act has one outcome")
	require.Error(t, h.EndAct(context.Background(), 99, "done"))
}

func TestManyActsAtOnceMakeOneChain(t *testing.T) {
	t.Parallel()
	h := newHall(t, 1)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			var act int64
			h.untilNotBusy(func() (err error) {
				act, err = h.BeginAct(context.Background(), "staff@demo.test", "refund", fmt.Sprintf("order %d", i))
				return err
			})
			h.untilNotBusy(func() error { return h.EndAct(context.Background(), act, "done") })
		})
	}
	all.Wait()
	var n int
	require.NoError(t, h.pool.QueryRow(context.Background(), `SELECT count(*) FROM acts`).Scan(&n))
	require.Equal(t, 80, n)
	require.Zero(t, h.count("16-audit-chain"))
}

// Two services in one database, each with a schema of its own: while one writes its record, the other's does not have to wait. The control is
// that a second writer of the same record does.
func TestTheRecordsOfTwoServicesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	one, other := newHall(t, 1), newHall(t, 1)
	writer := begin(t, one.pool.Begin)
	defer func() { require.NoError(t, writer.Rollback(context.Background())) }()
	_, err := writer.Exec(t.Context(), `SELECT record_act('staff@demo.test', 'refund', 'order 1', 'asked', NULL)`)
	require.NoError(t, err)
	_, err = one.hurried().BeginAct(t.Context(), "staff@demo.test", "refund", "order 2")
	require.ErrorIs(t, err, booking.ErrBusy)
	_, err = other.BeginAct(t.Context(), "staff@demo.test", "refund", "order 1") // with the old lock it would wait for a minute and then fail
	require.NoError(t, err)
}

// untilNotBusy repeats what a lock could not be had for in time.
func (h *hall) untilNotBusy(work func() error) {
	err := work()
	for errors.Is(err, booking.ErrBusy) {
		err = work()
	}
	if err != nil {
		h.t.Error(err)
	}
}
