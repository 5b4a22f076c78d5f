package proxy

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// seen remembers what was counted.
type seen struct {
	unseen
	mu      sync.Mutex
	refused map[string]int
}

func (s *seen) Refused(_, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused == nil {
		s.refused = map[string]int{}
	}
	s.refused[reason]++
}

// renewing is a gate of a room whose passes live for five minutes, and whose line does not answer: nothing here needs it.
type renewing struct {
	*Gate
	room *stillRoom
	keys *auth.Keys
	seen *seen
	now  time.Time
}

func newRenewing(t *testing.T, change func(*waitroom.Policy)) *renewing {
	t.Helper()
	keys := authtest.Keys(t)
	policy := waitroom.DefaultPolicy()
	policy.PassLifeSeconds = 300
	change(&policy)
	r := &renewing{keys: keys, seen: &seen{}, now: time.Now()}
	r.room = &stillRoom{view: &waitroom.View{Received: r.now, Crowd: waitroom.NewCrowd(0, nil), Snapshot: waitroom.Snapshot{
		Room: "arena", Epoch: 3, Phase: waitroom.PhaseOpen, Policy: policy, AsOf: r.now,
	}}}
	passes := auth.NewPassVerifier(keys)
	r.Gate = &Gate{Rooms: r.room, Keeper: waitroom.NewDesk(noLine{}, r.room, keys, passes, unseen{}), Passes: passes, Seen: r.seen}
	return r
}

// pass is one that runs out and whose session ends in so many seconds.
func (r *renewing) pass(t *testing.T, number, runsOut, ends int64) string {
	t.Helper()
	in := func(seconds int64) time.Time { return r.now.Add(time.Duration(seconds) * time.Second) }
	token, err := r.keys.SignPass(auth.Pass{Room: "arena", Epoch: 3, Number: number, AdmittedAt: r.now.Add(-time.Minute), ExpiresAt: in(runsOut), EndsAt: in(ends)})
	require.NoError(t, err)
	return token
}

func (r *renewing) judge(token string) waitroom.Verdict {
	ctx := requestFor("/api/v1/shows/arena/seats")
	ctx.Request.Header.Set("Cookie", "wp_arena="+token)
	return r.Judge(ctx, []byte("arena"))
}

func (r *renewing) read(t *testing.T, token string) auth.Pass {
	t.Helper()
	p, err := r.Passes.Verify([]byte(token), "arena", r.now)
	require.NoError(t, err)
	return p
}

func TestAPassIsRenewedWhenHalfOfItsLifeIsOver(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(*waitroom.Policy) {})
	fresh := r.pass(t, 9, 200, 3600)
	v := r.judge(fresh)
	assert.Equal(t, fresh, v.Pass)
	assert.Nil(t, v.Visit)

	old := r.pass(t, 9, 100, 3600)
	v = r.judge(old)
	require.True(t, v.Renewed)
	require.NotEqual(t, old, v.Pass, "the upstream gets the one that is good for longer")
	require.Equal(t, v.Pass, v.Visit.Pass)
	p := r.read(t, v.Pass)
	assert.EqualValues(t, 9, p.Number)
	assert.InDelta(t, 300, p.ExpiresAt.Sub(r.now).Seconds(), 30)
	assert.Equal(t, 3600.0, p.EndsAt.Sub(r.now).Round(time.Second).Seconds())
	assert.Equal(t, v.Pass, r.judge(v.Pass).Pass, "not again at once")

	ctx := requestFor("/api/v1/shows/arena/seats")
	ctx.Request.Header.Set(HeaderPass, old)
	v = r.Judge(ctx, []byte("arena"))
	r.SetCookies(ctx, v.Visit)
	assert.Equal(t, v.Pass, string(ctx.Response.Header.Peek(HeaderPass)), "who came with the header gets it in the header")
	assert.Empty(t, ctx.Response.Header.PeekAll("Set-Cookie"))
	ctx = requestFor("/")
	r.SetCookies(ctx, r.judge(old).Visit)
	assert.Contains(t, string(ctx.Response.Header.Peek("Set-Cookie")), "wp_arena="+v.Pass)
}

