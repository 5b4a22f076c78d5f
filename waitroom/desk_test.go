package waitroom_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

// desk is a desk at a line that goes by a clock of its own, with a view that is renewed when the test says so.
type desk struct {
	*waitroom.Desk
	t     *testing.T
	clock *queuetest.Clock
	line  *counted
	keys  *auth.Keys

	view     *waitroom.View
	heard    []int64
	served   []int64
	outcomes []waitroom.Outcome
	moved    int64         // what this gateway has learnt of moves
	silent   time.Duration // how long ago the view was received
}

// counted is a line that counts how often visitors were looked for, and fails when it is told to.
type counted struct {
	waitroom.Line
	looks int
	fails error // of all joins; nil: they do what they do
}

func (c *counted) Join(ctx context.Context, room string, who waitroom.Entrant) (waitroom.Place, error) {
	if c.fails != nil {
		return waitroom.Place{}, c.fails
	}
	return c.Line.Join(ctx, room, who)
}

func (c *counted) Look(ctx context.Context, room string, epoch, number int64) (waitroom.Place, error) {
	c.looks++
	return c.Line.Look(ctx, room, epoch, number)
}

func (d *desk) Find([]byte) (waitroom.Room, error) { return d, nil }
func (d *desk) Revoked(int64, int64) bool          { return false }
func (d *desk) Revoke(int64, int64)                {}
func (d *desk) Moved(int64, int64) int64           { return d.moved }
func (d *desk) Touch(int64, int64, time.Time)      {}
func (d *desk) Hear(_ waitroom.Turn, rank int64)   { d.heard = append(d.heard, rank) }
func (d *desk) Served(place waitroom.Place)        { d.served = append(d.served, place.Number) }
func (d *desk) Estimated(_ string, o waitroom.Outcome, _ time.Duration) {
	d.outcomes = append(d.outcomes, o)
}

// View is as old as the test says, not as the machine is slow: while the test stands still no time passes, and the line does not fall silent.
func (d *desk) View() *waitroom.View {
	v := *d.view
	v.Received = time.Now().Add(-d.silent)
	return &v
}

func newDesk(t *testing.T, change func(*waitroom.Policy)) *desk {
	t.Helper()
	keys := authtest.Keys(t)
	clock := queuetest.NewClock()
	d := &desk{t: t, clock: clock, line: &counted{Line: queuetest.NewModel(clock.Now)}, keys: keys}
	d.Desk = waitroom.NewDesk(d.line, d, keys, auth.NewPassVerifier(keys), d)
	policy := waitroom.DefaultPolicy()
	policy.Mode, policy.MaxActive = waitroom.ModeQueue, 1
	change(&policy)
	_, err := d.line.Create(t.Context(), "arena", policy)
	require.NoError(t, err)
	d.renew()
	return d
}

// renew ticks and reads the crowd, as a gateway does all the while.
func (d *desk) renew() {
	d.t.Helper()
	s, _, err := d.line.Tick(d.t.Context(), "arena", time.Time{})
	require.NoError(d.t, err)
	crowd, err := d.line.Crowd(d.t.Context(), "arena", s.Turn())
	require.NoError(d.t, err)
	schedule, err := s.Policy.Schedule()
	require.NoError(d.t, err)
	d.view = &waitroom.View{Snapshot: s, Crowd: crowd, CrowdAsOf: s.AsOf, Schedule: schedule}
}

// pass lets time pass, in which those of these ranks are heard.
func (d *desk) pass(seconds int, ranks ...int64) {
	d.t.Helper()
	for range seconds {
		d.clock.Advance(time.Second)
		d.renew()
		require.NoError(d.t, d.line.Hear(d.t.Context(), "arena", d.view.Turn(), chunksOf(ranks...)))
	}
}

func (d *desk) join() waitroom.Visit {
	d.t.Helper()
	v, err := d.Join(d.t.Context(), "arena", nil, waitroom.Applicant{})
	require.NoError(d.t, err)
	return v
}

func (d *desk) status(ticket string) waitroom.Visit {
	d.t.Helper()
	v, err := d.Status(d.t.Context(), "arena", [][]byte{[]byte(ticket)})
	require.NoError(d.t, err)
	return v
}

func TestAPollIsAnsweredWithoutTheLine(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(*waitroom.Policy) {})
	in, next, last := d.join(), d.join(), d.join()
	d.renew()
	for range 5 {
		assert.EqualValues(t, 1, d.status(last.Ticket).Ahead)
		assert.EqualValues(t, 0, d.status(next.Ticket).Ahead)
	}
	assert.Zero(t, d.line.looks)
	assert.Equal(t, []int64{3, 2}, d.heard[:2], "each poll is a heartbeat")
	assert.Equal(t, waitroom.Admitted, d.status(in.Ticket).State)
	assert.Equal(t, 1, d.line.looks, "who may have had a turn is the line's to tell")

	// Who has been silent for long is looked for, which makes them count again.
	d.pass(100, 3)
	assert.Equal(t, waitroom.Waiting, d.status(next.Ticket).State)
	assert.Equal(t, 2, d.line.looks)
	d.renew()
	assert.EqualValues(t, 1, d.status(last.Ticket).Ahead)
	assert.Equal(t, 2, d.line.looks)

	// A ticket of an earlier line is told so.
	_, err := d.line.Reset(t.Context(), "arena")
	require.NoError(t, err)
	d.renew()
	_, err = d.Status(t.Context(), "arena", [][]byte{[]byte(next.Ticket)})
	require.ErrorIs(t, err, waitroom.ErrTicketSuperseded)
}

