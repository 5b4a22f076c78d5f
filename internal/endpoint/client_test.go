package endpoint

import (
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/valyala/fasthttp"
)

func requestFrom(addr net.Addr) *fasthttp.RequestCtx {
	ctx := &fasthttp.RequestCtx{}
	ctx.Init(&fasthttp.Request{}, addr, nil)
	return ctx
}

func TestClientAddrIsTheConnectionsUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8::1": "2001:db8::1"} {
		ctx := requestFrom(&net.TCPAddr{IP: net.ParseIP(from), Port: 9})
		assert.Equal(t, want, ClientAddr(ctx).String())
		SetClientAddr(ctx, netip.MustParseAddr("198.51.100.1"))
		SetClientAddr(ctx, netip.MustParseAddr("198.51.100.2"))
		assert.Equal(t, "198.51.100.2", ClientAddr(ctx).String())
		assert.Equal(t, want, ConnAddr(ctx).String())
		ctx.ResetUserValues()
		assert.Equal(t, want, ClientAddr(ctx).String(), "the next request on the connection is told anew")
	}
	assert.False(t, ClientAddr(requestFrom(&net.UnixAddr{Name: "/x"})).IsValid())
}

func TestTellingTheClientAddressAllocatesNothing(t *testing.T) {
	ctx, addr := requestFrom(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 7)}), netip.MustParseAddr("198.51.100.1")
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		SetClientAddr(ctx, addr)
		if ClientAddr(ctx) != addr {
			t.Fatal("another one")
		}
		ctx.ResetUserValues()
	}))
}
