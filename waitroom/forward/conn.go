package forward

import (
	"net"
	"sync"
	"time"
)

// long is a moment that has passed, which ends a read or write under way.
var long = time.Unix(1, 0)

// waiting says what an exchange waits for, which is who is cut off when it does not come.
type waiting uint8

const (
	nothing     waiting = iota
	forUpstream         // the upstream is to send or to take something
	forVisitor          // the visitor is to take something
	forBody             // the visitor is to send more of a body
)

// lastWord is how much longer a visitor may take for what is being written to him when an answer is ended in good order.
const lastWord = 2 * time.Second

// conn is a connection to an upstream. One exchange uses it at a time; the watch of its pool looks at it from outside.
type conn struct {
	net.Conn
	at     *address
	socket *socket // under TLS, where there is TLS; nil where there is none to look at
	kept   bool    // it has carried a request before
	since  int64   // when it was put back, in nanoseconds since 1970

	mu       sync.Mutex
	wait     waiting
	deadline int64 // of the wait
	looked   int64 // when it was last looked whether the visitor is there; at first, when the exchange began
	visitor  net.Conn
	still    func() bool
	verdict  error // why the exchange was given up; nil: it was not
	hurried  bool  // the verdict bounds what the visitor is being written
}

// begin starts an exchange on behalf of a visitor.
func (c *conn) begin(visitor net.Conn, patience time.Duration, still func() bool) {
	now := time.Now().UnixNano()
	c.mu.Lock()
	c.visitor, c.looked, c.verdict, c.still, c.hurried = visitor, now, nil, still, false
	c.wait, c.deadline = forUpstream, now+int64(patience)
	c.mu.Unlock()
}

// await says what the exchange waits for from now on, and for how long. The error is why it has been given up, if it has.
func (c *conn) await(what waiting, patience time.Duration) error {
	now := time.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wait, c.deadline = what, now+int64(patience)
	return c.verdict
}

// end ends the exchange; it reports whether the connection may be used again.
func (c *conn) end() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wait, c.visitor, c.still = nothing, nil, nil
	return c.verdict == nil
}

// abort gives the exchange up for a reason: what it is blocked in ends with an error. The first reason counts.
func (c *conn) abort(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wait != nothing {
		c.cut(why)
	}
}

// cut is abort with the lock held.
func (c *conn) cut(why error) {
	if c.verdict != nil {
		return
	}
	c.verdict = why
	_ = c.SetDeadline(long)
	if c.wait == forVisitor && c.visitor != nil {
		until := long
		if inOrder(why) {
			until = time.Now().Add(lastWord)
		}
		_ = c.visitor.SetWriteDeadline(until)
		c.hurried = true
	}
}

// calm takes back what a verdict did to the visitor, who has taken all that was written to him: the end of the answer can be told, and his
// connection goes on.
func (c *conn) calm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hurried && c.visitor != nil {
		_ = c.visitor.SetWriteDeadline(time.Time{})
		c.hurried = false
	}
}

// why is the reason for an error: the verdict, if there is one.
func (c *conn) why(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.verdict != nil {
		return c.verdict
	}
	return err
}

// visitorEvery is how often it is looked whether a visitor is still there, once an exchange has lasted so long.
const visitorEvery = int64(time.Second)

// look is the watch's: it gives the exchange up when what it waits for does not come, or when nobody wants it any more.
func (c *conn) look(now int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.wait == nothing || c.verdict != nil:
	case now > c.deadline && c.wait == forBody: // the upstream is not to blame for a visitor whose own deadline a busy machine has not noticed
		c.cut(visitorError{ErrSlow})
	case now > c.deadline:
		c.cut(errSilent)
	case now-c.looked > visitorEvery:
		c.looked = now
		if left(c.visitor) {
			c.cut(errGone)
		} else if c.still != nil && !c.still() {
			c.cut(errEnded)
		}
	}
}

// quiet reports whether a kept connection is still open and nothing came on it unasked: what came would be taken for the answer to a
// request that has not been sent yet.
func (c *conn) quiet() bool { return c.socket == nil || c.socket.quiet() }

// drop closes the connection.
func (c *conn) drop() {
	c.at.pool.forget(c)
	_ = c.Close()
}
