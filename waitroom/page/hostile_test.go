package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

var hostile = []string{
	`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.Script}}{{template "page"}}`, `';alert(1)//`, "`${alert(1)}`", `</style><style>*{display:none}`,
	`</title><base href=//evil.example>`, `</noscript><meta http-equiv=refresh content=0;url=//evil.example>`, "\u2028alert(1)\u2029", `<!--<script>`, `&lt;b&gt;`, "\x00\x1b[31m", `\u003cscript\u003e`,
}

// tags counts the beginnings of elements and comments. What is hostile adds none.
func tags(body string) int { return len(regexp.MustCompile(`<[a-zA-Z!/]`).FindAllString(body, -1)) }

func TestOperatorsTextIsText(t *testing.T) {
	t.Parallel()
	tame := waitingPlace()
	tame.Visit.Message = "tame"
	tame.Brand = waitroom.Brand{Name: "tame", Texts: waitroom.BrandTexts{En: waitroom.BrandText{Title: "tame", Lead: "tame"}}}
	_, body := render(t, tame, "/x", "Accept-Language", "en")
	want := tags(body)
	for _, text := range hostile {
		w := waitingPlace()
		w.Room, w.Visit.Message = "arena", text
		w.Brand = waitroom.Brand{Name: text, Texts: waitroom.BrandTexts{En: waitroom.BrandText{Title: text, Lead: text}}}
		ctx, body := render(t, w, "/x", "Accept-Language", "en")
		assert.Equal(t, want, tags(body), "%q makes an element", text)
		assert.NotContains(t, string(ctx.Response.Header.Header()), "evil")
		lacks(t, body[strings.Index(body, "<script"):], "\u2028", "a line of script ends there")
	}
	// The control: the count sees an element that is one.
	assert.Greater(t, tags(strings.Replace(body, "tame", hostile[0], 1)), want)
}

func TestHostileBrandStylesNothingAndLoadsNothing(t *testing.T) {
	t.Parallel()
	_, clean := render(t, waitingPlace(), "/x")
	for _, text := range append(hostile, "red;}*{display:none", "#fff;background:url(//evil.example)", "expression(alert(1))", "#12345", "url(javascript:alert(1))") {
		w := waitingPlace()
		w.Brand = waitroom.Brand{Colour: text, Background: text, LogoURL: text}
		ctx, body := render(t, w, "/x")
		assert.Equal(t, styleOf(t, clean), styleOf(t, body), "%q", text)
		lacks(t, body, "<img")
		assert.NotContains(t, string(ctx.Response.Header.Peek("Content-Security-Policy")), "img-src")
	}
}

func styleOf(t *testing.T, body string) string {
	t.Helper()
	style := regexp.MustCompile(`(?s)<style[^>]*>(.*?)</style>`).FindStringSubmatch(body)
	require.Len(t, style, 2)
	return style[1]
}

func TestBrandDressesThePage(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	w.Brand = waitroom.Brand{
		Name: "Halle & Co", LogoURL: "https://cdn.example.org:8443/l.svg?a=1&b=2", Colour: "#0b5d3b", Background: "#fdfbf7",
		Texts: waitroom.BrandTexts{Ja: waitroom.BrandText{Title: "ようこそ"}, Ko: waitroom.BrandText{Lead: "곧 시작해요"}},
	}
	ctx, body := render(t, w, "/x", "Accept-Language", "ja")
	policy := string(ctx.Response.Header.Peek("Content-Security-Policy"))
	assert.True(t, strings.HasSuffix(policy, "; img-src https://cdn.example.org:8443"), policy)
	assert.True(t, strings.HasPrefix(policy, "default-src 'none'; "), policy)
	assert.NotContains(t, policy, "unsafe")
	has(t, body, `src="https://cdn.example.org:8443/l.svg?a=1&amp;b=2" alt="Halle &amp; Co"`)
	has(t, body, `<title>ようこそ · Halle &amp; Co</title>`)
	has(t, body, japanese.States[stateWaiting].Lead, "what the host does not say, we say")
	has(t, styleOf(t, body), "--accent:#0b5d3b;")
	has(t, styleOf(t, body), "--page:#fdfbf7;")
	_, body = render(t, w, "/x", "Accept-Language", "ko")
	has(t, withoutScript(body), `class="lead">곧 시작해요<`)
	has(t, body, `"lead":"곧 시작해요"`, "the script says the same")
	assert.NotEqual(t, "곧 시작해요", korean.States[stateWaiting].Lead, "only on this page")

	w.Visit.ETA = nil // the host's words are for who waits
	_, body = render(t, w, "/x", "Accept-Language", "ja")
	lacks(t, withoutScript(body), "ようこそ")

	// Without a place the page is the host's too.
	_, body = render(t, waitroom.Wait{Room: "arena", Fault: waitroom.ErrRoomClosed, Brand: w.Brand, Message: "明日また"}, "/x", "Accept-Language", "ja")
	has(t, body, "cdn.example.org")
	has(t, withoutScript(body), "明日また")
}

func TestLogoOfTheSameHost(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	w.Brand.LogoURL = "/brand/logo.svg"
	ctx, body := render(t, w, "/x")
	assert.Contains(t, string(ctx.Response.Header.Peek("Content-Security-Policy")), "; img-src 'self'")
	has(t, body, `<img class="plate" src="/brand/logo.svg" alt="Anteroom"`)
}
