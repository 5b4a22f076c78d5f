package main

import (
	"bufio"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// TestAStreamEndsWithItsSession holds a stream of events open through the gate, and has its visitor evicted.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	g := s.start()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	s.booking.answerWith(func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/event-stream")
		ctx.Response.ImmediateHeaderFlush = true
		ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
			for {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond):
				}
				_, _ = w.WriteString("data: tick\n\n")
				if w.Flush() != nil {
					return
				}
			}
		})
	})
	open := func(pass string) *bufio.Reader {
		req, err := http.NewRequest(http.MethodGet, g.url+seats, nil)
		require.NoError(t, err)
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Waitroom-Pass", pass)
		res, err := g.client.Do(req)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		t.Cleanup(func() { _ = res.Body.Close() })
		return bufio.NewReader(res.Body)
	}
	gone, stays := g.join("arena"), g.join("arena")
	evicted, control := open(gone.Pass), open(stays.Pass)
	for _, stream := range []*bufio.Reader{evicted, control} {
		_, err := stream.ReadString('\n')
		require.NoError(t, err)
	}
	require.Equal(t, 204, g.do("DELETE", "/waitroom/v1/arena/pass", nil, "Waitroom-Pass", gone.Pass).status)
	_, err := io.Copy(io.Discard, evicted) // until it ends; the client's own deadline would be an error
	if err != nil {
		require.NotContains(t, err.Error(), "Timeout", "the stream outlived its session")
	}
	for range 50 {
		_, err := control.ReadString('\n')
		require.NoError(t, err, "the other one goes on")
	}
}
