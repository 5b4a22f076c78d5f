package api

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
	"anteroom/waitroom/ledger"
	"anteroom/waitroom/queuetest"
)

func withDraw(p *waitroom.Policy) {
	p.Mode, p.Method, p.Beacon = waitroom.ModeQueue, waitroom.MethodDraw, "drand quicknet round 1"
	p.OpenAt = time.Now().UTC().Add(30 * time.Minute).Format(waitroom.ScheduleLayout)
	p.GhostSeconds = 3600 // the clock leaps to the opening
}

// document asks until the draw is in the state.
func (g *gateway) document(state draw.State) (d draw.Document, body string) {
	g.t.Helper()
	require.Eventually(g.t, func() bool {
		a := g.ask("/draw")
		if a.status != 200 {
			return false
		}
		body = string(a.body)
		var err error
		d, err = draw.Parse(a.body)
		require.NoError(g.t, err, body)
		require.Equal(g.t, briefly, a.header.Get("Cache-Control"))
		return d.State == state
	}, patience, pause)
	return d, body
}

func TestTheDrawCanBeRecomputedFromWhatIsPublic(t *testing.T) {
	t.Parallel()
	for _, crowd := range []int64{200, 600_000} {
		t.Run(fmt.Sprint(crowd), func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, withDraw, plain)
			ctx := t.Context()
			committed, body := g.document(draw.Committed)
			secret, err := g.Drawing(ctx, "arena")
			require.NoError(t, err)
			require.NotContains(t, body, draw.Hash(secret.Seed).String())
			require.Equal(t, 404, g.ask(fmt.Sprintf("/draw/entrants?epoch=%d", committed.Epoch)).status, "not sealed yet")

			var epoch int64
			for left := crowd; left > 0; {
				b, err := g.JoinMany(ctx, "arena", min(left, waitroom.MaxBlock))
				require.NoError(t, err)
				epoch, left = b.Epoch, left-b.Count
			}
			for number := int64(1); number <= crowd; number++ {
				if rand.IntN(2) == 0 { //nolint:gosec // No secret: it makes bits that do not pack.
					require.NoError(t, g.Leave(ctx, "arena", epoch, number))
				}
			}
			g.ahead.Store(int64(31 * time.Minute))
			_, err = g.Seal(ctx, "arena")
			require.NoError(t, err)
			sealed, body := g.document(draw.Sealed)
			require.NoError(t, draw.Follows(committed, sealed))
			require.NotContains(t, body, draw.Hash(secret.Seed).String())

			secret, err = g.Beacon(ctx, "arena", "0123abcd")
			require.NoError(t, err)
			bits, err := g.Entrants(ctx, "arena")
			require.NoError(t, err)
			order, err := queuetest.DrawnOrder("arena", secret, sealed.EntrantsRoot)
			require.NoError(t, err)
			_, err = g.Finish(ctx, "arena", sealed.EntrantsRoot, draw.PermuteBitmap(order, bits, crowd))
			require.NoError(t, err)
			done, _ := g.document(draw.Drawn)
			require.NoError(t, draw.Follows(sealed, done))

			large := crowd > 100_000
			require.Equal(t, large, done.EntrantsURL != "", "entrants of %d bytes", len(done.Entrants))
			if large {
				a := g.do("GET", g.public+done.EntrantsURL, "")
				require.Equal(t, 200, a.status)
				require.Equal(t, forGood, a.header.Get("Cache-Control"))
				require.Greater(t, len(a.body), maxInline)
				done, err = done.PutInEntrants(a.body)
				require.NoError(t, err)
			}
			claims := []draw.Claim{}
			s, _, err := g.Tick(ctx, "arena", time.Now())
			require.NoError(t, err)
			for number := int64(1); number <= crowd; number += crowd / 100 {
				claims = append(claims, draw.Claim{Number: number, Rank: s.Rank(number)})
			}
			report, err := draw.Verify(done, claims...)
			require.NoError(t, err)
			require.Equal(t, crowd, report.N)
			claims[0].Rank++
			_, err = draw.Verify(done, claims...)
			require.ErrorIs(t, err, draw.ErrNotVerified)
		})
	}
}

func TestEntrantsAreGzip(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(p *waitroom.Policy) { withDraw(p); p.OpenAt = "2026-01-01T00:00:00" }, plain)
	d, err := g.Seal(t.Context(), "arena")
	require.NoError(t, err)
	g.document(draw.Sealed)
	for path, status := range map[string]int{
		fmt.Sprintf("?epoch=%d", d.Epoch): 200, fmt.Sprintf("?epoch=%d", d.Epoch+1): 404, "": 404, "?epoch=0": 400, "?epoch=x": 400,
	} {
		a := g.ask("/draw/entrants" + path)
		require.Equal(t, status, a.status, path)
		if status == 200 {
			r, err := gzip.NewReader(strings.NewReader(string(a.body)))
			require.NoError(t, err)
			bits, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, []byte{0}, bits)
		}
	}
}

func TestNoDrawAndNoRoom(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	require.Equal(t, "draw-none", g.ask("/draw").problem(t))
	for _, path := range []string{"draw", "draw/entrants?epoch=1", "ledger", "events", "serving"} {
		a := g.do("GET", g.public+"/waitroom/v1/nowhere/"+path, "")
		require.Equal(t, 404, a.status, path)
		require.Equal(t, "room-unknown", a.problem(t), path)
	}
}

func TestPagesOfTheLedger(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	page := func(query string) (ledger.Document, string) {
		a := g.ask("/ledger" + query)
		require.Equal(t, 200, a.status, string(a.body))
		d, err := ledger.ParseDocument(a.body)
		require.NoError(t, err)
		return d, a.header.Get("Cache-Control")
	}
	empty, _ := page("")
	require.Equal(t, ledger.Document{Room: "arena", From: 1, Next: 1, Lines: []string{}}, empty)

	var last ledger.Line
	token := ""
	for range ledger.MaxPage + 5 {
		last = ledger.Next(token, last, ledger.Line{Room: "arena", At: 1, Mode: "hold", Method: "fifo"})
		var err error
		token, err = ledger.Sign(g.visitor.Keys, last)
		require.NoError(t, err)
		require.NoError(t, g.Append(t.Context(), "arena", last.Seq, token))
	}
	first, cache := page("?from=1")
	require.Len(t, first.Lines, ledger.MaxPage)
	require.Equal(t, forGood, cache)
	second, cache := page(fmt.Sprintf("?from=%d", first.Next))
	require.Len(t, second.Lines, 5)
	require.Equal(t, briefly, cache)
	_, err := ledger.Verify(t.Context(), g.visitor.Keys, append(first.Lines, second.Lines...))
	require.NoError(t, err)
	for _, bad := range []string{"0", "-1", "x", "9223372036854775807"} {
		a := g.ask("/ledger?from=" + bad)
		require.Equal(t, 400, a.status, bad)
		require.Equal(t, "query-invalid", a.problem(t))
	}
}
