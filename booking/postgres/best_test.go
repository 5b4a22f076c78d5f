package postgres

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/booking"
	"anteroom/internal/fault"
)

// modelSeat is one seat of the plain model that the database's choice is held against.
type modelSeat struct {
	ID                                       int64
	Row                                      int
	X, Y                                     float64
	Taken, Accessible, Companion, Restricted bool
}

// modelGroup is neighbours that could be taken, with what ranks them.
type modelGroup struct {
	seats                           []int64
	orphans, accessible, restricted int
	distance                        float64
}

// rank compares by everything but the distance, which is a sum of roots and not exact.
func (g modelGroup) rank(o modelGroup) int {
	return cmp.Or(cmp.Compare(g.orphans, o.orphans), cmp.Compare(g.accessible, o.accessible), cmp.Compare(g.restricted, o.restricted))
}

// modelRow is a row of the model.
type modelRow []modelSeat

// joined says whether seat i and the next have no aisle between them.
func (r modelRow) joined(i int) bool {
	narrowest := math.Inf(1)
	for k := range len(r) - 1 {
		narrowest = min(narrowest, r[k+1].X-r[k].X)
	}
	return r[i+1].X-r[i].X <= 1.5*narrowest
}

func (s modelSeat) fits(accessible bool) bool {
	return !s.Taken && (accessible || !s.Accessible && !s.Companion)
}

// stretch counts the seats that fit from i on in one direction.
func (r modelRow) stretch(i, step int, accessible bool) int {
	n := 0
	for i >= 0 && i < len(r) && r[i].fits(accessible) {
		n++
		next := i + step
		if next < 0 || next >= len(r) || !r.joined(min(i, next)) {
			break
		}
		i = next
	}
	return n
}

// groups are all that n people could be given, by looking at every place in the row.
func (r modelRow) groups(n int, accessible bool, stageX, stageY float64) []modelGroup {
	var all []modelGroup
	for i := 0; i+n <= len(r); i++ {
		if r.stretch(i, 1, accessible) < n {
			continue
		}
		var g modelGroup
		for _, s := range r[i : i+n] {
			g.seats = append(g.seats, s.ID)
			g.distance += math.Hypot(s.X-stageX, s.Y-stageY)
			if s.Accessible {
				g.accessible++
			}
			if s.Restricted {
				g.restricted++
			}
		}
		if accessible && g.accessible == 0 {
			continue
		}
		if r.stretch(i, -1, accessible) == 2 {
			g.orphans++
		}
		if r.stretch(i+n-1, 1, accessible) == 2 {
			g.orphans++
		}
		all = append(all, g)
	}
	return all
}

// bestOf are the groups of the rows with the best rank.
func bestOf(rows []modelRow, n int, accessible bool, stageX, stageY float64) []modelGroup {
	var best []modelGroup
	for _, r := range rows {
		for _, g := range r.groups(n, accessible, stageX, stageY) {
			switch {
			case len(best) == 0 || g.rank(best[0]) < 0:
				best = []modelGroup{g}
			case g.rank(best[0]) == 0:
				best = append(best, g)
			}
		}
	}
	return best
}

// drawRows draws two rows of ten of section A: who sits where, which seats are special, and where the aisle is.
func drawRows(rt *rapid.T, ids []int64) []modelRow {
	some := func(name string, outOf int) bool { return rapid.IntRange(0, outOf-1).Draw(rt, name) == 0 }
	var rows []modelRow
	for r := range 2 {
		var row modelRow
		aisle := rapid.IntRange(0, 12).Draw(rt, "aisle") // beyond nine: none
		crowded := rapid.IntRange(2, 5).Draw(rt, "crowded")
		x := 80.0
		for k := range 10 {
			x++
			if k == aisle {
				x += 2
			}
			row = append(row, modelSeat{
				ID: ids[r*10+k], Row: r, X: x, Y: 100 + float64(r), Taken: some("taken", crowded),
				Accessible: some("accessible", 8), Companion: some("companion", 12), Restricted: some("restricted", 6),
			})
		}
		rows = append(rows, row)
	}
	return rows
}

