package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// still is a gateway whose room never changes.
type still struct{ adminapi.Gateway }

func (still) Room(_ context.Context, _ auth.Staff, name string) (adminapi.Room, error) {
	return adminapi.Room{Name: name, Version: 1, Policy: []byte(`{}`), Live: []byte(`{}`)}, nil
}

// failing is a connection whose client has gone.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("gone") }

func newStream(t *testing.T) (s *stream, live *adminapi.Live, shutdown chan struct{}) {
	t.Helper()
	live = adminapi.NewLive(still{}, time.Hour, 1)
	watcher, err := live.Watch("arena")
	require.NoError(t, err)
	shutdown = make(chan struct{})
	return &stream{api: &api{}, watcher: watcher, shutdown: shutdown}, live, shutdown
}

func TestStreamEndsAtOnceAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, live, shutdown := newStream(t)
		var out bytes.Buffer
		ended := false
		go func() {
			s.run(bufio.NewWriter(&out), adminapi.Sight{Room: adminapi.Room{Name: "arena", Policy: []byte(`{}`), Live: []byte(`{}`)}})
			ended = true
		}()
		synctest.Wait()
		require.False(t, ended)
		require.Contains(t, out.String(), "event: room\ndata: {\"room\":\"arena\",\"version\":0,\"policy\":{},\"live\":{}}\n\n")
		close(shutdown)
		synctest.Wait()
		require.True(t, ended, "without waiting for anything else")
		require.Zero(t, live.Watching())
	})
}

func TestStreamEndsWhenTheClientIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, live, _ := newStream(t)
		s.run(bufio.NewWriter(failing{}), adminapi.Sight{Err: errors.New("x")})
		require.Zero(t, live.Watching())
	})
}

func TestProblemsAreEvents(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, writeSight(bufio.NewWriter(&out), adminapi.Sight{Err: fault.New(fault.Unavailable, "gateway-unavailable", "Line\nbreak.")}))
	without := regexp.MustCompile(`"request_id":"[0-9a-f]+",`).ReplaceAllString(out.String(), "")
	require.Equal(t, "event: problem\ndata: {\"detail\":\"Line\\nbreak.\",\"status\":503,\"title\":\"Service Unavailable\",\"type\":\"urn:anteroom:problem:gateway-unavailable\"}\n\n", without)
}
