package redisqueue

import (
	"embed"

	"github.com/redis/rueidis"
)

//go:embed scripts/*.lua
var sources embed.FS

// The transitions. NewLuaScript makes them not retryable: when a connection breaks, the library does not send
// a script again, as it would a read. A join that ran twice would take two numbers.
var (
	joinScript    = load("join")
	statusScript  = load("status")
	leaveScript   = load("leave")
	releaseScript = load("release")
	touchScript   = load("touch")
	tickScript    = load("tick")
	putScript     = load("put")
)

func load(name string) *rueidis.Lua {
	return rueidis.NewLuaScript(source("lib") + "\n" + source(name))
}

func source(name string) string {
	text, err := sources.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic(err) // embedded, so it is there
	}
	return string(text)
}
