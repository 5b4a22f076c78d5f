package forward

import (
	"errors"
	"io"
	"net"
	"sync"
	"syscall"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/waitroom"
)

// Request is what the gateway tells the upstream.
type Request = waitroom.Onward

// Answer is what the upstream tells the gateway.
type Answer = waitroom.Reply

// exchange is one request on its way and its answer on the way back. It is the answer's body, too, where that streams: then it ends when
// fasthttp closes it. They are taken from a pool, with all their memory.
type exchange struct {
	pool *Pool
	at   *address // nil: not yet chosen; a request is counted there
	conn *conn    // nil: none
	req  waitroom.Onward

	// The request.
	out       []byte   // its head, and its body where that is small
	small     []byte   // the body, where it is small
	named     [][]byte // headers that its Connection header names
	size      int64    // of the body; -1: chunked; 0: none
	upload    *upload  // nil: none is under way
	spoiled   bool     // the request was not sent to its end
	upgrading bool
	tunnelled bool // it counts as a tunnel

	// The answer.
	in      [maxHead]byte
	r, w    int // what lies between has been read from the connection and not been used
	head    head
	framing framing
	left    int64 // of the body or of the chunk
	inChunk bool  // the end of a chunk has not been read yet
	rest    []byte
	failed  error // of the body; io.EOF: it is complete
	watched *ending
}

var exchanges = sync.Pool{New: func() any { return &exchange{} }}

// Forward sends a request on and its answer back: when it returns without an error, the answer's head is in ctx.Response, and the body is
// there or will stream. On an error ctx.Response is as it was, and the error is one of this package's. An address is tried once, with two
// exceptions: a connection cannot be opened, then another address is; and a kept connection turns out to be closed before anything came, then a
// new one is, but only for a request without a body that changes nothing (as nginx does).
func (p *Pool) Forward(ctx *fasthttp.RequestCtx, req Request) (Answer, error) {
	x := exchanges.Get().(*exchange)
	x.pool, x.req = p, req
	answer, err := x.run(ctx)
	if err != nil {
		return answer, x.fail(ctx, err)
	}
	return answer, nil
}

func (x *exchange) run(ctx *fasthttp.RequestCtx) (Answer, error) {
	if err := x.measure(ctx); err != nil {
		return Answer{}, err
	}
	for again := false; ; again = true {
		if err := x.open(ctx, again); err != nil {
			return Answer{}, err
		}
		err := x.ask(ctx)
		if err == nil {
			return x.answer(ctx)
		}
		if again || !x.repeatable(ctx, err) {
			return Answer{Address: x.at.text}, err
		}
		x.hangUp(false)
	}
}

// open gets a connection, a new one if it must be fresh.
func (x *exchange) open(ctx *fasthttp.RequestCtx, fresh bool) error {
	var avoid *address
	for tries := 1; ; tries++ {
		x.at = x.pool.choose(avoid)
		if x.at == nil {
			return ErrBusy
		}
		if !fresh {
			if x.conn = x.at.take(!x.safe(ctx)); x.conn != nil {
				return nil
			}
		}
		var err error
		if x.conn, err = x.at.dial(); err == nil {
			return nil
		}
		if !errors.Is(err, net.ErrClosed) {
			x.at.fared(err)
		}
		avoid = x.at
		x.hangUp(false)
		if tries == 2 || len(x.pool.addresses) == 1 {
			return err
		}
	}
}

// ask sends the request and reads the head of the answer.
func (x *exchange) ask(ctx *fasthttp.RequestCtx) error {
	if err := x.compose(ctx); err != nil {
		return err
	}
	x.r, x.w = 0, 0
	x.conn.begin(ctx.Conn(), x.pool.o.FirstByte, x.req.Still)
	uploads := x.size != 0 && len(x.small) == 0
	out := x.out
	if s := x.conn.socket; s != nil && s.plain && !uploads {
		sent, got, err := s.ask(out, x.in[:])
		x.w = got
		if err != nil {
			return x.conn.why(err)
		}
		out = out[sent:]
	}
	if len(out) > 0 {
		if _, err := x.conn.Write(out); err != nil {
			return x.conn.why(err)
		}
	}
	if uploads {
		x.startUpload(ctx)
	}
	return x.hear()
}

// maxInterim bounds the interim answers before an answer.
const maxInterim = 16

// hear reads the head of the answer and passes over interim ones.
func (x *exchange) hear() error {
	x.head.reset()
	begin := 0
	for interim := 0; ; {
		complete, err := x.head.read(x.in[begin:x.w])
		if err != nil {
			return err
		}
		if complete {
			begin += x.head.at
			if !x.head.interim() {
				x.r = begin
				return nil
			}
			if interim++; interim > maxInterim {
				return badAnswer("it is announced again and again")
			}
			x.head.reset()
			continue
		}
		if x.w == len(x.in) {
			return badAnswer("its head is longer than %d bytes", maxHead)
		}
		n, err := x.conn.Read(x.in[x.w:])
		x.w += n
		if err != nil && n == 0 {
			return x.conn.why(err)
		}
	}
}

