package endpoint

import (
	"net"
	"net/netip"
	"sync"

	"github.com/valyala/fasthttp"
)

// clientKey is where a request keeps the address of its client. A key without size costs no allocation.
type clientKey struct{}

// client is the address of a request's client. It is taken from a pool and goes back when fasthttp closes the request's values, so
// that telling the address on costs a request nothing.
type client struct{ addr netip.Addr }

var clients = sync.Pool{New: func() any { return &client{} }}

// Close is called by fasthttp once the request is done.
func (c *client) Close() error {
	c.addr = netip.Addr{}
	clients.Put(c)
	return nil
}

// SetClientAddr says who the client of a request is, where something in front of us has told it and is believed.
func SetClientAddr(ctx *fasthttp.RequestCtx, addr netip.Addr) {
	if known, ok := ctx.UserValue(clientKey{}).(*client); ok {
		known.addr = addr
		return
	}
	c := clients.Get().(*client)
	c.addr = addr
	ctx.SetUserValue(clientKey{}, c)
}

// ClientAddr is the address of the client itself: the one that SetClientAddr told, else that of the connection. An IPv4 address is never
// wrapped in IPv6. It is not valid when the connection has no IP address. It may be called until the handler returns.
func ClientAddr(ctx *fasthttp.RequestCtx) netip.Addr {
	if c, ok := ctx.UserValue(clientKey{}).(*client); ok {
		return c.addr
	}
	return ConnAddr(ctx)
}

// ConnAddr is the address at the other end of the connection: of the client, or of what stands in front of us.
func ConnAddr(ctx *fasthttp.RequestCtx) netip.Addr {
	if tcp, ok := ctx.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
