package endpoint

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// What a real server cannot read, as it comes over the wire.
func TestUnreadableNamesWhatWasWrong(t *testing.T) {
	t.Parallel()
	const post = "POST / HTTP/1.1\r\nHost: shop.test\r\n"
	for name, c := range map[string]struct {
		send   string
		status int
		typ    string
	}{
		"a body too large":       {post + "Content-Length: 101\r\n\r\n", 413, "body-too-large"},
		"chunks too large":       {post + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + strings.Repeat("x", 101) + "\r\n", 413, "body-too-large"},
		"headers too large":      {post + "X-Long: " + strings.Repeat("x", 4096), 431, "headers-too-large"},
		"no HTTP":                {"hello\r\n\r\n", 400, "request-malformed"},
		"a chunk of no size":     {post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "request-malformed"},
		"a head that stays away": {post, 408, "request-timeout"},
		"a body that stays away": {post + "Content-Length: 100\r\n\r\nxyz", 408, "request-timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &fasthttp.Server{
				Handler: func(*fasthttp.RequestCtx) {}, MaxRequestBodySize: 100, ReadBufferSize: 2048,
				ErrorHandler: func(ctx *fasthttp.RequestCtx, err error) { Unreadable(ctx, err, 100) },
			}
			if c.status == 408 {
				s.ReadTimeout = 20 * time.Millisecond
			}
			near, far := net.Pipe()
			served := make(chan error, 1)
			go func() { served <- s.ServeConn(far); far.Close() }()
			// A pipe holds nothing: the sending ends when the server has read it all or closes.
			go func() { _, _ = io.WriteString(near, c.send) }()
			res, err := http.ReadResponse(bufio.NewReader(near), nil)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, res.StatusCode, "%s", body)
			require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
			require.Contains(t, string(body), fmt.Sprintf(`"status":%d`, c.status))
			require.Contains(t, string(body), URN+c.typ)
			require.Error(t, <-served)
		})
	}
}
