package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"reflect"
	"sync/atomic"
	"syscall"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom/client"
	"anteroom/waitroom/listen"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/routes"
)

// builtin is what a gateway without a configuration file does: its flags name the two services behind it.
func builtin(s settings) (*routes.Config, error) {
	booking, err := fromURL(routes.Booking, s.BookingURL)
	if err != nil {
		return nil, err
	}
	admin, err := fromURL(routes.Admin, s.AdminURL)
	if err != nil {
		return nil, err
	}
	return &routes.Config{Table: routes.Builtin(), Upstreams: []routes.Upstream{booking, admin}}, nil
}

// configuration is what is in force, and puts another one in its place.
type configuration struct {
	front *proxy.Front
	pools pools
	trust atomic.Pointer[client.Trust]
	https bool // the port speaks TLS, which cannot change while it is open
	certs listen.Certificates
	from  listen.Networks
	live  *routes.Live // nil without a file

	reload chan os.Signal // SIGHUP, which must not end a gateway that has just become ready
}

// loadConfiguration reads the file, if there is one.
func loadConfiguration(s settings) (*routes.Config, error) {
	if s.Config == "" {
		return builtin(s)
	}
	return routes.Load(s.Config)
}

// newConfiguration puts the first configuration into force.
func newConfiguration(first *routes.Config, front *proxy.Front, log *slog.Logger) (*configuration, error) {
	c := &configuration{front: front, https: first.Listen.TLS, pools: pools{log: log}, reload: make(chan os.Signal, 1)}
	if err := c.apply(first); err != nil {
		c.pools.close()
		return nil, err
	}
	for _, w := range first.Warnings {
		log.Warn("configuration", "file", w.File, "line", w.Line, "key", w.Key, "reason", w.Reason)
	}
	if first.File != "" {
		c.live = routes.NewLive(first, c.apply, log)
		signal.Notify(c.reload, syscall.SIGHUP)
	}
	return c, nil
}

var errTLSSwitch = errors.New("listen.tls cannot be added or taken away while the gateway runs; restart it")

// apply puts a configuration into force as a whole, or not at all.
func (c *configuration) apply(config *routes.Config) error {
	if config.Listen.TLS != c.https {
		return errTLSSwitch
	}
	upstreams, err := c.pools.replace(config.Upstreams)
	if err != nil {
		return err
	}
	if config.Listen.TLS {
		if err := c.certs.Set(config.Listen.Certs, config.Listen.MinTLS); err != nil {
			c.pools.discard()
			return err
		}
	}
	c.from.Set(config.Listen.ProxyFrom)
	t := config.Trusted
	trust := &client.Trust{Networks: t.Networks, Forwarded: t.Forwarded, For: t.For, Proto: t.Proto, Host: t.Host, Request: t.Request}
	c.trust.Store(trust)
	c.front.Use(&proxy.Setup{
		Routes: config.Table, Upstreams: upstreams, Clients: trust, LinkKeys: config.Bypass.Keys, CookieLife: config.Bypass.CookieLife,
	})
	c.pools.settle()
	return nil
}

// trusts reports whether a trusted proxy is at the other end of the request's connection.
func (c *configuration) trusts(ctx *fasthttp.RequestCtx) bool { return c.trust.Load().Trusts(ctx) }

// waive lets requests past the gate that a proxy asks about, where it is believed what they are.
func (c *configuration) waive(ctx *fasthttp.RequestCtx, room []byte, method, target string) (pass string, ok bool) {
	if !c.trust.Load().Tells(ctx) {
		return "", false
	}
	return c.front.Waive(ctx, room, method, target)
}

// wrap makes the public port what the configuration says. Without a file connections stay as they are.
func (c *configuration) wrap(l net.Listener) net.Listener {
	if c.live != nil {
		l = listen.Proxied(l, &c.from)
	}
	if c.https {
		l = listen.TLS(l, &c.certs)
	}
	return l
}

// run keeps the configuration that of its file until ctx ends; SIGHUP makes it read the file at once.
func (c *configuration) run(ctx context.Context) error {
	if c.live == nil {
		return nil
	}
	return c.live.Run(ctx, c.reload)
}

func (c *configuration) close() {
	signal.Stop(c.reload)
	c.pools.close()
}

// same reports whether an upstream is described as it was. Roots are compared by what they hold.
func same(a, b routes.Upstream) bool {
	if (a.Roots == nil) != (b.Roots == nil) || (a.Roots != nil && !a.Roots.Equal(b.Roots)) {
		return false
	}
	a.Roots, b.Roots = nil, nil
	return reflect.DeepEqual(a, b)
}
