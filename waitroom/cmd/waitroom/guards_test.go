package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/guard"
)

// pollEvery is how often what must happen is looked for.
const pollEvery = 20 * time.Millisecond

// from is the gateway as a visitor with this loopback address sees it.
func (g *server) from(address string) *server {
	own := *g
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext}
	g.t.Cleanup(transport.CloseIdleConnections)
	own.client = &http.Client{Timeout: deadline, Transport: transport, CheckRedirect: g.client.CheckRedirect}
	return &own
}

func (g *server) joinWith(room string, headers ...string) answer {
	return g.do(http.MethodPost, "/waitroom/v1/"+room+"/join", nil, headers...)
}

// metric is the sum of the samples whose line begins with this.
func (g *server) metric(begins string) (total int) {
	g.t.Helper()
	for line := range strings.SplitSeq(string(g.get(g.opsURL+"/metrics").body), "\n") {
		if value, ok := strings.CutPrefix(line, begins); ok {
			n := 0
			_, err := fmt.Sscan(value[strings.LastIndexByte(value, ' ')+1:], &n)
			require.NoError(g.t, err, line)
			total += n
		}
	}
	return total
}

// atOnce runs f so many times at the same moment.
func atOnce(times int, f func(i int)) {
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range times {
		all.Go(func() { <-begin; f(i) })
	}
	close(begin)
	all.Wait()
}

// TestOneSolutionIsOnePlace, however often and at whichever gateway it is shown, also at once.
func TestOneSolutionIsOnePlace(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", puzzling)
	gateways := []*server{s.start(), s.start()}
	refused := gateways[0].get(seats, "Accept", "application/json")
	require.Equal(t, 428, refused.status, string(refused.body))
	require.Equal(t, "proof-required", refused.problem(t))
	var p struct {
		Challenge string
		Bits      int
	}
	require.NoError(t, json.Unmarshal(refused.body, &p))
	proof := solution(p.Challenge, p.Bits, 0)

	numbers := make([]int64, 40)
	atOnce(len(numbers), func(i int) {
		a := gateways[i%2].joinWith("arena", waitroom.HeaderProof, proof)
		if assert.Equal(t, 201, a.status, string(a.body)) {
			numbers[i] = a.visit(t).Number
		}
	})
	for _, number := range numbers {
		require.EqualValues(t, 1, number)
	}
	// Another number that solves the same challenge is the same place, another challenge the next.
	again := solution(p.Challenge, p.Bits, len(proof)*1000)
	require.NotEqual(t, proof, again)
	assert.EqualValues(t, 1, gateways[1].joinWith("arena", waitroom.HeaderProof, again).visit(t).Number)
	assert.EqualValues(t, 2, gateways[1].joinWith("arena", waitroom.HeaderProof, solvedBy(gateways[0], "arena")).visit(t).Number)
	// From another network it is worth nothing.
	elsewhere := gateways[0].from("127.9.9.9").joinWith("arena", waitroom.HeaderProof, proof)
	assert.Equal(t, "proof-required", elsewhere.problem(t))
	assert.Equal(t, 428, gateways[0].get("/shows/arena/seats", "Accept", "text/html").status)
	assert.Contains(t, string(gateways[0].get("/shows/arena/seats", "Accept", "text/html").body), "Waitroom-Proof", "the page solves it")
	assert.GreaterOrEqual(t, gateways[0].metric(`waitroom_guard_total{room="arena",guard="proof_of_work",outcome="refused"}`), 4)

	// The straight way through takes the solution too, and keeps it for itself.
	open := waitroom.ModeOpen
	s.change("arena", waitroom.PolicyChange{Mode: &open})
	proof = solvedBy(gateways[0], "arena")
	require.Eventually(t, func() bool {
		a := gateways[0].get(seats, waitroom.HeaderProof, proof, waitroom.HeaderCode, "x")
		return string(a.body) == "upstream"
	}, deadline, pollEvery)
	for name := range s.booking.all()[0].header {
		assert.NotContains(t, []string{waitroom.HeaderProof, waitroom.HeaderCode}, name)
	}
}

// TestOneCodeIsOnePlace on two gateways at once.
func TestOneCodeIsOnePlace(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", presale)
	gateways := []*server{s.start(), s.start()}
	var codes []string
	require.NoError(t, guard.MakeCodes(s.keys, "arena", "vip", 3, func(code string) error { codes = append(codes, code); return nil }))
	assert.Equal(t, "code-required", gateways[0].get(seats).problem(t))
	for round, code := range codes {
		numbers := make([]int64, 30)
		atOnce(len(numbers), func(i int) {
			typed := code
			if i%3 == 0 {
				typed = strings.ToLower(strings.ReplaceAll(code, "-", ""))
			}
			a := gateways[i%2].joinWith("arena", waitroom.HeaderCode, typed)
			if assert.Equal(t, 201, a.status, string(a.body)) {
				numbers[i] = a.visit(t).Number
			}
		})
		for _, number := range numbers {
			require.EqualValues(t, round+1, number)
		}
	}
	wrong := codes[0][:len(codes[0])-1] + "0"
	if wrong == codes[0] {
		wrong = codes[0][:len(codes[0])-1] + "1"
	}
	assert.Equal(t, "code-invalid", gateways[1].joinWith("arena", waitroom.HeaderCode, wrong).problem(t))
	snapshot, _, err := s.queue.Tick(context.Background(), "arena", time.Now())
	require.NoError(t, err)
	assert.EqualValues(t, 3, snapshot.Issued)
}