func TestARenewalNeverGoesBeyondTheSession(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(*waitroom.Policy) {})
	v := r.judge(r.pass(t, 9, 50, 60))
	require.True(t, v.Renewed)
	p := r.read(t, v.Pass)
	assert.True(t, p.ExpiresAt.Equal(p.EndsAt))
	assert.Equal(t, 60.0, p.ExpiresAt.Sub(r.now).Round(time.Second).Seconds())
	assert.False(t, r.judge(v.Pass).Renewed, "there is nothing left to give")
	whole := newRenewing(t, func(p *waitroom.Policy) { p.PassLifeSeconds = 0 })
	p = whole.read(t, whole.judge(whole.pass(t, 9, 200, 3600)).Pass)
	assert.True(t, p.ExpiresAt.Equal(p.EndsAt), "where passes are not short, the first renewal is for all that is left")
}

func TestWhatOpensNothingIsNotRenewed(t *testing.T) {
	t.Parallel()
	for why, change := range map[string]func(r *renewing){
		"pass-revoked":    func(r *renewing) { r.room.revoked = true },
		"pass-superseded": func(r *renewing) { view := *r.room.view; view.Epoch++; r.room.view = &view },
		"pass-expired": func(r *renewing) {
			view := *r.room.view
			view.AsOf = view.AsOf.Add(101 * time.Second)
			r.room.view = &view
		},
		"pass-not-yet": func(r *renewing) {
			view := *r.room.view
			view.AsOf = view.AsOf.Add(-3 * time.Minute)
			r.room.view = &view
		},
	} {
		r := newRenewing(t, func(*waitroom.Policy) {})
		old := r.pass(t, 9, 100, 3600)
		require.True(t, r.judge(old).Renewed, "the control: "+why)
		change(r)
		v := r.judge(old)
		assert.False(t, v.Through(), why)
		assert.Nil(t, v.Visit, why)
		assert.Equal(t, map[string]int{why: 1}, r.seen.refused, "counted by its reason")
	}
}

// crowdedRoom is a still room for many at once.
type crowdedRoom struct{ *stillRoom }

func (r crowdedRoom) Find([]byte) (waitroom.Room, error) { return r, nil }
func (crowdedRoom) Touch(int64, int64, time.Time)        {}

func TestManyRequestsAtOnceAreRenewedByOneSignature(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(*waitroom.Policy) {})
	r.Rooms = crowdedRoom{r.room}
	old := r.pass(t, 9, 100, 3600)
	got := make(chan string, 64)
	var all sync.WaitGroup
	for range cap(got) {
		all.Go(func() { got <- r.judge(old).Pass })
	}
	all.Wait()
	close(got)
	tokens := map[string]bool{}
	for token := range got {
		tokens[token] = true
	}
	assert.Len(t, tokens, 1, "the time of its making is in each")
	assert.False(t, tokens[old])
	other := r.judge(r.pass(t, 10, 100, 3600)).Pass
	assert.False(t, tokens[other], "each session has its own")
}

func TestTooManyRequestsOfOnePass(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(*waitroom.Policy) {}) // no limit yet, so that judging takes none of it
	a, same, b := r.judge(r.pass(t, 9, 290, 3600)), r.judge(r.pass(t, 9, 280, 3600)), r.judge(r.pass(t, 10, 290, 3600))
	through := func(v waitroom.Verdict) bool {
		v = r.within(v, r.now)
		if !v.Through() {
			assert.Equal(t, "pass-too-many", fault.From(v.Why).Type)
			assert.GreaterOrEqual(t, fault.From(v.Why).RetryAfter, time.Second)
		}
		return v.Through()
	}
	for range 10 {
		require.True(t, through(a), "the control: without a limit")
	}
	r.room.view.Policy.PassRatePerSecond = 3
	assert.True(t, through(a))
	assert.True(t, through(same), "another pass of the same session")
	assert.True(t, through(a))
	assert.False(t, through(same))
	assert.False(t, through(a))
	assert.True(t, through(b), "another session is not concerned")

	// At the gate it is a problem, to people as well: who holds a pass waits for nothing.
	ctx := requestFor("/shows/arena/seats")
	ctx.Request.Header.Set("Accept", "text/html")
	err := r.Refuse(ctx, []byte("arena"), r.within(a, r.now), "")
	assert.ErrorIs(t, err, errPassTooMany)
	assert.Equal(t, map[string]int{"pass-too-many": 1}, r.seen.refused)
}

