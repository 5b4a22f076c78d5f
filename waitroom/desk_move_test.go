package waitroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// forgetful is a line that knows of no moves but those it is told of: the control of the tests below.
type forgetful struct{ waitroom.Line }

func (forgetful) Moved(_ context.Context, _ string, _, _, known int64) (int64, error) {
	return known, nil
}

func tokens(ticket string) [][]byte { return [][]byte{[]byte(ticket)} }

// moveAway moves a place to another device and returns the ticket there. The gateway's own view has not learnt of it.
func (d *desk) moveAway(ticket string) waitroom.Visit {
	d.t.Helper()
	link, err := d.Offer(d.t.Context(), "arena", tokens(ticket), "/shows/arena/seats")
	require.NoError(d.t, err)
	code, err := waitroom.ParseMoveCode(link.URL[len("/waitroom/v1/arena/move/"):])
	require.NoError(d.t, err)
	visit, returnTo, err := d.Claim(d.t.Context(), "arena", code, "")
	require.NoError(d.t, err)
	require.Equal(d.t, "/shows/arena/seats", returnTo)
	return visit
}

func (d *desk) placeOf(who waitroom.Entrant) waitroom.Visit {
	d.t.Helper()
	visit, err := d.Join(d.t.Context(), "arena", nil, waitroom.Applicant{Entrant: who})
	require.NoError(d.t, err)
	return visit
}

func hold(p *waitroom.Policy) { p.Mode = waitroom.ModeHold }

func (d *desk) letIn() {
	d.t.Helper()
	mode := waitroom.ModeQueue
	_, err := d.line.Change(d.t.Context(), "arena", waitroom.PolicyChange{Mode: &mode})
	require.NoError(d.t, err)
	d.pass(1)
	d.renew()
}

// A pass is given for the ticket in force and no other, also by a gateway that has not learnt of the move. The control: were the line not
// asked, both devices would get one.
func TestOnePassForAMovedPlace(t *testing.T) {
	for _, blind := range []bool{false, true} {
		d := newDesk(t, hold)
		here := d.placeOf(waitroom.Entrant{})
		d.renew()
		there := d.moveAway(here.Ticket)
		require.Equal(t, here.Number, there.Number)
		require.NotEqual(t, here.Ticket, there.Ticket)
		require.Empty(t, there.Pass)
		d.letIn()
		if blind {
			d.line.Line = forgetful{d.line.Line}
		}
		visit, err := d.Status(t.Context(), "arena", tokens(there.Ticket))
		require.NoError(t, err)
		require.NotEmpty(t, visit.Pass)
		visit, err = d.Status(t.Context(), "arena", tokens(here.Ticket))
		if blind {
			require.NoError(t, err)
			require.NotEmpty(t, visit.Pass, "the control must go wrong")
			continue
		}
		require.ErrorIs(t, err, waitroom.ErrTicketMoved)
		require.Empty(t, visit.Pass)
	}
}

func TestAMovedTicketIsWorthNothing(t *testing.T) {
	d := newDesk(t, hold)
	ctx := t.Context()
	here := d.placeOf(waitroom.Entrant{})
	d.renew()
	there := d.moveAway(here.Ticket)

	// The line is asked where it would do harm, whatever this gateway knows.
	require.ErrorIs(t, d.Leave(ctx, "arena", tokens(here.Ticket)), waitroom.ErrTicketMoved)
	_, err := d.Offer(ctx, "arena", tokens(here.Ticket), "")
	require.ErrorIs(t, err, waitroom.ErrTicketMoved)

	// Once the gateway has learnt of it, the place is told to nobody else.
	d.moved = 1
	heard := len(d.heard)
	_, err = d.Status(ctx, "arena", tokens(here.Ticket))
	require.ErrorIs(t, err, waitroom.ErrTicketMoved)
	require.Len(t, d.heard, heard, "nor does the old device keep it alive")
	visit, err := d.Status(ctx, "arena", tokens(there.Ticket))
	require.NoError(t, err)
	require.Equal(t, waitroom.Waiting, visit.State)
	receipt, err := d.Receipt("arena", tokens(there.Ticket))
	require.NoError(t, err)
	_, err = auth.VerifyReceipt(ctx, d.keys, []byte(receipt))
	require.NoError(t, err)

	// Whoever joins with it is a new visitor, and is told why.
	visit, err = d.Join(ctx, "arena", tokens(here.Ticket), waitroom.Applicant{})
	require.NoError(t, err)
	require.EqualValues(t, 2, visit.Number)
	require.Equal(t, "ticket-moved", visit.Replaced)
	require.NoError(t, d.Leave(ctx, "arena", tokens(there.Ticket)))
}

// A key is as good as the ticket that it was made for, and ends with it; who is known by account has the place wherever they are.
func TestJoiningAgainAfterAMove(t *testing.T) {
	d := newDesk(t, hold)
	here := d.placeOf(waitroom.Entrant{Key: "0123456789abcdef"})
	d.renew()
	d.moveAway(here.Ticket)
	_, err := d.Join(t.Context(), "arena", nil, waitroom.Applicant{Entrant: waitroom.Entrant{Key: "0123456789abcdef"}})
	require.ErrorIs(t, err, waitroom.ErrTicketMoved)

	own := d.placeOf(waitroom.Entrant{Account: "kim"})
	d.renew()
	there := d.moveAway(own.Ticket)
	again := d.placeOf(waitroom.Entrant{Account: "kim"})
	require.Equal(t, there.Number, again.Number)
	d.moved = 1
	for _, ticket := range []string{there.Ticket, again.Ticket} {
		_, err = d.Status(t.Context(), "arena", tokens(ticket))
		require.NoError(t, err)
	}
}
