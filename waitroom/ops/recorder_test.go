package ops

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// told is a source that says what it is told to.
type told struct {
	mu     sync.Mutex
	totals Totals
	views  []*waitroom.View
}

func (s *told) Each(f func(*waitroom.View)) {
	for _, v := range s.views {
		f(v)
	}
}

func (s *told) Totals() Totals {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.totals
}
func (*told) Room(string) map[string]any { return map[string]any{"fairness": 1.0} }
func (*told) Facts() []Fact              { return []Fact{{"Go", "1"}} }

func view(room string, epoch, issued, admitted int64) *waitroom.View {
	return &waitroom.View{Crowd: waitroom.NewCrowd(0, nil), Snapshot: waitroom.Snapshot{
		Room: room, Epoch: epoch, Issued: issued, AdmittedTotal: admitted, Phase: waitroom.PhaseOpen, Policy: waitroom.DefaultPolicy(),
	}}
}

func TestTheLastMinutesAreRatesBetweenSamples(t *testing.T) {
	t.Parallel()
	s := &told{}
	start := time.Unix(1_795_000_000, 0)
	r := NewRecorder(s, start)
	latency := NewLatency()
	at := func(i int) time.Time { return start.Add(time.Duration(i) * Every) }
	for i := range Kept + 50 {
		for range 4 {
			latency.Took(20 * time.Millisecond)
		}
		s.totals = Totals{
			Answers: [6]int64{2: int64(20 * i), 5: int64(2 * i)}, Admitted: int64(6 * i), Straight: int64(2 * i), LineUp: true,
			Refused:   map[Refusal]int64{{"arena", "pass-invalid"}: int64(4 * i)},
			Upstreams: map[string]Upstream{"booking": {Latency: latency.Counts(), Errors: map[string]int64{"upstream-failed": int64(i)}}},
		}
		s.views = []*waitroom.View{view("theatre", 1, 5, 5), view("arena", 7, int64(10*i), int64(8*i))}
		r.Record(at(i))
	}
	d := r.Data(at(Kept + 49))
	require.Len(t, d.Gate.Requests, Kept, "no more is remembered")
	require.InDelta(t, Kept*Every.Seconds(), d.Over, 1e-9)
	for i := range d.Gate.Requests {
		require.InDelta(t, 11, d.Gate.Requests[i], 1e-9)
		require.InDelta(t, 4, d.Gate.Admitted[i], 1e-9)
		require.InDelta(t, 2, d.Gate.Refused[i], 1e-9)
		require.InDelta(t, 1, d.Gate.Failed[i], 1e-9)
	}
	require.Equal(t, "arena", d.Rooms[0].Name, "in order")
	require.InDelta(t, 5, d.Rooms[0].Joins[0], 1e-9)
	require.InDelta(t, 4, d.Rooms[0].Admissions[0], 1e-9)
	require.InDelta(t, 2, d.Upstreams[0].Requests[0], 1e-9)
	require.InEpsilon(t, 0.02, d.Upstreams[0].Latency.P95, 0.25)
	require.Equal(t, []RefusedData{{"", "upstream-failed", Kept + 49, Kept}}, d.Upstreams[0].Errors)
	require.EqualValues(t, 4*Kept, d.Refused[0].Recent)

	// A line that was started anew begins at 0, and is not shown as if numbers had been taken back, or given in one moment.
	s.views = []*waitroom.View{view("arena", 8, 3, 0)}
	r.Record(at(Kept + 50))
	s.views = []*waitroom.View{view("arena", 8, 7, 0)}
	r.Record(at(Kept + 51))
	d = r.Data(at(Kept + 51))
	require.Len(t, d.Rooms, 1)
	require.Equal(t, []float64{2}, d.Rooms[0].Joins)
}

func TestAFreshGatewayShowsItself(t *testing.T) {
	t.Parallel()
	r := NewRecorder(&told{}, time.Now())
	text, err := json.Marshal(r.Data(time.Now()))
	require.NoError(t, err)
	require.NotContains(t, string(text), "null", "the page counts on lists")
}

func TestThePageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	p := NewPage(NewRecorder(&told{}, time.Now()))
	ask := func(method, path string) *fasthttp.RequestCtx {
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI(path)
		ctx.Request.Header.SetMethod(method)
		p.Handler(nil)(&ctx)
		return &ctx
	}
	page := ask(http.MethodGet, "/ops")
	body := string(page.Response.Body())
	for _, link := range regexp.MustCompile(`(?:src|href|url)\s*[=(]\s*"?([^"\s)>]+)`).FindAllStringSubmatch(body, -1) {
		require.Regexp(t, `^(/ops/data|/metrics|/readyz|data:,)$`, link[1])
	}
	policy := string(page.Response.Header.Peek("Content-Security-Policy"))
	require.Contains(t, policy, "default-src 'none'")
	require.NotContains(t, policy, "unsafe")
	require.Contains(t, body, js)
	require.Contains(t, body, css)
	require.NotContains(t, body, "innerHTML", "what rooms and upstreams are called stays text")
	require.False(t, strings.Contains(body, "style="), "the policy would refuse it")
	require.Equal(t, http.StatusOK, ask(http.MethodGet, "/ops/data").Response.StatusCode())
	require.Equal(t, http.StatusMethodNotAllowed, ask(http.MethodPost, "/ops/data").Response.StatusCode())
	require.Equal(t, http.StatusNotFound, ask(http.MethodGet, "/ops/x").Response.StatusCode())
}
