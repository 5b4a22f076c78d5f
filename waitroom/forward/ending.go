package forward

// ending ends an exchange that might never end by itself when the server stops.
type ending struct {
	cancelled chan struct{}
	ended     chan struct{}
}

// endWith aborts what a connection is used for when stopping is closed.
func endWith(c *conn, stopping <-chan struct{}) *ending {
	e := &ending{cancelled: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		select {
		case <-stopping:
			c.abort(errStopping)
		case <-e.cancelled:
		}
	}()
	return e
}

// cancel returns when the connection is no longer touched. Call it once.
func (e *ending) cancel() {
	close(e.cancelled)
	<-e.ended
}
