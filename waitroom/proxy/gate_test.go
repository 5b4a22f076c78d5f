package proxy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
)

// stillRoom is a room in which nothing happens.
type stillRoom struct {
	view    *waitroom.View
	revoked bool
	touches int
}

func (r *stillRoom) Find([]byte) (waitroom.Room, error) { return r, nil }
func (r *stillRoom) View() *waitroom.View               { return r.view }
func (r *stillRoom) Revoked(int64, int64) bool          { return r.revoked }
func (r *stillRoom) Revoke(int64, int64)                {}
func (r *stillRoom) Moved(int64, int64) int64           { return 0 }
func (r *stillRoom) Touch(int64, int64, time.Time)      { r.touches++ }
func (r *stillRoom) Hear(waitroom.Turn, int64)          {}

func newGate(t *testing.T) (*Gate, *stillRoom, string) {
	t.Helper()
	keys := authtest.Keys(t)
	now := time.Now()
	room := &stillRoom{view: &waitroom.View{Received: now, Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, AsOf: now}}}
	pass, err := keys.SignPass(auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now, ExpiresAt: now.Add(time.Hour)})
	require.NoError(t, err)
	return &Gate{Rooms: room, Passes: auth.NewPassVerifier(keys)}, room, pass
}

func TestFindPass(t *testing.T) {
	t.Parallel()
	g, room, pass := newGate(t)
	find := func(header, cookie string) (string, error) {
		ctx := &fasthttp.RequestCtx{}
		if header != "" {
			ctx.Request.Header.Set(HeaderPass, header)
		}
		ctx.Request.Header.Set("Cookie", cookie)
		found, err := g.findPass(ctx, room)
		return found.pass.Token(), err
	}
	for name, c := range map[string]struct{ header, cookie string }{
		"header": {pass, ""}, "cookie": {"", "wp_arena=" + pass}, "second cookie": {"", "wp_arena=x; a=b; wp_arena=" + pass},
		"bad header, good cookie": {"x", "wp_arena=" + pass},
	} {
		got, err := find(c.header, c.cookie)
		require.NoError(t, err, name)
		assert.Equal(t, pass, got, name)
	}
	assert.Equal(t, 4, room.touches)

	_, err := find("", "")
	require.ErrorIs(t, err, auth.ErrPassMissing)
	_, err = find("", "wp_theatre="+pass)
	require.ErrorIs(t, err, auth.ErrPassMissing)
	_, err = find("", "wp_arena=1; wp_arena=2; wp_arena=3; wp_arena=4; wp_arena="+pass)
	require.ErrorIs(t, err, auth.ErrPassInvalid, "only so many are looked at")

	// The line's clock decides, not this machine's.
	room.view = &waitroom.View{Received: time.Now(), Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, AsOf: time.Now().Add(2 * time.Hour)}}
	_, err = find(pass, "")
	require.ErrorIs(t, err, auth.ErrPassExpired)
	room.view = &waitroom.View{Received: time.Now(), Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 4, AsOf: time.Now()}}
	_, err = find(pass, "")
	require.ErrorIs(t, err, errPassSuperseded)
	room.view = &waitroom.View{Received: time.Now(), Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, AsOf: time.Now()}}
	room.revoked = true
	_, err = find(pass, "")
	require.ErrorIs(t, err, errPassRevoked)
	assert.Equal(t, 4, room.touches, "who is refused does not keep a session alive")
}

func TestTheGatesDecisionAllocatesNextToNothing(t *testing.T) {
	g, room, pass := newGate(t)
	room.view.Policy.PassRatePerSecond = 10_000
	ctx := requestFor("/api/v1/shows/arena/seats")
	ctx.Request.Header.Set(HeaderPass, pass)
	allocs := testing.AllocsPerRun(1000, func() {
		if _, err := cleanPath(ctx); err != nil {
			t.Fatal(err)
		}
		if v := g.Judge(ctx, []byte("arena")); !v.Through() || v.Renewed {
			t.Fatalf("%+v", v)
		}
	})
	assert.LessOrEqual(t, allocs, 3.0, "the copy of the pass that goes to the upstream, and little else")
	t.Logf("%.0f allocations", allocs)
}
