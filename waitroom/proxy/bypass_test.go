package proxy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
	"anteroom/waitroom/routes"
)

func TestTakeLinkLeavesTheRestAsItWasWritten(t *testing.T) {
	t.Parallel()
	for query, want := range map[string][2]string{
		"":                                       {"", ""},
		"a=1":                                    {"", "a=1"},
		"waitroom_bypass=T":                      {"T", ""},
		"a=%41&waitroom_bypass=T&b=%2f+c":        {"T", "a=%41&b=%2f+c"},
		"waitroom_bypass=T&waitroom_bypass=U&&x": {"T", "x"},
		"xwaitroom_bypass=T":                     {"", "xwaitroom_bypass=T"},
		"waitroom_bypassx=T":                     {"", "waitroom_bypassx=T"},
		"a=waitroom_bypass=T":                    {"", "a=waitroom_bypass=T"},
	} {
		ctx := requestFor("/x?" + query)
		token := takeLink(ctx)
		assert.Equal(t, want[0], string(token), query)
		assert.Equal(t, want[1], string(ctx.URI().QueryString()), query)
	}
}

// accepting takes every request and answers nothing.
type accepting struct{ got waitroom.Onward }

func (a *accepting) Forward(_ *fasthttp.RequestCtx, on waitroom.Onward) (waitroom.Reply, error) {
	a.got = on
	return waitroom.Reply{}, nil
}

// TestTheFrontAllocatesNextToNothing is about an admitted request, from the wire to the forwarder.
func TestTheFrontAllocatesNextToNothing(t *testing.T) {
	g, room, pass := newGate(t)
	room.view.Policy.SessionLimitSeconds = 3600
	g.Seen = unseen{}
	to := &accepting{}
	f := &Front{Gate: g, Seen: unseen{}}
	f.Use(&Setup{Routes: routes.Builtin(), Upstreams: map[string]Forwarder{routes.Booking: to}})
	ctx := requestFor("/api/v1/shows/arena/seats")
	ctx.Request.Header.Set(HeaderPass, pass)
	require.NoError(t, f.serve(ctx))
	require.Equal(t, pass, to.got.Pass)
	require.Equal(t, "http", to.got.Proto)
	allocs := testing.AllocsPerRun(1000, func() {
		if err := f.serve(ctx); err != nil {
			t.Fatal(err)
		}
		ctx.ResetUserValues()
	})
	t.Logf("%.0f allocations", allocs)
	assert.LessOrEqual(t, allocs, 3.0, "the copy of the pass and how the request came in")
}

func TestEscortsLastForHalfTheirLife(t *testing.T) {
	t.Parallel()
	g, room, _ := cutOff(t, waitroom.OutageHold, answers)
	ctx := requestFor("/api/v1/shows/arena/seats")
	first := g.escort(ctx, []byte("arena"))
	require.NotEmpty(t, first)
	assert.Equal(t, first, g.escort(ctx, []byte("arena")))
	view := *room.view
	view.Epoch++
	room.view = &view
	other := g.escort(ctx, []byte("arena"))
	require.NotEmpty(t, other)
	assert.NotEqual(t, first, other, "the line began anew")

	// Shown to the gateway by a visitor who has got hold of it, it opens nothing.
	ctx.Request.Header.Set(HeaderPass, other)
	_, err := g.findPass(ctx, room)
	require.ErrorIs(t, err, errPassOutage)
}
