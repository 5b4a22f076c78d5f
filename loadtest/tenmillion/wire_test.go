package tenmillion

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// TestAWireAsksAndComesBackAfterACut asks a server that answers as a gateway does, and that now and then ends the connection.
func TestAWireAsksAndComesBackAfterACut(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	asked := 0
	server := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		asked++
		ctx.SetContentType("application/json")
		switch string(ctx.Path()) {
		case "/join":
			ctx.SetStatusCode(201)
			ctx.SetBodyString(`{"number":7,"epoch":2,"state":"waiting","ahead":6,"ticket":"head.body.mac"}`)
		case "/status":
			require.Equal(t, "Bearer head.body.mac", string(ctx.Request.Header.Peek("Authorization")))
			ctx.SetBodyString(`{"number":7,"epoch":2,"state":"admitted","ahead":0,"admitted_at":"2026-11-22T10:00:00.123Z"}`)
			ctx.SetConnectionClose()
		case "/nonsense":
			ctx.SetBodyString("<html>")
		default:
			ctx.SetStatusCode(503)
			ctx.SetBodyString(`{"type":"urn:anteroom:problem:line-unavailable"}`)
		}
	}}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	w, err := newWire("http://" + l.Addr().String())
	require.NoError(t, err)
	for range 3 {
		before := time.Now()
		r, status, sent, answered, err := w.ask("POST", "/join")
		require.NoError(t, err)
		require.Equal(t, 201, status)
		require.Equal(t, reply{Number: 7, Epoch: 2, State: "waiting", Ahead: 6, Ticket: "head.body.mac"}, r)
		require.False(t, sent.Before(before) || answered.Before(sent))

		r, status, _, _, err = w.ask("GET", "/status", []byte("head"), []byte(".body.mac"))
		require.NoError(t, err)
		require.Equal(t, 200, status)
		require.EqualValues(t, 123, r.AdmittedAt.UnixMilli()%1000)
		require.Nil(t, w.conn, "the server said that it closes")

		r, status, _, _, err = w.ask("GET", "/else")
		require.NoError(t, err)
		require.Equal(t, "503 line-unavailable", kind(r, status, err))

		r, status, _, _, err = w.ask("GET", "/nonsense")
		require.Equal(t, "no answer", kind(r, status, err))
	}
	require.Equal(t, 12, asked)
	w.close()
	require.NoError(t, server.Shutdown())
	require.NoError(t, <-served)
	_, _, _, _, err = w.ask("GET", "/status")
	require.Error(t, err)
	_, err = newWire("localhost:1")
	require.ErrorContains(t, err, "localhost:1")
}
