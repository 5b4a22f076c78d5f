package page

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/internal/qrcode"
	"anteroom/waitroom"
)

func movePage(t *testing.T, language string, status int, m waitroom.MoveView) (*fasthttp.RequestCtx, string) {
	t.Helper()
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI("http://shop.test/waitroom/v1/arena/move/x")
	ctx.Request.Header.Set("Accept-Language", language)
	require.NoError(t, (&Page{}).WriteMove(&ctx, status, m))
	return &ctx, string(ctx.Response.Body())
}

func TestPagesOfAMove(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ko", "en", "ja"} {
		words := moveTexts[language]
		ctx, link := movePage(t, language, 201, waitroom.MoveView{Room: "arena", Number: 12345, Link: "https://shop.test/waitroom/v1/arena/move/abc", ReturnTo: "/shows/arena/seats?a=1&b=2"})
		assert.Equal(t, 201, ctx.Response.StatusCode())
		for _, want := range []string{`lang="` + language + `"`, words.TitleLink, "12,345", `value="https://shop.test/waitroom/v1/arena/move/abc"`, `href="/shows/arena/seats?a=1&amp;b=2"`, words.LinkOnce} {
			assert.Contains(t, link, want)
		}
		assert.NotContains(t, link, "<form")
		code, err := qrcode.Of("https://shop.test/waitroom/v1/arena/move/abc")
		require.NoError(t, err)
		assert.Contains(t, link, fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d"><path d="%s" stroke="#000"/></svg>`, words.LinkCode, code.Size, code.Size, code.Path))

		_, asks := movePage(t, language, 200, waitroom.MoveView{Room: "arena", Number: 7, Key: "k3y"})
		for _, want := range []string{words.TitleClaim, `<form method="post">`, `name="key" value="k3y"`, words.Claim, words.ClaimOwn} {
			assert.Contains(t, asks, want)
		}
		assert.NotContains(t, asks, `class="qr"`)
		for _, page := range []string{link, asks} {
			assert.NotContains(t, page, "<script", "it works without")
			assert.NotContains(t, page, "{n}")
			assert.Len(t, regexp.MustCompile(`<h1`).FindAllString(page, -1), 1)
		}
		for _, why := range []*struct{ typ, text string }{
			{waitroom.ErrMoveSpent.Type, words.Failed["move-spent"]}, {waitroom.ErrPlaceServed.Type, words.Failed["place-served"]},
			{waitroom.ErrMoveLimit.Type, words.Failed["move-limit"]}, {waitroom.ErrTicketMoved.Type, words.Failed["ticket-moved"]},
			{waitroom.ErrLineUnavailable.Type, words.Failed["line-unavailable"]}, {waitroom.ErrRoomLost.Type, words.Failed[""]},
		} {
			fault := *waitroom.ErrMoveSpent
			fault.Type = why.typ
			_, page := movePage(t, language, 410, waitroom.MoveView{Room: "arena", Fault: &fault})
			require.NotEmpty(t, why.text)
			assert.Contains(t, page, why.text)
			assert.NotContains(t, page, "<form")
		}
	}
}

// The address of the page is the link itself: nobody else may learn of it, and nothing on it may be kept or framed.
func TestAPageOfAMoveKeepsToItself(t *testing.T) {
	t.Parallel()
	ctx, page := movePage(t, "en", 200, waitroom.MoveView{Room: `<b>"`, Key: `"><script>`, ReturnTo: "javascript:alert(1)"})
	h := &ctx.Response.Header
	assert.Equal(t, "no-store", string(h.Peek("Cache-Control")))
	assert.Equal(t, "same-origin", string(h.Peek("Referrer-Policy")))
	assert.Equal(t, "nosniff", string(h.Peek("X-Content-Type-Options")))
	policy := string(h.Peek("Content-Security-Policy"))
	for _, want := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		assert.Contains(t, policy, want)
	}
	assert.NotContains(t, policy, "script-src")
	nonce := regexp.MustCompile(`style-src 'nonce-([^']+)'`).FindStringSubmatch(policy)
	require.Len(t, nonce, 2)
	assert.Contains(t, page, `<style nonce="`+nonce[1]+`">`)
	assert.NotContains(t, page, "<script>")
	assert.NotContains(t, page, "<b>")
	assert.NotContains(t, page, `href="javascript:`)
}

func TestPagesOfAMoveWearTheBrand(t *testing.T) {
	t.Parallel()
	brand := waitroom.Brand{Name: "Halle & Co", LogoURL: "https://cdn.example.org/l.svg", Colour: "#0b5d3b", Background: "#fdfbf7"}
	fault := *waitroom.ErrMoveSpent
	for _, m := range []waitroom.MoveView{{Link: "https://shop.test/x"}, {Key: "k3y"}, {Fault: &fault}} {
		m.Room, m.Brand = "arena", brand
		ctx, page := movePage(t, "en", 200, m)
		assert.Contains(t, page, `src="https://cdn.example.org/l.svg" alt="Halle &amp; Co"`)
		assert.Contains(t, page, " · Halle &amp; Co</title>")
		assert.Contains(t, page, `content="#fdfbf7" media="(prefers-color-scheme: dark)"`)
		assert.Contains(t, styleOf(t, page), "--accent:#0b5d3b;")
		policy := string(ctx.Response.Header.Peek("Content-Security-Policy"))
		assert.True(t, strings.HasSuffix(policy, "; img-src https://cdn.example.org"), policy)
		assert.NotContains(t, policy, "script-src")
	}
	_, ours := movePage(t, "en", 200, waitroom.MoveView{Room: "arena", Key: "k3y"})
	assert.Contains(t, ours, " · Anteroom</title>")

	// What is hostile in a brand that an earlier version let through says, styles and loads nothing.
	for _, text := range hostile {
		m := waitroom.MoveView{Room: "arena", Key: "k3y", Brand: waitroom.Brand{Name: text, LogoURL: text, Colour: text, Background: text}}
		ctx, page := movePage(t, "en", 200, m)
		assert.Equal(t, tags(ours), tags(page), "%q", text)
		assert.Equal(t, styleOf(t, ours)[:200], styleOf(t, page)[:200], "%q", text)
		assert.NotContains(t, string(ctx.Response.Header.Peek("Content-Security-Policy")), "img-src")
	}
}

func TestAPageOfAMoveIsSmall(t *testing.T) {
	t.Parallel()
	var ctx fasthttp.RequestCtx
	ctx.Request.SetRequestURI("/waitroom/v1/arena/move")
	ctx.Request.Header.Set("Accept-Encoding", "gzip")
	link := "https://tickets.example.org/waitroom/v1/" + strings.Repeat("r", 63) + "/move/" + strings.Repeat("c", 80)
	require.NoError(t, (&Page{}).WriteMove(&ctx, 201, waitroom.MoveView{Room: "arena", Number: 12345, Link: link, ReturnTo: "/"}))
	assert.Equal(t, "gzip", string(ctx.Response.Header.Peek("Content-Encoding")))
	assert.LessOrEqual(t, len(ctx.Response.Body()), 14<<10)
	t.Logf("%d bytes compressed", len(ctx.Response.Body()))
}
