package forward

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// FuzzHead reads what an upstream might say. What is taken for a proper head must be the same to the standard library, and the same however
// it comes in pieces.
func FuzzHead(f *testing.F) {
	for _, s := range []string{
		hello, switching, "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 204 No Content\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 103 \r\nLink: x\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > maxHead {
			return
		}
		var h head
		h.reset()
		complete, err := h.read(b)
		var slow head
		slow.reset()
		done, failed := false, error(nil)
		for i := 0; i <= len(b) && !done && failed == nil; i++ {
			done, failed = slow.read(b[:i])
		}
		if done != complete || (err == nil) != (failed == nil) {
			t.Fatalf("whole: %t, %v; in pieces: %t, %v", complete, err, done, failed)
		}
		if !complete || err != nil {
			return
		}
		if h.status == 101 || h.interim() || h.bodyless() {
			return // the standard library frames these by the request, too
		}
		res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), nil)
		require.NoError(t, err)
		require.Equal(t, res.StatusCode, h.status)
		require.Equal(t, len(res.TransferEncoding) > 0, h.chunked)
		if !h.chunked {
			require.Equal(t, res.ContentLength, h.length)
		}
		var to fasthttp.ResponseHeader
		h.apply(&to)
		sent, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(to.Header())), &http.Request{Method: "HEAD"})
		require.NoError(t, err, "%q", to.Header())
		for name := range sent.Header {
			require.False(t, endpoint.BeginsLike([]byte(name), "waitroom-"), name)
		}
	})
}

// FuzzChunks reads a chunked body as it might come. What is taken for a whole one must be the same to the standard library.
func FuzzChunks(f *testing.F) {
	for _, s := range []string{"5\r\nhello\r\n0\r\n\r\n", "A;a=b\r\n0123456789\r\n0\r\nX: y\r\n\r\n", "5\r\nhelloX", "fffffffffffffffff\r\n", "0\r\n\r\n", "1 \r\na\r\n0\r\n\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x := &exchange{framing: chunked}
		if len(b) > len(x.in) {
			return
		}
		x.pool = &Pool{}
		x.w = copy(x.in[:], b)
		x.conn = &conn{Conn: emptyConn{}}
		var got []byte
		for {
			piece, err := x.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			got = append(got, piece...)
		}
		want, err := io.ReadAll(newChunkReader(b))
		require.NoError(t, err)
		require.Equal(t, want, append([]byte{}, got...))
	})
}

// newChunkReader is the standard library's reader of a chunked body.
func newChunkReader(b []byte) io.Reader {
	res, err := http.ReadResponse(newReader("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", bytes.NewReader(b)), nil)
	if err != nil {
		panic(err) // the head is ours
	}
	return res.Body
}

// FuzzRequestHead forwards what a visitor might say. Whatever that is, the upstream reads a plain request in which only the gateway speaks
// for itself.
func FuzzRequestHead(f *testing.F) {
	for _, s := range []string{
		"A: b\r\n", "Connection: Waitroom-Pass, X-A\r\nX-A: b\r\n", "waitroom_pass: x\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "A: b\r\n c\r\n",
		"Connection: upgrade\r\nUpgrade: websocket\r\n", "X-Forwarded-For: x\nX: y\r\n", "Host: other\r\n", "Content_Length: 1\r\n", "Connection: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\r\n",
	} {
		f.Add(s)
	}
	pool, err := New(Options{Name: "shop", Addresses: []string{"127.0.0.1:1"}})
	require.NoError(f, err)
	f.Cleanup(pool.Close)
	f.Fuzz(func(t *testing.T, headers string) {
		var ctx fasthttp.RequestCtx
		if err := ctx.Request.Header.Read(bufio.NewReaderSize(strings.NewReader("GET /x HTTP/1.1\r\nHost: shop.test\r\n"+headers+"\r\n"), 64<<10)); err != nil {
			return
		}
		x := &exchange{pool: pool, at: pool.addresses[0], req: Request{Pass: "the-pass", Client: netip.MustParseAddr("10.0.0.1"), Proto: "https", Host: []byte("shop.test")}}
		if x.compose(&ctx) != nil {
			return
		}
		if x.tunnelled {
			pool.tunnels.Add(-1)
		}
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(x.out)))
		require.NoError(t, err, "%q", x.out)
		require.Equal(t, "127.0.0.1:1", req.Host)
		require.Empty(t, req.TransferEncoding)
		require.Zero(t, req.ContentLength)
		own := map[string]string{"Waitroom-Pass": "the-pass", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Host": "shop.test", "X-Forwarded-Proto": "https"}
		for name, value := range own {
			require.Equal(t, []string{value}, req.Header[name])
		}
		for name := range req.Header {
			plain := strings.ToLower(strings.ReplaceAll(name, "_", "-"))
			if own[name] == "" && name != "X-Request-Id" && (strings.HasPrefix(plain, "waitroom-") || strings.HasPrefix(plain, "x-forwarded-")) {
				t.Fatalf("%s went on", name)
			}
			switch plain {
			case "te", "trailer", "keep-alive", "proxy-connection", "proxy-authorization", "content-length", "transfer-encoding", "expect", "forwarded", "x-real-ip":
				t.Fatalf("%s went on", name)
			case "connection", "upgrade":
				require.True(t, x.upgrading)
			}
		}
	})
}
