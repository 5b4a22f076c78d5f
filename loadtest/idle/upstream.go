package idle

import (
	"context"
	"net"
	"strings"

	"github.com/valyala/fasthttp"
)

// Upstream is what stands behind the gate: it answers 130 bytes at once.
type Upstream struct {
	URL    string
	server *fasthttp.Server
}

// StartUpstream starts one on a free port.
func StartUpstream(ctx context.Context) (*Upstream, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	body := strings.Repeat("0123456789", 13)
	u := &Upstream{URL: "http://" + l.Addr().String(), server: &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(body) }}}
	go func() { _ = u.server.Serve(l) }()
	return u, nil
}

// Stop ends it.
func (u *Upstream) Stop(ctx context.Context) error { return u.server.ShutdownWithContext(ctx) }