// repeatable reports whether a request may be sent once more: what failed is a kept connection that was closed before it could carry anything,
// and to repeat the request can do no harm.
func (x *exchange) repeatable(ctx *fasthttp.RequestCtx, err error) bool {
	if !x.conn.kept || x.w > 0 || !x.safe(ctx) {
		return false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// safe reports whether a request changes nothing and has no body (RFC 9110, section 9.2.1).
func (x *exchange) safe(ctx *fasthttp.RequestCtx) bool {
	return x.size == 0 && !x.upgrading && (ctx.IsGet() || ctx.IsHead() || ctx.IsOptions())
}

// answer gives the visitor the answer whose head has been read.
func (x *exchange) answer(ctx *fasthttp.RequestCtx) (Answer, error) {
	h := &x.head
	got := Answer{Address: x.at.text}
	switch {
	case string(h.command) == "release": // the one that is known costs no memory
		got.Command = "release"
	case len(h.command) > 0:
		got.Command = string(h.command)
	}
	if h.status == fasthttp.StatusSwitchingProtocols {
		if !x.upgrading || !h.upgrades || !equal(h.upgrade, "websocket") {
			return got, badAnswer("it switches to another protocol, which nobody asked for")
		}
		x.at.fared(nil)
		x.tunnel(ctx)
		return got, nil
	}
	bodyless := ctx.IsHead() || h.bodyless()
	if !bodyless && !h.chunked && h.length <= soon && x.r+int(h.length) <= len(x.in) {
		if err := x.gather(int(h.length)); err != nil {
			return got, err
		}
	}
	x.at.fared(nil)
	x.endUpload(ctx)
	h.apply(&ctx.Response.Header)
	switch {
	case bodyless:
		x.framing = noBody
		x.length(ctx)
		x.spoiled = x.spoiled || !ctx.IsHead() && (h.chunked || h.length > 0) && h.status != fasthttp.StatusNotModified
	case h.chunked:
		x.framing = chunked
		x.stream(ctx, -1)
		return got, nil
	case h.length >= 0 && h.length <= int64(x.w-x.r): // all there
		ctx.Response.SetBody(x.in[x.r : x.r+int(h.length)])
		x.r += int(h.length)
	case h.length >= 0:
		x.framing, x.left = counted, h.length
		x.stream(ctx, int(h.length))
		return got, nil
	default:
		x.framing = unframed
		x.stream(ctx, -1)
		return got, nil
	}
	x.hangUp(x.reusable())
	x.recycle()
	return got, nil
}

// length tells the length of a body that is not sent.
func (x *exchange) length(ctx *fasthttp.RequestCtx) {
	if x.head.length >= 0 {
		var digits [20]byte
		ctx.Response.Header.SetBytesV(fasthttp.HeaderContentLength, fasthttp.AppendUint(digits[:0], int(x.head.length)))
	}
}

// soon is how much of a body the head of an answer waits for, in bytes: what a server writes apart from its head comes right after it. If it
// does not, the visitor can still be told so.
const soon = 8 << 10

// gather waits until so much of the body is there. It leaves what has been read where it is.
func (x *exchange) gather(n int) error {
	for x.w-x.r < n {
		if err := x.read(); err != nil {
			return err
		}
	}
	return nil
}

// stream makes the exchange the body of the answer.
func (x *exchange) stream(ctx *fasthttp.RequestCtx, length int) {
	if length < 0 && !ctx.Request.Header.IsHTTP11() {
		x.streamOld(ctx)
		return
	}
	ctx.Response.SetBodyStream(x, length)
	ctx.Response.ImmediateHeaderFlush = x.r == x.w
	if x.head.events {
		x.watched = endWith(x.conn, ctx.Done())
	}
}

// reusable reports whether the connection is where a next request may begin.
func (x *exchange) reusable() bool {
	return x.head.lasts() && !x.spoiled && x.r == x.w && x.framing != unframed
}

// hangUp parts from the connection, which may be used again or not, and from the address.
func (x *exchange) hangUp(again bool) {
	if x.watched != nil {
		x.watched.cancel()
		x.watched = nil
	}
	if c := x.conn; c != nil {
		x.conn = nil
		if c.end() && again {
			x.at.keep(c)
		} else {
			c.drop()
		}
	}
	if x.at != nil {
		x.at.leave()
		x.at = nil
	}
}

// recycle gives the exchange back. Nobody may use it any more.
func (x *exchange) recycle() {
	if x.tunnelled {
		x.pool.tunnels.Add(-1)
	}
	out, small, named, head := x.out[:0], x.small[:0], x.named[:0], x.head
	if cap(out) > 64<<10 {
		out = nil
	}
	head.reset()
	x.pool, x.req, x.out, x.small, x.named, x.head = nil, waitroom.Onward{}, out, small, named, head
	x.size, x.upload, x.spoiled, x.upgrading, x.tunnelled = 0, nil, false, false, false
	x.r, x.w, x.framing, x.left, x.inChunk, x.rest, x.failed = 0, 0, noBody, 0, false, nil, nil
	exchanges.Put(x)
}

// fail ends an exchange that has given no answer, and says why in words of ours.
func (x *exchange) fail(ctx *fasthttp.RequestCtx, err error) error {
	x.endUpload(ctx)
	fault, upstreams := explain(err)
	if upstreams && x.at != nil {
		x.at.fared(err)
	}
	if x.size != 0 || fault == ErrGone {
		// What is left of the body is not waited for: it may be long, or never come.
		ctx.SetConnectionClose()
		endpoint.Linger(ctx)
	}
	x.hangUp(false)
	x.recycle()
	if error(fault) == err { //nolint:errorlint // Only the very same needs no cause inside.
		return err
	}
	return because(fault, err)
}