func TestTheEstimateIsJudgedAtTheAdmission(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(p *waitroom.Policy) { p.RatePerMinute, p.MaxActive = 60, 100 })
	var tickets []string
	for range 30 {
		v := d.join()
		require.NotNil(t, v.ETA)
		ticket, err := d.keys.VerifyTicket([]byte(v.Ticket), "arena")
		require.NoError(t, err)
		assert.Equal(t, *v.ETA, waitroom.Range{Low: ticket.EstimateLow, High: ticket.EstimateHigh})
		tickets = append(tickets, v.Ticket)
	}
	for range 40 {
		d.pass(1, filled(30)...)
		for _, ticket := range tickets {
			d.status(ticket)
		}
	}
	assert.Len(t, d.served, 30, "each admission once")
	require.Len(t, d.outcomes, 30)
	for i, outcome := range d.outcomes {
		assert.Equal(t, waitroom.Within, outcome, i)
	}
}

func TestWhoWasPassedOverIsNotServedInOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(p *waitroom.Policy) { p.MaxActive = 1 })
	d.join()
	silent, faithful := d.join(), d.join()
	d.renew() // the first is in
	d.pass(100, 3)
	require.NoError(t, d.line.Release(t.Context(), "arena", silent.Epoch, 1))
	d.pass(2, 3)
	require.Equal(t, waitroom.Admitted, d.status(faithful.Ticket).State)
	require.Equal(t, waitroom.Waiting, d.status(silent.Ticket).State, "back within the grace")
	require.NoError(t, d.line.Release(t.Context(), "arena", silent.Epoch, 3))
	d.pass(2)
	require.Equal(t, waitroom.Admitted, d.status(silent.Ticket).State)
	assert.Equal(t, []int64{3}, d.served, "who comes back is let in out of turn on purpose")
}

func TestAVisitSaysWhatTheRoomIs(t *testing.T) {
	t.Parallel()
	// The clock stands at 2026-11-22T11:33:09 in New York.
	d := newDesk(t, func(p *waitroom.Policy) { p.TimeZone, p.OpenAt = "America/New_York", "2026-11-22T12:00:00" })
	v := d.join()
	assert.Equal(t, waitroom.Prequeue, v.State)
	require.NotNil(t, v.OpensAt)
	assert.Equal(t, "2026-11-22T12:00:00-05:00", v.OpensAt.Format(time.RFC3339))
	assert.Nil(t, v.ETA)
	d.renew()
	polled := d.status(v.Ticket)
	assert.Equal(t, waitroom.Prequeue, polled.State)
	assert.Zero(t, d.line.looks)

	_, err := d.line.End(t.Context(), "arena", waitroom.SoldOut)
	require.NoError(t, err)
	d.renew()
	ended := d.status(v.Ticket)
	assert.Equal(t, waitroom.Closed, ended.State)
	assert.Equal(t, waitroom.SoldOut, ended.Ended)
	assert.Nil(t, ended.ETA)
	_, err = d.Join(t.Context(), "arena", nil, waitroom.Applicant{})
	require.ErrorIs(t, err, waitroom.ErrRoomSoldOut)
}

func TestNobodyAsksALineThatIsDown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(*waitroom.Policy) {})
	d.join()
	v := d.join()
	d.silent = time.Minute
	_, err := d.Status(t.Context(), "arena", [][]byte{[]byte(v.Ticket)})
	require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
	_, err = d.Join(t.Context(), "arena", nil, waitroom.Applicant{})
	require.ErrorIs(t, err, waitroom.ErrLineUnavailable)
	assert.Zero(t, d.line.looks)
	receipt, err := d.Receipt("arena", [][]byte{[]byte(v.Ticket)})
	require.NoError(t, err)
	assert.NotEmpty(t, receipt)
}

// sparing is a guard that counts what it lets through and gets back.
type sparing struct {
	suspicious
	given int
}

func (s *sparing) Judge(_ *waitroom.View, a waitroom.Applicant) (waitroom.Ruling, error) {
	s.given++
	return waitroom.Ruling{Entrant: a.Entrant, Undo: func() { s.given-- }}, nil
}

// Only for whom the line was away is a join given back: neither for who was refused, nor for who hung up.
func TestWhatALineThatIsAwayCouldNotGiveIsNotUsedUp(t *testing.T) {
	t.Parallel()
	d, guard := newDesk(t, func(*waitroom.Policy) {}), &sparing{}
	d.Guarded(guard)
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	for _, one := range []struct {
		ctx   context.Context
		fails error
		used  int
	}{{t.Context(), waitroom.ErrLineUnavailable, 0}, {t.Context(), waitroom.ErrRoomSoldOut, 1}, {gone, waitroom.ErrLineUnavailable, 2}, {t.Context(), nil, 3}} {
		d.line.fails = one.fails
		_, err := d.Join(one.ctx, "arena", nil, waitroom.Applicant{})
		require.ErrorIs(t, err, one.fails)
		require.Equal(t, one.used, guard.given)
	}
}
