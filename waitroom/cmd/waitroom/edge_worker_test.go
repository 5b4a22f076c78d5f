package main

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// startWorker runs infra/edge/worker in Node in front of a gateway and returns its address.
func startWorker(t *testing.T, origin, keyFile string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "the Worker is tested in Node")
	key, err := os.ReadFile(keyFile)
	require.NoError(t, err)
	cmd := exec.Command(node, "../../../infra/edge/worker/local.mjs")
	cmd.Env = append(os.Environ(), "EDGE_KEYS="+string(key), "ORIGIN="+origin, "PLAIN_COOKIES=true", "PORT=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(address)
}

// browse asks as a browser does that keeps its cookies and follows redirects, and returns where it ended.
func (g *server) browse(jar http.CookieJar, address string) (at, body string, status int) {
	g.t.Helper()
	a := g.unlessHeldUp(func() (a answer) { at, a = browseOnce(g.t, jar, address); return a })
	return at, string(a.body), a.status
}

func browseOnce(t *testing.T, jar http.CookieJar, address string) (at string, a answer) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/html")
	res, err := (&http.Client{Jar: jar, Timeout: deadline}).Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.Request.URL.RequestURI(), answer{res.StatusCode, res.Header, content}
}

// TestAnEdgeInFrontOfTheGateway takes the whole way: the edge refuses, the waiting page lets in and leads back, the edge lets through.
func TestAnEdgeInFrontOfTheGateway(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	s.room("arena", func(*waitroom.Policy) {})
	s.settings.EdgeKeyFile = filepath.Join(t.TempDir(), "edge.json")
	require.NoError(t, keys([]string{"edge", "--edge-key-file", s.settings.EdgeKeyFile}))
	g := s.start()
	edge := startWorker(t, g.url, s.settings.EdgeKeyFile)
	jar := func() http.CookieJar {
		j, err := cookiejar.New(nil)
		require.NoError(t, err)
		return j
	}

	visitor := jar()
	at, body, status := g.browse(visitor, edge+seats+"?x=1")
	assert.Equal(t, 200, status)
	assert.Equal(t, seats+"?x=1", at, "back where it wanted to go")
	require.Equal(t, "upstream", body)
	require.Len(t, s.booking.all(), 1)
	assert.NotEmpty(t, s.booking.all()[0].header["Waitroom-Pass"], "the gateway behind the edge judged for itself")
	at, body, _ = g.browse(visitor, edge+seats)
	assert.Equal(t, seats, at, "at once the second time")
	assert.Equal(t, "upstream", body)

	hold := waitroom.ModeHold
	s.change("arena", waitroom.PolicyChange{Mode: &hold})
	require.Eventually(t, func() bool {
		return g.get(seats, "Accept", "application/json").header.Get("Waitroom-State") == "waiting"
	}, deadline, deadline/1000)
	s.booking.forget()
	at, body, status = g.browse(jar(), edge+seats)
	assert.Equal(t, "/waitroom/v1/arena/wait?return=%2Fapi%2Fv1%2Fshows%2Farena%2Fseats", at)
	assert.Equal(t, 200, status)
	assert.Contains(t, body, "<html")
	assert.Empty(t, s.booking.all())
	_, body, _ = g.browse(visitor, edge+seats)
	assert.Equal(t, "upstream", body, "who is in goes on")

	// A line that is started anew ends what the edge takes, within the second for which it may believe the old epoch.
	_, err := s.queue.Reset(t.Context(), "arena")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		at, _, _ := g.browse(visitor, edge+seats)
		return strings.HasPrefix(at, "/waitroom/v1/arena/wait")
	}, deadline, deadline/1000)

	// Another key at the edge ends in an answer, not in a circle.
	s.change("arena", waitroom.PolicyChange{Mode: new(waitroom.ModeOpen)})
	other := filepath.Join(t.TempDir(), "other.json")
	require.NoError(t, keys([]string{"edge", "--edge-key-file", other}))
	wrong := startWorker(t, g.url, other)
	require.Eventually(t, func() bool {
		_, body, status := g.browse(jar(), wrong+seats)
		return status == 503 && strings.Contains(body, "edge-disagrees")
	}, deadline, deadline/1000)
}
