package redisqueue

import (
	"context"
	"crypto/sha1" //nolint:gosec // Redis names scripts by it.
	"embed"
	"encoding/hex"
	"strings"

	"github.com/redis/rueidis"
)

//go:embed scripts/*.lua
var sources embed.FS

// The transitions.
var (
	joinScript    = load("join")
	lookScript    = load("look")
	quitScript    = load("quit")
	hearScript    = load("hear")
	touchScript   = load("touch")
	tickScript    = load("tick")
	putScript     = load("put")
	resetScript   = load("reset")
	endScript     = load("end")
	pressScript   = load("press")
	drawingScript = load("drawing")
	finishScript  = load("finish")
	ledgerScript  = load("ledger")
	moveScript    = load("move")
)

// script is one transition, which Redis keeps by the digest of its text.
type script struct {
	text   string
	digest string
}

func load(name string) *script {
	return newScript(source("throttle") + "\n" + source("lib") + "\n" + source(name))
}

func newScript(text string) *script {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // Redis names scripts by it.
	return &script{text: text, digest: hex.EncodeToString(sum[:])}
}

func source(name string) string {
	text, err := sources.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic(err) // embedded, so it is there
	}
	return string(text)
}

// exec runs the script. The library is not told that it may repeat it, as it would a read, when a connection breaks: a join
// that ran twice would take two numbers. A Redis that does not know the script has not begun to run it.
func (s *script) exec(ctx context.Context, client rueidis.Client, key string, args []string, after ...rueidis.Completed) []rueidis.RedisResult {
	send := func(cmd rueidis.Completed, after []rueidis.Completed) []rueidis.RedisResult {
		if len(after) == 0 {
			return []rueidis.RedisResult{client.Do(ctx, cmd)}
		}
		return client.DoMulti(ctx, append([]rueidis.Completed{cmd}, after...)...)
	}
	for i := range after {
		after[i] = after[i].Pin() // may be sent twice
	}
	results := send(client.B().Evalsha().Sha1(s.digest).Numkeys(1).Key(key).Arg(args...).Build(), after)
	if err, ok := rueidis.IsRedisErr(results[0].Error()); ok && strings.HasPrefix(err.Error(), "NOSCRIPT") {
		return send(client.B().Eval().Script(s.text).Numkeys(1).Key(key).Arg(args...).Build(), after)
	}
	return results
}
