package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/qrcode"
	"anteroom/waitroom"
)

// plainPages write what they are given, one value a line.
type plainPages struct{}

func (plainPages) WriteMove(ctx *fasthttp.RequestCtx, status int, m waitroom.MoveView) error {
	ctx.SetStatusCode(status)
	ctx.SetContentType("text/html")
	why := ""
	if m.Fault != nil {
		why = m.Fault.Type
	}
	ctx.SetBodyString(strings.Join([]string{m.Link, m.Key, m.ReturnTo, why, m.Brand.Name}, "\n"))
	return nil
}

func withPages(v *Visitor) { v.Pages = plainPages{} }

func (g *gateway) ticket() string {
	g.t.Helper()
	var visit waitroom.Visit
	g.do("POST", g.public+"/waitroom/v1/arena/join", "").into(g.t, &visit)
	return visit.Ticket
}

func (g *gateway) offer(ticket, body string, headers ...string) answer {
	g.t.Helper()
	return g.do("POST", g.public+"/waitroom/v1/arena/move", body, append([]string{"Authorization", "Bearer " + ticket}, headers...)...)
}

// TestOnlyPathsOfThisHostAreGoneOnTo: a link of ours must not lead anywhere else.
func TestOnlyPathsOfThisHostAreGoneOnTo(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, withPages)
	ticket := g.ticket()
	for path, status := range map[string]int{
		"": 201, "/": 201, "/shows/arena/seats?lang=en&x=%2F": 201, "/" + strings.Repeat("a", 1023): 201,
		"//elsewhere.example": 422, `/\elsewhere.example`: 422, `\/elsewhere.example`: 422, "https://elsewhere.example/": 422, "javascript:alert(1)": 422,
		"shows": 422, "/a b": 422, "/a\tb": 422, "/a\r\nSet-Cookie: x=y": 422, "/\x00": 422, "/좌석": 422, "/" + strings.Repeat("a", 1024): 422, "?x": 422, "#x": 422,
	} {
		body := `{"return_to":` + quoted(t, path) + `}`
		a := g.offer(ticket, body)
		assert.Equal(t, status, a.status, "%q: %s", path, a.body)
		if status != 422 {
			var link waitroom.MoveLink
			a.into(t, &link)
			page := g.do("POST", g.public+link.URL, "", "Accept", "text/html")
			require.Equal(t, http.StatusSeeOther, page.status, string(page.body))
			want := path
			if want == "" {
				want = "/"
			}
			assert.Equal(t, want, page.header.Get("Location"))
			ticket = strings.TrimPrefix(strings.Split(page.header.Get("Set-Cookie"), ";")[0], "wr_arena=")
		} else {
			assert.Equal(t, "return-invalid", a.problem(t), path)
		}
		if status == 201 {
			ticket = g.ticket() // a place moves only so often
		}
	}
}

// TestAFormMovesAPlace goes the whole way without script, and asks again after a lost answer as a browser does.
func TestAFormMovesAPlace(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(*waitroom.Policy) {}, withPages)
	ticket := g.ticket()
	page := g.offer(ticket, "return_to=%2Fshows%2Farena%2Fseats", "Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, 201, page.status, string(page.body))
	link := strings.Split(string(page.body), "\n")[0]
	require.True(t, strings.HasPrefix(link, g.public+"/waitroom/v1/arena/move/"), link)

	keys := map[string]bool{}
	for range 3 { // whatever looks at links does no harm
		asked := g.do("GET", link, "", "Accept", "text/html")
		require.Equal(t, 200, asked.status)
		require.Empty(t, asked.header.Values("Set-Cookie"))
		keys[strings.Split(string(asked.body), "\n")[1]] = true
	}
	require.Len(t, keys, 3, "the key is another one each time")
	key := ""
	for key = range keys {
		require.GreaterOrEqual(t, len(key), 16)
	}
	claim := func(key string) answer {
		return g.do("POST", link, "key="+key, "Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded")
	}
	first := claim(key)
	require.Equal(t, http.StatusSeeOther, first.status, string(first.body))
	require.Equal(t, "/shows/arena/seats", first.header.Get("Location"))
	require.Equal(t, "no-store", first.header.Get("Cache-Control"))
	again := claim(key)
	require.Equal(t, first.header.Get("Set-Cookie"), again.header.Get("Set-Cookie"), "the same ticket")
	other := claim("anotherkeyaltogether")
	require.Equal(t, 410, other.status)
	require.Contains(t, string(other.body), "move-spent")
	require.Empty(t, other.header.Values("Set-Cookie"))

	// The old device is told on its page.
	old := g.offer(ticket, "", "Accept", "text/html")
	require.Equal(t, 410, old.status)
	require.Contains(t, string(old.body), "ticket-moved")
	// A page of another site moves nothing.
	require.Equal(t, 403, g.do("POST", link, "", "Accept", "text/html", "Origin", stranger).status)
}

// TestALinkComesWithItsCode: the code is that of the whole address, and the pages wear the room's brand.
func TestALinkComesWithItsCode(t *testing.T) {
	t.Parallel()
	g := newGateway(t, func(p *waitroom.Policy) { p.Brand.Name = "Halle" }, withPages)
	ticket := g.ticket()
	var link struct {
		waitroom.MoveLink
		QR qrcode.Code
	}
	g.offer(ticket, "").into(t, &link)
	want, err := qrcode.Of(g.public + link.URL)
	require.NoError(t, err)
	require.Equal(t, want, link.QR)
	for _, page := range []answer{
		g.offer(ticket, "", "Accept", "text/html"), g.do("GET", g.public+link.URL, "", "Accept", "text/html"), g.do("GET", g.public+link.URL+"x", "", "Accept", "text/html"),
	} {
		require.True(t, strings.HasSuffix(string(page.body), "\nHalle"), string(page.body))
	}
}

// TestAPlaceNamesTheRoomsBrand, so that a page that is open knows when it shows another.
func TestAPlaceNamesTheRoomsBrand(t *testing.T) {
	t.Parallel()
	for _, brand := range []waitroom.Brand{{}, {Name: "Halle"}} {
		g := newGateway(t, func(p *waitroom.Policy) { p.Brand = brand }, withPages)
		var joined, asked waitroom.Visit
		g.do("POST", g.public+"/waitroom/v1/arena/join", "").into(t, &joined)
		g.do("GET", g.public+"/waitroom/v1/arena/status", "", "Authorization", "Bearer "+joined.Ticket).into(t, &asked)
		require.Equal(t, brand.Version(), joined.Brand)
		require.Equal(t, brand.Version(), asked.Brand)
	}
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	raw, err := json.Marshal(text)
	require.NoError(t, err)
	return string(raw)
}
