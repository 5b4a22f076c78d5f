package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint/events"
	"anteroom/internal/fault"
)

// still is a gateway whose room never changes.
type still struct{ adminapi.Gateway }

func (still) Room(_ context.Context, _ auth.Staff, name string) (adminapi.Room, error) {
	return adminapi.Room{Name: name, Version: 1, Policy: []byte(`{}`), Live: []byte(`{}`)}, nil
}

// into sends to a buffer.
func into(out *bytes.Buffer) events.Send {
	return func(text []byte) error {
		out.Write(text)
		return nil
	}
}

func newStream(t *testing.T) (s *stream, shutdown chan struct{}) {
	t.Helper()
	live := adminapi.NewLive(still{}, time.Hour, 1)
	watcher, err := live.Watch("arena")
	require.NoError(t, err)
	t.Cleanup(watcher.Close)
	shutdown = make(chan struct{})
	return &stream{api: &api{Config{Log: slog.New(slog.DiscardHandler)}}, watcher: watcher, shutdown: shutdown}, shutdown
}

func TestStreamEndsAtOnceAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, shutdown := newStream(t)
		var out bytes.Buffer
		ended := false
		go func() {
			s.run(into(&out), adminapi.Sight{Room: adminapi.Room{Name: "arena", Policy: []byte(`{}`), Live: []byte(`{}`)}})
			ended = true
		}()
		synctest.Wait()
		require.False(t, ended)
		require.Contains(t, out.String(), "event: room\ndata: {\"room\":\"arena\",\"version\":0,\"policy\":{},\"live\":{}}\n\n")
		close(shutdown)
		synctest.Wait()
		require.True(t, ended, "without waiting for anything else")
	})
}

func TestStreamEndsWhenTheClientIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newStream(t)
		s.run(func([]byte) error { return errors.New("gone") }, adminapi.Sight{Err: errors.New("x")}) // it returns
	})
}

// A problem names the request of its stream, and the log knows that name: once for as long as the problem lasts.
func TestProblemsAreEvents(t *testing.T) {
	var out, log bytes.Buffer
	s := &stream{api: &api{Config{Log: slog.New(slog.NewJSONHandler(&log, nil))}}, request: "0123456789abcdef", room: "arena"}
	send := into(&out)
	away := adminapi.Sight{Err: fault.New(fault.Unavailable, "gateway-unavailable", "Line\nbreak.")}
	require.NoError(t, s.sendSight(send, away))
	require.Equal(t, "event: problem\ndata: {\"detail\":\"Line\\nbreak.\",\"request_id\":\"0123456789abcdef\",\"status\":503,\"title\":\"Service Unavailable\",\"type\":\"urn:anteroom:problem:gateway-unavailable\"}\n\n", out.String())
	var line map[string]any
	require.NoError(t, json.Unmarshal(log.Bytes(), &line))
	require.Equal(t, []any{"0123456789abcdef", "arena", "gateway-unavailable"}, []any{line["request_id"], line["room"], line["problem"]})

	lines := func() int { return bytes.Count(log.Bytes(), []byte("\n")) }
	require.NoError(t, s.sendSight(send, away))
	require.Equal(t, 1, lines(), "it goes on")
	require.NoError(t, s.sendSight(send, adminapi.Sight{Room: adminapi.Room{Policy: []byte(`{}`), Live: []byte(`{}`)}}))
	require.NoError(t, s.sendSight(send, away))
	require.Equal(t, 2, lines(), "it came back")
	require.NoError(t, s.sendProblem(send, fault.New(fault.Forbidden, "role-changed", "Reload.")))
	require.Equal(t, 3, lines(), "another one")
	require.Contains(t, out.String()[len(out.String())-200:], `"request_id":"0123456789abcdef"`)
}