// botRoom is a room that no other test has: what is counted in it, by all gateways of this process, is what happened here.
const botRoom = "bots"

// crowd lets a bot ask for places over and over, then some buyers for one each, and returns the numbers that the buyers got and what the
// bot was given. Each comes with a key, so that a join that is repeated because the gateway was held up is the same one.
func crowd(g *server) (buyers []int64, bot []waitroom.Visit) {
	g.t.Helper()
	robot := g.from("127.7.7.7")
	for range 60 {
		if a := robot.joinWith(botRoom, "Idempotency-Key", rand.Text()); a.status == 201 {
			bot = append(bot, a.visit(g.t))
		}
	}
	for i := range 5 {
		a := g.from(fmt.Sprintf("127.8.%d.1", i)).joinWith(botRoom, "Idempotency-Key", rand.Text())
		require.Equal(g.t, 201, a.status, string(a.body))
		buyers = append(buyers, a.visit(g.t).Number)
	}
	return buyers, bot
}

// TestTheShadowLineEndsNowhere: who trips the limit gets places that never come up, reach no upstream and move nobody; buyers go in as if they
// were not there. The controls are the same without guards, and with guards that only watch.
func TestTheShadowLineEndsNowhere(t *testing.T) {
	t.Parallel()
	run := func(limit, shadow waitroom.Watch) (s *system, g *server, buyers []int64, bot []waitroom.Visit) {
		s = newTestSystem(t)
		s.room(botRoom, func(p *waitroom.Policy) {
			p.Mode, p.MaxActive, p.GhostSeconds = waitroom.ModeQueue, 1000, 3600
			p.RatePerMinute = 60_000
			p.Guards = waitroom.Guards{JoinLimit: limit, JoinsPerAddress: 1, Shadow: shadow}
		})
		g = s.start()
		buyers, bot = crowd(g)
		return s, g, buyers, bot
	}
	s, g, buyers, bot := run(waitroom.WatchEnforce, waitroom.WatchEnforce)
	require.Equal(t, []int64{2, 3, 4, 5, 6}, buyers, "the bot has one number")
	require.Len(t, bot, 60, "it is told of a place each time")
	shadowed := bot[1:]
	require.Equal(t, len(shadowed), g.metric(`waitroom_guard_total{room="bots",guard="shadow",outcome="shadowed"}`))
	require.Eventually(t, func() bool { // until everybody who is in the line has been let in
		snapshot, _, err := s.queue.Tick(context.Background(), botRoom, time.Now())
		return err == nil && snapshot.AdmittedTotal == 6
	}, deadline, pollEvery)
	for _, visit := range shadowed {
		now := g.get("/waitroom/v1/bots/status", "Authorization", "Bearer "+visit.Ticket).visit(t)
		require.Equal(t, waitroom.Waiting, now.State)
		require.Positive(t, now.Ahead)
		require.Empty(t, now.Pass)
		for _, method := range []string{"GET", "POST"} {
			a := g.do(method, "/api/v1/shows/bots/seats", nil, "Cookie", "wr_bots="+visit.Ticket, "Accept", "application/json")
			require.NotEqual(t, "upstream", string(a.body))
			require.Equal(t, "waiting", a.header.Get("Waitroom-State"))
		}
		var receipt struct{ Receipt string }
		require.NoError(t, json.Unmarshal(g.get("/waitroom/v1/bots/receipt", "Authorization", "Bearer "+visit.Ticket).body, &receipt))
		_, err := auth.VerifyReceipt(t.Context(), s.keys, []byte(receipt.Receipt))
		require.ErrorIs(t, err, auth.ErrReceiptInvalid, "nothing false is stated to anybody")
	}
	require.Empty(t, s.booking.all(), "nothing of it reached the upstream")
	snapshot, _, err := s.queue.Tick(context.Background(), botRoom, time.Now())
	require.NoError(t, err)
	require.EqualValues(t, 6, snapshot.Issued)

	// The controls: the same crowd, and the bot's places are in front of everybody's.
	for _, stage := range []waitroom.Watch{waitroom.WatchOff, waitroom.WatchOnly} {
		_, g, buyers, bot := run(stage, stage)
		require.Equal(t, []int64{61, 62, 63, 64, 65}, buyers)
		require.Len(t, bot, 60)
		least, most := 0, 0
		if stage == waitroom.WatchOnly {
			least, most = 59, 59+int(g.held.Load()) // what is asked again is judged again
		}
		for _, figure := range []string{`guard="join_limit",outcome="would_refuse"`, `guard="shadow",outcome="would_shadow"`} {
			n := g.metric(`waitroom_guard_total{room="bots",` + figure + `}`)
			require.True(t, least <= n && n <= most, "%s: %d, must be from %d to %d", figure, n, least, most)
		}
	}
	// Without the shadow line the bot is refused to its face.
	_, g, buyers, bot = run(waitroom.WatchEnforce, waitroom.WatchOff)
	require.Equal(t, []int64{2, 3, 4, 5, 6}, buyers)
	require.Len(t, bot, 1)
	refused := g.from("127.7.7.7").joinWith(botRoom)
	require.Equal(t, "join-limit", refused.problem(t))
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	page := g.from("127.7.7.7").get("/shows/bots/seats", "Accept", "text/html")
	require.Equal(t, 429, page.status)
}
