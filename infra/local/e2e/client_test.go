package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

// patience is how long a test waits for what must happen; nothing is concluded from how long it took.
const patience = time.Minute

// visitor is a client with a cookie jar of its own, as a browser has.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

func newVisitor(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &visitor{t, base, &http.Client{Jar: jar, Timeout: patience}}
}

type answer struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

// do sends a request, and again where a machine with much else to do has kept a program from doing anything, as the answer asks.
func (v *visitor) do(method, path string, body any, header ...string) (a answer) {
	v.t.Helper()
	testenv.Eventually(func() bool {
		a = v.once(method, path, body, header...)
		return a.status != http.StatusServiceUnavailable || !heldUp.Match(a.body)
	})
	return a
}

// heldUp is what programs say that had to wait for too long: for the line, which a page shows, for a lock, or for the keys of passes.
var heldUp = regexp.MustCompile(`problem:(line-unavailable|seats-busy|keys-unavailable)"|data-state="down"`)

func (v *visitor) once(method, path string, body any, header ...string) answer {
	v.t.Helper()
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(v.t, err)
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, v.base+path, reader)
	require.NoError(v.t, err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.http.Do(req)
	require.NoError(v.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(v.t, err)
	return answer{v.t, method + " " + path, res.StatusCode, res.Header, raw}
}

func (v *visitor) get(path string, header ...string) answer {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil, header...)
}

// post sends a body under an idempotency key of its own where the call wants one; others ignore it.
func (v *visitor) post(path string, body any, header ...string) answer {
	v.t.Helper()
	return v.do(http.MethodPost, path, body, header...)
}

// want checks the status and decodes the body.
func want[T any](a answer, status int) T {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s: %s", a.what, a.body)
	var out T
	if len(a.body) > 0 {
		require.NoError(a.t, json.Unmarshal(a.body, &out), "%s: %s", a.what, a.body)
	}
	return out
}

type place struct {
	State       string `json:"state"`
	Number      int64  `json:"number"`
	Ahead       int64  `json:"ahead"`
	PollAfterMS int64  `json:"poll_after_ms"`
	Pass        string `json:"pass"`
	Ticket      string `json:"ticket"`
}

type layout struct {
	Seats struct {
		ID []int64 `json:"id"`
	} `json:"seats"`
}

type seatState struct {
	Available   int    `json:"available"`
	Unavailable []byte `json:"unavailable"`
}

// taken reports the bit of the seat at an index of the layout.
func (s seatState) taken(i int) bool { return s.Unavailable[i/8]>>(i%8)&1 == 1 }

type hold struct {
	ID string `json:"id"`
}

type order struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
	State     string `json:"state"`
	Tickets   []struct {
		Code   string `json:"code"`
		SeatID int64  `json:"seat_id"`
		State  string `json:"state"`
	} `json:"tickets"`
}

type room struct {
	Version int64 `json:"version"`
	Policy  struct {
		Mode          string `json:"mode"`
		RatePerMinute int64  `json:"rate_per_minute"`
		MaxActive     int64  `json:"max_active"`
	} `json:"policy"`
	Live struct {
		Waiting int64 `json:"waiting"`
		Active  int64 `json:"active"`
	} `json:"live"`
}

type problem struct {
	Type   string  `json:"type"`
	Detail string  `json:"detail"`
	Seats  []int64 `json:"seat_ids"`
}
