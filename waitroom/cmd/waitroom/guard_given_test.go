package main

import (
	"crypto/sha256"
	"encoding/json"
	"math/bits"
	"net/http"
	"strconv"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
	"anteroom/waitroom/guard"
)

func presale(p *waitroom.Policy) { hold(p); p.Guards.Presale = waitroom.WatchEnforce }

func limited(p *waitroom.Policy) {
	hold(p)
	p.Guards.JoinLimit, p.Guards.JoinsPerAddress = waitroom.WatchEnforce, 1
}

// solve gets a puzzle and solves it.
func (c *scene) solve() {
	c.t.Helper()
	c.vars["solution"] = solvedBy(c.g, c.room)
}

func solvedBy(g *server, room string, headers ...string) string {
	g.t.Helper()
	a := g.get("/waitroom/v1/"+room+"/challenge", headers...)
	require.Equal(g.t, http.StatusOK, a.status, string(a.body))
	var doc struct {
		Required  bool
		Challenge string
		Bits      int
	}
	require.NoError(g.t, json.Unmarshal(a.body, &doc))
	require.True(g.t, doc.Required)
	return solution(doc.Challenge, doc.Bits, 0)
}

// solution is the first number from one on that solves the challenge.
func solution(challenge string, zeros, from int) string {
	for n := from; ; n++ {
		text := challenge + "." + strconv.Itoa(n)
		sum := sha256.Sum256([]byte(text))
		if bits.LeadingZeros32(uint32(sum[0])<<24|uint32(sum[1])<<16|uint32(sum[2])<<8|uint32(sum[3])) >= zeros {
			return text
		}
	}
}

// code makes a presale code for the room.
func (c *scene) code() {
	c.t.Helper()
	require.NoError(c.t, guard.MakeCodes(c.s.keys, c.room, "", 1, func(code string) error {
		c.vars["presale code"] = code
		return nil
	}))
}

// guess sends wrong codes until none is listened to any more.
func (c *scene) guess() {
	c.t.Helper()
	for range 100 {
		if c.ask("POST", "/join", waitroom.HeaderCode, "AAAAA-AAAAA-AAAAA-AAAAA").status == http.StatusTooManyRequests {
			return
		}
	}
	c.t.Fatal("guessing has no end")
}
