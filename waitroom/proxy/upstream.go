package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

const (
	dialTimeout     = 2 * time.Second
	writeTimeout    = 15 * time.Second
	upstreamSilence = 30 * time.Second // an upstream that says nothing for this long is given up, in the middle of a stream too
	maxConnections  = 4096             // to one upstream
	idleConnection  = 20 * time.Second // shorter than our services keep theirs, so that a kept one is rarely a dead one
)

var (
	errUpstream        = fault.New(fault.BadGateway, "upstream-failed", "The service behind the gateway does not answer properly.")
	errUpstreamBusy    = fault.New(fault.Unavailable, "upstream-busy", "The service behind the gateway has no connection free.").After(time.Second)
	errUpstreamTimeout = fault.New(fault.BadGateway, "upstream-timeout", "The service behind the gateway did not answer in time.")
)

// Upstream is a service that requests are forwarded to. Safe for concurrent use.
type Upstream struct {
	name   string
	addr   string
	scheme string
	client *fasthttp.HostClient
}

// NewUpstream makes an upstream of a base URL such as http://127.0.0.1:8081; its name goes into metrics. The error says what is wrong with the URL.
func NewUpstream(name, base string) (*Upstream, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: not a URL: %w", name, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s: the URL must begin with http:// or https://", name)
	case u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.User != nil:
		return nil, fmt.Errorf("%s: the URL must be a scheme and a host only", name)
	}
	return &Upstream{name: name, addr: u.Host, scheme: u.Scheme, client: &fasthttp.HostClient{
		Addr:                      u.Host,
		IsTLS:                     u.Scheme == "https",
		Dial:                      dial,
		MaxConns:                  maxConnections,
		MaxIdleConnDuration:       idleConnection,
		MaxIdemponentCallAttempts: 1, // a retry would multiply a surge
		RetryIfErr:                func(*fasthttp.Request, int, error) (bool, bool) { return false, false },
		WriteTimeout:              writeTimeout,
		StreamResponseBody:        true,
		NoDefaultUserAgentHeader:  true,
		ReadBufferSize:            16 << 10,
	}}, nil
}

// forward sends the request on and streams the answer back; the request's headers have been prepared. It returns the command that
// the upstream gave, if any.
func (u *Upstream) forward(ctx *fasthttp.RequestCtx) (command string, err error) {
	ctx.Request.URI().SetScheme(u.scheme)
	ctx.Request.URI().SetHost(u.addr)
	if wantsEvents(&ctx.Request.Header) {
		err = u.forwardEvents(ctx)
	} else {
		err = u.client.Do(&ctx.Request, &ctx.Response)
	}
	if err != nil {
		ctx.Response.Reset()
		return "", failure(err)
	}
	command = string(ctx.Response.Header.Peek(HeaderCommand))
	cleanResponse(&ctx.Response.Header)
	return command, nil
}

func failure(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, fasthttp.ErrNoFreeConns):
		return fault.Wrap(err, errUpstreamBusy.Code, errUpstreamBusy.Type, "%s", errUpstreamBusy.Message).After(errUpstreamBusy.RetryAfter)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, fasthttp.ErrTimeout):
		return fault.Wrap(err, errUpstreamTimeout.Code, errUpstreamTimeout.Type, "%s", errUpstreamTimeout.Message)
	default:
		return fault.Wrap(err, errUpstream.Code, errUpstream.Type, "%s", errUpstream.Message)
	}
}

// gatewayTimeout answers 504: the one status of ours that is the gateway's alone.
func gatewayTimeout(ctx *fasthttp.RequestCtx, f *fault.Error) {
	endpoint.JSON(ctx, fasthttp.StatusGatewayTimeout, map[string]any{
		"type": endpoint.URN + f.Type, "title": fasthttp.StatusMessage(fasthttp.StatusGatewayTimeout),
		"status": fasthttp.StatusGatewayTimeout, "detail": f.Message,
	})
	ctx.Response.Header.SetContentType("application/problem+json")
}
