package forward

import (
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// upload sends a request's body on while the answer is waited for, which may come before the body has ended.
type upload struct {
	from    io.Reader
	visitor net.Conn
	conn    *conn
	size    int64 // -1: chunked
	most    int64
	silence time.Duration
	answer  time.Duration // how long the answer may take afterwards
	done    chan struct{}
	whole   bool // valid after done

	mu      sync.Mutex
	stopped bool
	renewed time.Time
}

func (x *exchange) startUpload(ctx *fasthttp.RequestCtx) {
	x.upload = &upload{
		from: ctx.RequestBodyStream(), visitor: ctx.Conn(), conn: x.conn, size: x.size, most: x.req.MaxBody,
		silence: x.pool.o.Silence, answer: x.pool.o.FirstByte, done: make(chan struct{}),
	}
	go x.upload.run()
}

// endUpload makes sure that nobody reads the visitor's body or writes to the upstream any more. A body that was not sent to its end is not
// read to its end either: the visitor's connection closes with the answer.
func (x *exchange) endUpload(ctx *fasthttp.RequestCtx) {
	u := x.upload
	if u == nil {
		return
	}
	x.upload = nil
	u.stop()
	if !u.whole {
		x.spoiled = true
		ctx.SetConnectionClose()
		endpoint.Linger(ctx)
	}
}

// stop interrupts an upload that is under way, and waits for its end. After it the deadlines of both connections are as they were, where the
// body was sent whole.
func (u *upload) stop() {
	u.mu.Lock()
	select {
	case <-u.done:
	default:
		u.stopped = true
		_ = u.visitor.SetReadDeadline(long)
		_ = u.conn.SetWriteDeadline(long)
	}
	u.mu.Unlock()
	<-u.done
	if u.stopped && u.whole { // it ended just then, and both connections go on
		_ = u.visitor.SetReadDeadline(time.Time{})
		_ = u.conn.SetWriteDeadline(time.Time{})
	}
}

func (u *upload) run() {
	err := u.send()
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case err == nil:
		u.whole = true
		_ = u.conn.await(forUpstream, u.answer)
		if !u.stopped {
			_ = u.visitor.SetReadDeadline(time.Time{}) // fasthttp sets its own for the next request
		}
	case !u.stopped && isVisitors(err):
		u.conn.abort(err)
	}
	close(u.done)
}

// visitorError is a failure to read the body.
type visitorError struct{ error }

func (e visitorError) Unwrap() error { return e.error }

func isVisitors(err error) bool {
	var v visitorError
	return errors.As(err, &v)
}

// send returns a visitorError when the visitor fails. When it is the upstream that takes no more, what that has to say about it may be on its
// way, and whoever reads the answer finds out.
func (u *upload) send() error {
	buffer := make([]byte, 32<<10)
	const room = 10 // for the size of a chunk before the data, and two bytes after it
	for sent := int64(0); ; {
		if err := u.patience(); err != nil {
			return err
		}
		n, err := u.from.Read(buffer[room : len(buffer)-2])
		sent += int64(n)
		if sent > u.most {
			return visitorError{ErrTooLarge}
		}
		end := err == io.EOF // a wrapped one is a broken chunk
		if err != nil && !end {
			return visitorError{because(readFailure(err), err)}
		}
		// fasthttp also says io.EOF where the connection ends before the last chunk.
		if end && (u.size > sent || u.size < 0 && left(u.visitor)) {
			return visitorError{errGone}
		}
		if werr := u.pass(buffer, room, n, end); werr != nil || end {
			return werr
		}
	}
}

// pass sends one piece: buffer[room:room+n].
func (u *upload) pass(buffer []byte, room, n int, end bool) error {
	piece := buffer[room : room+n]
	if u.size < 0 {
		if n > 0 {
			var size [10]byte
			hex := append(strconv.AppendInt(size[:0], int64(n), 16), '\r', '\n')
			begin := room - len(hex)
			copy(buffer[begin:], hex)
			piece = append(buffer[begin:room+n], '\r', '\n')
		}
		if end {
			piece = append(piece, "0\r\n\r\n"...)
		}
	}
	if len(piece) == 0 {
		return nil
	}
	if err := u.conn.await(forUpstream, u.silence); err != nil {
		return err
	}
	_, err := u.conn.Write(piece)
	return err
}

// patience lets the visitor be silent for as long again. The server's own bound counts from the beginning of the request, which would end
// every upload that takes longer.
func (u *upload) patience() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.stopped {
		return errStopping
	}
	now := time.Now()
	if now.Sub(u.renewed) > u.silence/16 {
		u.renewed = now
		if err := u.visitor.SetReadDeadline(now.Add(u.silence)); err != nil {
			return visitorError{errGone}
		}
	}
	return u.conn.await(forBody, 2*u.silence) // the visitor's deadline comes first
}

// readFailure is what the visitor did wrong.
func readFailure(err error) *fault.Error {
	var timeout net.Error
	var network *net.OpError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return ErrSlow
	case errors.As(err, &network):
		return ErrGone
	default:
		return ErrBroken
	}
}
