// Package events answers requests with streams of Server-Sent Events. What is watched is looked at by one goroutine, for all who watch it (Feeds);
// each client is written to by one of its own (Stream, Answer).
package events

import (
	"bufio"
	"bytes"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	writeLimit = 20 * time.Second // a client that takes longer to take an event is gone
	handOver   = 30 * time.Second // bounds the time until fasthttp hands a connection over
)

// Send writes text to a client at once. It fails when the client is gone, and when it has taken nothing for too long; the stream is over then.
type Send func(text []byte) error

// Text is an event as it is sent. Data is JSON without line breaks, which fits one data line; an empty id is left out.
func Text(name, id string, data []byte) []byte {
	var event bytes.Buffer
	event.WriteString("event: " + name)
	if id != "" {
		event.WriteString("\nid: " + id)
	}
	event.WriteString("\ndata: ")
	event.Write(data)
	event.WriteString("\n\n")
	return event.Bytes()
}

// Answer makes ctx answer with a stream, which write sends in a goroutine of its own and ends by returning. Write must not touch ctx, and must
// return when ctx.Done(), taken before, says that the server stops. Done is called once: when write has returned, or when the stream could not
// begin.
func Answer(ctx *fasthttp.RequestCtx, write func(Send), done func()) {
	ctx.SetConnectionClose() // it is not used again after a stream: its deadline is set
	ctx.Response.Header.SetContentType("text/event-stream; charset=utf-8")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.Header.Set("X-Accel-Buffering", "no") // a proxy that gathers answers must not gather this one
	if !ctx.Request.Header.IsHTTP11() {
		answerOld(ctx, write, done)
		return
	}
	conn := ctx.Conn()
	ctx.SetBodyStreamWriter(func(out *bufio.Writer) {
		defer done()
		write(sender(conn, out))
	})
}

// answerOld answers a client of HTTP/1.0, to whom the stream ends with the connection: fasthttp would send it in chunks, which HTTP/1.0 does not
// know.
func answerOld(ctx *fasthttp.RequestCtx, write func(Send), done func()) {
	lost := time.AfterFunc(handOver, done) // fasthttp does not say when it could not hand the connection over
	head := &ctx.Response.Header
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(conn net.Conn) {
		if !lost.Stop() {
			return
		}
		defer done()
		out := bufio.NewWriter(conn)
		if _, err := out.Write(head.Header()); err == nil { // by now with what was added after the handler
			write(sender(conn, out))
		}
	})
}

// sender sends through out, which leads to the connection.
func sender(conn net.Conn, out *bufio.Writer) Send {
	return func(text []byte) error {
		if err := conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
			return err
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		return out.Flush()
	}
}
