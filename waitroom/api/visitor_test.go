package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func plain(*Visitor) {}

func TestAKeyHoldsThePlace(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	join := func(key string) answer {
		return g.do("POST", g.public+"/waitroom/v1/arena/join", "", "Idempotency-Key", key)
	}
	var one, again, other waitroom.Visit
	a := join("0123456789abcdef")
	require.Equal(t, 201, a.status, string(a.body))
	a.into(t, &one)
	join("0123456789abcdef").into(t, &again)
	join(strings.Repeat("k", 256)).into(t, &other)
	require.Equal(t, one.Number, again.Number)
	require.NotEqual(t, one.Number, other.Number)
	for _, bad := range []string{"short", strings.Repeat("k", 257), "with a blank inside", "0123456789abcdéf"} {
		a := join(bad)
		require.Equal(t, 400, a.status, bad)
		require.Equal(t, "idempotency-key-invalid", a.problem(t))
		require.Contains(t, string(a.body), `"name":"Idempotency-Key"`)
	}
	s, _, err := g.Tick(t.Context(), "arena", time.Now())
	require.NoError(t, err)
	require.EqualValues(t, 2, s.Issued, "who was refused took no number")
}

type half struct{}

func (half) Fairness(room string) (float64, bool) { return 0.5, room == "arena" }

func TestTheHeadOfTheLine(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, func(v *Visitor) { v.Fair = half{} })
	for range 3 {
		require.Equal(t, 201, g.do("POST", g.public+"/waitroom/v1/arena/join", "").status)
	}
	var doc servingDoc
	require.Eventually(t, func() bool {
		g.ask("/serving").into(t, &doc)
		return doc.Waiting == 3
	}, patience, pause)
	require.EqualValues(t, 3, doc.Issued)
	require.Equal(t, waitroom.PhaseHold, doc.Phase)
	require.Equal(t, doc.Phase, doc.State, "for readers of the first contract")
	require.InDelta(t, 0.5, *doc.Fairness, 0)
	require.Empty(t, doc.Ended)

	_, err := g.End(t.Context(), "arena", waitroom.SoldOut)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		g.ask("/serving").into(t, &doc)
		return doc.Ended == waitroom.SoldOut && doc.Phase == waitroom.PhaseClosed
	}, patience, pause)
	a := g.do("POST", g.public+"/waitroom/v1/arena/join", "")
	require.Equal(t, 410, a.status)
	require.Equal(t, "room-sold-out", a.problem(t))
}
