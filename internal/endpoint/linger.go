package endpoint

import (
	"io"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// Bounds of Linger: enough for a file of some megabytes, chosen by mistake, over an ordinary line. They keep a sender who does not stop from
// costing more than milliseconds of work, and end well before a drain does.
const (
	lingerBytes = 16 << 20
	lingerTime  = 5 * time.Second
)

// Linger makes the connection take in, once the answer is sent, what the client still sends of a request that was refused before it had arrived
// whole. The handler must also make the connection close (ctx.SetConnectionClose).
//
// A server that closes while bytes of the client lie unread makes the kernel send a reset, and a client that is still sending loses the answer
// that is on its way: instead of our problem document a browser shows "connection reset". So our side says that it has finished, and what
// still comes is read and thrown away (RFC 9112, section 9.6; nginx calls it lingering_close).
func Linger(ctx *fasthttp.RequestCtx) {
	if c, ok := ctx.Conn().(halfCloser); ok {
		// fasthttp closes a request's values that are closers once the answer is flushed, before the connection itself.
		ctx.SetUserValue(lingerKey{}, lastBytes{c})
	}
}

type lingerKey struct{}

// halfCloser is what a *net.TCPConn can do, and a *tls.Conn.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// lastBytes is a connection whose answer is written.
type lastBytes struct{ conn halfCloser }

// Close says that nothing more will be written and reads until the client has finished too, or a bound is reached.
func (b lastBytes) Close() error {
	if err := b.conn.CloseWrite(); err != nil {
		return err
	}
	if err := b.conn.SetReadDeadline(time.Now().Add(lingerTime)); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, b.conn, lingerBytes)
	return err
}