// enter makes the hall as the rows say. What is taken is blocked: that is the transition which asks for nothing else.
func (h *hall) enter(rt require.TestingT, rows []modelRow) {
	var ids []int64
	var x []float64
	var taken, accessible, companion, restricted []bool
	for _, s := range slices.Concat(rows...) {
		ids, x, taken = append(ids, s.ID), append(x, s.X), append(taken, s.Taken)
		accessible, companion, restricted = append(accessible, s.Accessible), append(companion, s.Companion), append(restricted, s.Restricted)
	}
	_, err := h.pool.Exec(context.Background(), `
		WITH n AS (SELECT * FROM unnest($1::bigint[], $2::bool[]) AS n (id, taken))
		UPDATE show_seats s SET state = CASE WHEN n.taken THEN 'blocked' ELSE 'free' END, version = version + 1
		  FROM n WHERE n.id = s.id AND (s.state = 'blocked') <> n.taken`, ids, taken)
	require.NoError(rt, err)
	_, err = h.pool.Exec(context.Background(), `
		UPDATE seats t SET x = n.x, accessible = n.accessible, companion = n.companion, restricted = n.restricted
		  FROM unnest($1::bigint[], $2::float8[], $3::bool[], $4::bool[], $5::bool[]) AS n (id, x, accessible, companion, restricted), show_seats s
		 WHERE s.id = n.id AND t.id = s.seat_id`, ids, x, accessible, companion, restricted)
	require.NoError(rt, err)
}

// Whatever the section looks like, what is held is what the model finds by looking at every possibility: a group that fits is never split
// or refused, no single seat is left behind that need not be, no taken and no accessible seat is given to who did not ask for it.
func TestBestAvailableIsTheModels(t *testing.T) {
	t.Parallel()
	h := newHall(t, 2)
	h.redrawable()
	ann := h.guest()
	const stageX, stageY = 250, 35
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawRows(rt, h.seats[:20])
		ask := booking.BestAsk{
			Section: "A", Count: rapid.IntRange(1, 6).Draw(rt, "count"),
			Accessible: rapid.IntRange(0, 3).Draw(rt, "accessible") == 0, AllowSplit: rapid.Bool().Draw(rt, "split"),
		}
		h.enter(rt, rows)
		want := bestOf(rows, ask.Count, ask.Accessible, stageX, stageY)

		hold, err := h.HoldBest(context.Background(), ann, "small", ask)
		if err == nil {
			require.NoError(rt, h.ReleaseHold(context.Background(), ann, "small", hold.ID))
		}
		var seats []int64
		for _, l := range hold.Seats {
			seats = append(seats, l.SeatID)
		}
		switch {
		case len(want) > 0:
			require.NoError(rt, err)
			at := slices.IndexFunc(want, func(g modelGroup) bool { return slices.Equal(g.seats, seats) })
			require.GreaterOrEqual(rt, at, 0, "%v is none of the best: %v", seats, want)
			for _, g := range want {
				require.LessOrEqual(rt, want[at].distance, g.distance+1e-3)
			}
		case ask.AllowSplit && !ask.Accessible:
			checkSplit(rt, rows, ask.Count, seats, err)
		case ask.AllowSplit:
			if err == nil { // pieces of which one is accessible
				require.Len(rt, seats, ask.Count)
			} else {
				require.ErrorIs(rt, err, booking.ErrInsufficient)
			}
		default:
			checkRefusal(rt, rows, ask, err)
		}
	})
}

// checkSplit: as many as asked for, if there are so many in the section at all, and the largest piece is as large as can be.
func checkSplit(rt *rapid.T, rows []modelRow, n int, seats []int64, err error) {
	all := slices.Concat(rows...)
	fitting := slices.DeleteFunc(slices.Clone(all), func(s modelSeat) bool { return !s.fits(false) })
	if len(fitting) < n {
		require.ErrorIs(rt, err, booking.ErrInsufficient)
		return
	}
	require.NoError(rt, err)
	require.Len(rt, seats, n)
	for _, id := range seats {
		require.True(rt, slices.ContainsFunc(fitting, func(s modelSeat) bool { return s.ID == id }), "seat %d was not to be had", id)
	}
	longest, mine := 0, 0
	for _, r := range rows {
		for i := range r {
			longest = max(longest, r.stretch(i, 1, false))
			run := 0
			for k := i; k < len(r) && slices.Contains(seats, r[k].ID) && (k == i || r.joined(k-1)); k++ {
				run++
			}
			mine = max(mine, run)
		}
	}
	require.GreaterOrEqual(rt, mine, longest)
}

// checkRefusal: it says how many are side by side.
func checkRefusal(rt *rapid.T, rows []modelRow, ask booking.BestAsk, err error) {
	longest := 0
	for _, r := range rows {
		for i := range r {
			longest = max(longest, r.stretch(i, 1, ask.Accessible))
		}
	}
	if longest == 0 {
		require.ErrorIs(rt, err, booking.ErrInsufficient)
		return
	}
	require.ErrorIs(rt, err, booking.ErrNotTogether)
	require.Equal(rt, longest, fault.From(err).Extra["together"])
}