func TestTooManyRequestsOfOnePassUnderWay(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(p *waitroom.Policy) { p.PassConcurrency = 2 })
	token := r.pass(t, 9, 290, 3600)
	enter := func() (*entry, error) {
		ctx := requestFor("/api/v1/shows/arena/seats")
		ctx.Request.Header.Set(HeaderPass, token)
		in, _, err := r.enter(ctx, []byte("arena"))
		return &in, err
	}
	one, err := enter()
	require.NoError(t, err)
	_, err = enter()
	require.NoError(t, err)
	_, err = enter()
	require.ErrorIs(t, err, errPassTooMany)
	assert.Equal(t, 1, r.seen.refused["pass-too-many"])
	r.leave(one)
	_, err = enter()
	require.NoError(t, err)
}

func TestABrowserGetsThePassForEdgesBesideThePass(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, func(*waitroom.Policy) {})
	file := t.TempDir() + "/edge.json"
	_, err := auth.InitEdgeKey(file)
	require.NoError(t, err)
	key, err := auth.LoadEdgeKey(file)
	require.NoError(t, err)
	r.Keeper.(*waitroom.Desk).ServeEdges(key)
	r.Edges = true
	edgePass := func(ctx *fasthttp.RequestCtx) string {
		for name, cookie := range ctx.Response.Header.Cookies() {
			if string(name) == "we_arena" {
				token, _, _ := strings.Cut(strings.TrimPrefix(string(cookie), "we_arena="), ";")
				return token
			}
		}
		return ""
	}
	for name, runsOut := range map[string]int64{"a fresh pass alone": 290, "an old one": 100} {
		token := r.pass(t, 9, runsOut, 3600)
		ctx := requestFor("/")
		v := r.judge(token)
		require.NotNil(t, v.Visit, name)
		r.SetCookies(ctx, v.Visit)
		got, err := key.Verify([]byte(edgePass(ctx)), "arena", r.now)
		require.NoError(t, err, name)
		assert.True(t, got.ExpiresAt.Equal(r.read(t, v.Pass).ExpiresAt), "it is good for as long as the pass")
		_, err = r.Passes.Verify([]byte(edgePass(ctx)), "arena", r.now)
		require.ErrorIs(t, err, auth.ErrPassInvalid, "and opens nothing here")
	}
	fresh := r.pass(t, 9, 290, 3600)
	ctx := requestFor("/")
	ctx.Request.Header.Set("Cookie", "wp_arena="+fresh+"; we_arena=x")
	assert.Nil(t, r.Judge(ctx, []byte("arena")).Visit, "who has one gets none with every answer")
	ctx = requestFor("/")
	ctx.Request.Header.Set(HeaderPass, fresh)
	assert.Nil(t, r.Judge(ctx, []byte("arena")).Visit, "a program has no use for it")
}

// FuzzFindPass bends the cookies and the header that a pass may come in: no way of writing them makes a pass of what is none, and one that is
// good is found wherever it stands among the first few.
func FuzzFindPass(f *testing.F) {
	keys := authtest.Keys(f)
	now := time.Now()
	room := &stillRoom{view: &waitroom.View{Received: now, Snapshot: waitroom.Snapshot{Room: "arena", Epoch: 3, AsOf: now}}}
	token, err := keys.SignPass(auth.Pass{Room: "arena", Epoch: 3, Number: 9, AdmittedAt: now, ExpiresAt: now.Add(24 * time.Hour)})
	require.NoError(f, err)
	f.Add("wp_arena=%", "", false)
	f.Add("wp_arena=x; wp_arena=%", "x", true)
	f.Add("__Host-wp_arena=\"%\"; a=b;; =; wp_arena", "%", true)
	f.Fuzz(func(t *testing.T, cookies, header string, secure bool) {
		fill := func(s string) string { return strings.ReplaceAll(s, "%", token) }
		ctx := &fasthttp.RequestCtx{}
		ctx.Request.Header.Set("Cookie", fill(cookies))
		if header != "" {
			ctx.Request.Header.Set(HeaderPass, fill(header))
		}
		g := &Gate{Rooms: room, Passes: auth.NewPassVerifier(keys), Secure: secure}
		found, err := g.findPass(ctx, room)
		if err != nil {
			if fault.From(err).Code == fault.Internal {
				t.Fatalf("%q, %q: an error of another type: %v", cookies, header, err)
			}
			if fill(header) == token {
				t.Fatalf("a good pass in the header was not found: %v", err)
			}
			return
		}
		p, err := g.Passes.Verify([]byte(found.pass.Token()), "arena", now)
		if err != nil || p.Number != 9 || !strings.Contains(cookies+header, "%") && found.pass.Token() != token {
			t.Fatalf("%q, %q: %q was taken for a pass: %v", cookies, header, found.pass.Token(), err)
		}
	})
}
