package testenv

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// VerifyNoLeaks runs the tests of a package, for its TestMain, and fails when goroutines of ours are left at the end. Those that the
// libraries keep for the whole process, or until they look whether there is still work, are none of ours. What a test has told to stop may
// take its time about it: goleak by itself would wait for less than half a second.
func VerifyNoLeaks(m *testing.M) {
	code := Passes(m).Run()
	if code == 0 {
		var left error
		if !Eventually(func() bool { left = goleak.Find(ofLibraries...); return left == nil }) {
			fmt.Fprintf(os.Stderr, "goroutines are left after the tests: %v\n", left)
			code = 1
		}
	}
	os.Exit(code)
}

var ofLibraries = []goleak.Option{
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"), // sleeps ten seconds between its looks
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp/stackless.funcWorker"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp/stackless.NewFunc.func1"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*HostClient).connsCleaner"),
	goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*TCPDialer).tcpAddrsClean"),
	// A test's own clients keep connections.
	goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
}
