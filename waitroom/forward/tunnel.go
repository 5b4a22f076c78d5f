package forward

import (
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// mayTunnel counts a WebSocket, unless there are as many as there may be.
func (x *exchange) mayTunnel() error {
	if x.tunnelled { // the request is sent once more
		return nil
	}
	if x.pool.tunnels.Add(1) > int64(x.pool.o.MaxTunnels) {
		x.pool.tunnels.Add(-1)
		return ErrBusy
	}
	x.tunnelled, x.upgrading = true, true
	return nil
}

// handOver bounds the time until fasthttp hands a visitor's connection over.
const handOver = 30 * time.Second

// tunnel lets the bytes pass both ways once fasthttp has sent the answer.
func (x *exchange) tunnel(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	x.head.apply(h)
	h.Set(fasthttp.HeaderConnection, "Upgrade")
	h.Set(fasthttp.HeaderUpgrade, "websocket")
	x.takeOver(ctx, x.carry)
}

// takeOver lets use have the visitor's connection for the rest of its life, until the server stops. It ends the exchange.
func (x *exchange) takeOver(ctx *fasthttp.RequestCtx, use func(visitor net.Conn)) {
	stopping := ctx.Done()
	var taken atomic.Bool
	// fasthttp does not say when it could not send the answer; then nobody would let go of the upstream's connection.
	lost := time.AfterFunc(handOver, func() {
		if taken.CompareAndSwap(false, true) {
			x.hangUp(false)
			x.recycle()
		}
	})
	_ = x.conn.await(forUpstream, handOver+x.pool.o.TunnelSilence)
	ctx.Hijack(func(visitor net.Conn) {
		if !taken.CompareAndSwap(false, true) {
			return
		}
		lost.Stop()
		x.watched = endWith(x.conn, stopping)
		use(visitor)
		x.hangUp(false)
		x.recycle()
	})
}

// streamOld answers a visitor of HTTP/1.0 with a body of unknown length, whose end is that of the connection; fasthttp would send it in
// chunks, which HTTP/1.0 does not know.
func (x *exchange) streamOld(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.SetConnectionClose()
	ctx.HijackSetNoResponse(true)
	x.takeOver(ctx, func(visitor net.Conn) {
		_, err := visitor.Write(h.Header()) // by now with what the gateway has added
		if err == nil {
			_, err = x.WriteTo(visitor)
		}
		if err != nil {
			breakOff(visitor)
		}
	})
}

// breakOff makes a connection end in a way that cannot be taken for the end of the body.
func breakOff(visitor net.Conn) {
	if h, ok := visitor.(interface{ UnsafeConn() net.Conn }); ok {
		visitor = h.UnsafeConn()
	}
	if c, ok := visitor.(interface{ SetLinger(seconds int) error }); ok {
		_ = c.SetLinger(0)
	}
}

// carry ends when either side closes, when both are silent for too long, and when the server stops. What one side has said before it closed
// reaches the other.
func (x *exchange) carry(visitor net.Conn) {
	c, silence := x.conn, x.pool.o.TunnelSilence
	up := make(chan struct{})
	go func() {
		defer close(up)
		buffer := make([]byte, 16<<10)
		for {
			n, err := visitor.Read(buffer)
			if n > 0 && c.await(forUpstream, silence) == nil {
				if _, werr := c.Write(buffer[:n]); werr != nil {
					err = werr
				}
			}
			if err != nil {
				c.abort(errGone)
				return
			}
		}
	}()
	for {
		if x.r < x.w {
			if c.await(forVisitor, silence) != nil {
				break
			}
			if _, err := visitor.Write(x.in[x.r:x.w]); err != nil {
				break
			}
		}
		x.r, x.w = 0, 0
		if c.await(forUpstream, silence) != nil {
			break
		}
		n, err := c.Read(x.in[:])
		x.w = n
		if err != nil && n == 0 {
			break
		}
	}
	_ = visitor.SetDeadline(long)
	<-up
}
