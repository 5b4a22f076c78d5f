package proxy

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// dial opens a connection that gives an upstream up after a silence rather than after a total time: a stream may last.
func dial(addr string) (net.Conn, error) {
	conn, err := fasthttp.DialTimeout(addr, dialTimeout)
	if err != nil {
		return nil, err
	}
	return &patientConn{Conn: conn}, nil
}

// patientConn bounds the silence before each read.
type patientConn struct{ net.Conn }

func (c *patientConn) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(upstreamSilence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

var eventStream = []byte("text/event-stream")

// wantsEvents reports whether the visitor asks for a stream of events, as every EventSource does.
func wantsEvents(h *fasthttp.RequestHeader) bool {
	return bytes.Contains(h.Peek(fasthttp.HeaderAccept), eventStream)
}

// forwardEvents forwards a request whose answer may never end by itself, so that it ends when the server stops and does
// not hold the drain up. It costs an answer of its own, which is why not everything goes this way.
func (u *Upstream) forwardEvents(ctx *fasthttp.RequestCtx) error {
	answer := &fasthttp.Response{}
	if err := u.client.Do(&ctx.Request, answer); err != nil {
		return err
	}
	answer.Header.CopyTo(&ctx.Response.Header)
	body, ok := answer.BodyStream().(fasthttp.ReadCloserWithError)
	if !ok {
		return nil // an answer without a body
	}
	stream := &events{body: body, stopping: ctx.Done(), closed: make(chan struct{})}
	go stream.watch()
	ctx.Response.SetBodyStream(stream, max(answer.Header.ContentLength(), -1))
	ctx.Response.ImmediateHeaderFlush = true
	return nil
}

// events is the body of a stream of events.
type events struct {
	body     fasthttp.ReadCloserWithError // may be closed while it is being read, which interrupts the read
	stopping <-chan struct{}
	closed   chan struct{}
	once     sync.Once
}

func (e *events) watch() {
	select {
	case <-e.stopping:
		_ = e.body.CloseWithError(io.EOF)
	case <-e.closed:
	}
}

// Read ends cleanly, not with an error, when the server stops.
func (e *events) Read(p []byte) (int, error) {
	n, err := e.body.Read(p)
	if err != nil {
		select {
		case <-e.stopping:
			return n, io.EOF
		default:
		}
	}
	return n, err
}

// CloseWithError is how fasthttp closes a body; with the reason when the visitor has gone.
func (e *events) CloseWithError(err error) error {
	e.once.Do(func() { close(e.closed) })
	return e.body.CloseWithError(err)
}
