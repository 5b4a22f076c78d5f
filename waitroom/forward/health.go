package forward

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"
)

// check asks an address again and again how it is, at once to begin with, until the pool is closed.
func (a *address) check() {
	o := a.pool.o.Health
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-a.pool.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	tick := time.NewTicker(o.Every)
	defer tick.Stop()
	good, bad := 0, 0
	for {
		err := a.ask(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			good, bad = good+1, 0
		default:
			good, bad = 0, bad+1
		}
		switch {
		case err != nil && bad >= o.Fall && !a.sick.Swap(true):
			a.changed(false, "health check: "+err.Error())
		case err == nil && good >= o.Rise && a.sick.Swap(false):
			a.changed(true, "health check: good")
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// ask is one check, over a connection of its own: one that is kept would say less.
func (a *address) ask(ctx context.Context) error {
	o := a.pool.o.Health
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", a.text)
	if err != nil {
		return err
	}
	defer c.Close()
	if a.tls != nil {
		c = tls.Client(c, a.tls) // it shakes hands with the first write
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(long) })
	defer stop()
	host := o.Host
	if host == "" {
		host = a.text
	}
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: anteroom-health\r\nConnection: close\r\n\r\n", o.Path, host); err != nil {
		return err
	}
	var h head
	h.reset()
	buffer := make([]byte, maxHead)
	for w := 0; w < len(buffer); {
		n, err := c.Read(buffer[w:])
		w += n
		complete, bad := h.read(buffer[:w])
		switch {
		case bad != nil:
			return bad
		case complete && (h.status == o.Status || o.Status == 0 && h.status >= 200 && h.status <= 299):
			return nil
		case complete:
			return fmt.Errorf("status %d", h.status)
		case err != nil:
			return err
		}
	}
	return badAnswer("its head is longer than %d bytes", maxHead)
}
