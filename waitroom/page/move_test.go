package page

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

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

		_, asks := movePage(t, language, 200, waitroom.MoveView{Room: "arena", Number: 7, Key: "k3y"})
		for _, want := range []string{words.TitleClaim, `<form method="post">`, `name="key" value="k3y"`, words.Claim, words.ClaimOwn} {
			assert.Contains(t, asks, want)
		}
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
