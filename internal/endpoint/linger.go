package endpoint

import (
	"io"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// Lingering bounds what a connection still takes in after a request was refused before it had arrived whole.
//
// A server that closes while bytes of the client lie unread makes the kernel send a reset, and a client that is still sending loses the answer
// that is on its way: instead of our problem document a browser shows "connection reset". So our side says that it has finished, and what
// still comes is read and thrown away (RFC 9112, section 9.6; nginx calls it lingering_close).
type Lingering struct {
	Bytes int64
	Time  time.Duration
}

// DefaultLingering is enough for a file of some megabytes, chosen by mistake, over an ordinary line. It keeps a sender who does not stop from
// costing more than milliseconds of work, and ends well before a drain does.
var DefaultLingering = Lingering{Bytes: 16 << 20, Time: 5 * time.Second}

// Linger is DefaultLingering.After.
func Linger(ctx *fasthttp.RequestCtx) { DefaultLingering.After(ctx) }

// After makes the connection linger once the answer is sent. The connection must close after it: by ctx.SetConnectionClose, or since an error
// handler of fasthttp answers.
func (l Lingering) After(ctx *fasthttp.RequestCtx) {
	if c, ok := ctx.Conn().(halfCloser); ok {
		// fasthttp closes a request's values that are closers once the answer is flushed, before the connection itself.
		ctx.SetUserValue(lingerKey{}, lastBytes{c, l})
	}
}

type lingerKey struct{}

// halfCloser is what a *net.TCPConn can do, and a *tls.Conn.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// lastBytes is a connection whose answer is written.
type lastBytes struct {
	conn   halfCloser
	bounds Lingering
}

// Close says that nothing more will be written and reads until the client has finished too, or a bound is reached.
func (b lastBytes) Close() error {
	if err := b.conn.CloseWrite(); err != nil {
		return err
	}
	if err := b.conn.SetReadDeadline(time.Now().Add(b.bounds.Time)); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, b.conn, b.bounds.Bytes)
	return err
}
