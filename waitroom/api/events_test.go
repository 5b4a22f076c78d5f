package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// watching is an open stream.
type watching struct {
	t      *testing.T
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// watch opens a stream, or returns nil and the answer's status.
func (g *gateway) watch() (*watching, *http.Response) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	g.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.public+"/waitroom/v1/arena/events", nil)
	require.NoError(g.t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	require.NoError(g.t, err)
	g.t.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != 200 {
		return nil, res
	}
	return &watching{g.t, bufio.NewScanner(res.Body), cancel}, res
}

// until reads events until one is as wanted; false when the stream ends before.
func (w *watching) until(wanted func(servingDoc) bool) bool {
	w.t.Helper()
	for w.lines.Scan() {
		data, ok := strings.CutPrefix(w.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var doc servingDoc
		require.NoError(w.t, json.Unmarshal([]byte(data), &doc))
		if wanted(doc) {
			return true
		}
	}
	return false
}

func TestEventsTellEveryChange(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, plain)
	w, res := g.watch()
	require.NotNil(t, w)
	require.Equal(t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	require.True(t, w.until(func(d servingDoc) bool { return d.Phase == waitroom.PhaseHold }))
	require.Equal(t, 201, g.do("POST", g.public+"/waitroom/v1/arena/join", "").status)
	require.True(t, w.until(func(d servingDoc) bool { return d.Waiting == 1 }), "told without any change of phase")
	_, err := g.End(t.Context(), "arena", waitroom.Over)
	require.NoError(t, err)
	require.True(t, w.until(func(d servingDoc) bool { return d.Ended == waitroom.Over && d.Phase == waitroom.PhaseClosed }))

	_, err = g.End(t.Context(), "arena", "")
	require.NoError(t, err)
	second, _ := g.watch()
	require.NotNil(t, second)
	require.True(t, second.until(func(d servingDoc) bool { return d.Ended == "" }))
	g.shutdown() // fails while a stream keeps the server
	require.False(t, w.until(func(servingDoc) bool { return false }))
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, func(v *Visitor) { v.Streams = 2 })
	one, _ := g.watch()
	two, _ := g.watch()
	require.NotNil(t, one)
	require.NotNil(t, two)
	none, res := g.watch()
	require.Nil(t, none)
	require.Equal(t, 503, res.StatusCode)
	require.Equal(t, "10", res.Header.Get("Retry-After"))
	require.Equal(t, 200, g.ask("/serving").status, "polling goes on")

	one.cancel() // the next event shows that the reader is gone
	require.Eventually(t, func() bool {
		again, _ := g.watch()
		return again != nil
	}, patience, 10*pause)
	require.True(t, two.until(func(servingDoc) bool { return true }), "the others go on")
}
