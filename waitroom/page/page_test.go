package page

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

func render(t *testing.T, w waitroom.Wait, target string, headers ...string) (*fasthttp.RequestCtx, string) {
	t.Helper()
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.SetRequestURI(target)
	for i := 0; i+1 < len(headers); i += 2 {
		ctx.Request.Header.Set(headers[i], headers[i+1])
	}
	require.NoError(t, (&Page{}).Write(ctx, 200, w))
	return ctx, string(ctx.Response.Body())
}

// has and lacks look for a text in a page, without printing the page when they fail.
func has(t *testing.T, body, want string, why ...any) {
	t.Helper()
	assert.True(t, strings.Contains(body, want), append([]any{"%q is not on the page: %v", want}, why)...)
}

func lacks(t *testing.T, body, unwanted string, why ...any) {
	t.Helper()
	assert.False(t, strings.Contains(body, unwanted), append([]any{"%q is on the page: %v", unwanted}, why)...)
}

// withoutScript is what is shown of a page, for the script knows all texts.
func withoutScript(body string) string {
	shown, _, _ := strings.Cut(body, "<script")
	return shown
}

func waitingPlace() waitroom.Wait {
	return waitroom.Wait{Room: "arena", Visit: &waitroom.Visit{
		Room: "arena", State: waitroom.Waiting, Number: 12345, Epoch: 1, Ahead: 1234, ETA: &waitroom.Range{Low: 130, High: 290},
		PollAfterMS: 4000, Message: `<script>alert("x")</script>`, Ticket: "secret-ticket", Pass: "secret-pass",
	}}
}

func TestPageSaysWhereOneStands(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"ko": {"내 앞 대기 인원", "2–5분", "<html lang=\"ko\""},
		"en": {"people ahead of you", "2–5 min", "Your place is kept"},
		"ja": {"順番をお待ちください", "2〜5分", "順番の証明書"},
	} {
		ctx, body := render(t, waitingPlace(), "/shows/arena/seats", "Accept-Language", "xx, "+lang+"-ZZ;q=0.8, fr;q=0.9")
		for _, text := range append(want, ">1,234<", "12,345", `http-equiv="refresh" content="4"`, `href="/waitroom/v1/arena/receipt" download="receipt-arena-12345.json"`) {
			has(t, body, text, lang)
		}
		lacks(t, body, `<script>alert`, "the operator's message is text")
		lacks(t, body, "secret-", "tokens are not for scripts")
		assert.Equal(t, "no-store", string(ctx.Response.Header.Peek("Cache-Control")))
		nonce := regexp.MustCompile(`script-src 'nonce-([^']+)'`).FindStringSubmatch(string(ctx.Response.Header.Peek("Content-Security-Policy")))
		require.Len(t, nonce, 2)
		assert.Equal(t, 2, strings.Count(body, `nonce="`+nonce[1]+`"`))
		assert.NotRegexp(t, `<[^>]+ (style=|on[a-z]+=)"`, withoutScript(body), "nothing inline that the policy would block")
	}
}

func TestPageIsSmall(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("안녕하세요 ", 80)
	own := waitroom.BrandText{Title: long[:300], Lead: long}
	for name, w := range map[string]waitroom.Wait{
		"waiting": waitingPlace(), "code": {Room: "arena", Fault: waitroom.ErrCodeRequired}, "proof": {Room: "arena", Fault: waitroom.ErrProofRequired},
	} {
		w.Brand = waitroom.Brand{Name: "Halle", LogoURL: "https://cdn.example.org/" + strings.Repeat("a", 300), Colour: "#0a7f3f", Background: "#fdfbf7", Texts: waitroom.BrandTexts{Ko: own, En: own, Ja: own}}
		if w.Visit != nil {
			w.Visit.Message, w.Visit.Replaced = strings.Repeat("안", 500), "ticket-expired"
		}
		for _, lang := range []string{"ko", "en", "ja"} {
			ctx, _ := render(t, w, "/shows/arena/seats?lang="+lang, "Accept-Encoding", "gzip, br")
			body := ctx.Response.Body()
			assert.LessOrEqual(t, len(body), 14<<10, "%s %s", name, lang)
			t.Logf("%s %s: %d bytes compressed", name, lang, len(body))
			r, err := gzip.NewReader(bytes.NewReader(body))
			require.NoError(t, err)
			plain, err := io.ReadAll(r)
			require.NoError(t, err)
			assert.Contains(t, string(plain), "</html>")
		}
	}
}

func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	ctx, body := render(t, waitingPlace(), "/shows/arena/seats?date=%22%3E%3Cb%3E&lang=ja", "Cookie", "an_lang=en")
	has(t, body, `<html lang="ja"`)
	assert.Contains(t, string(ctx.Response.Header.PeekCookie("an_lang")), "an_lang=ja")
	has(t, body, `href="/shows/arena/seats?date=%22%3E%3Cb%3E&amp;lang=en"`)
	_, body = render(t, waitingPlace(), "/shows/arena/seats", "Cookie", "an_lang=en", "Accept-Language", "ko")
	has(t, body, `<html lang="en"`)
	_, body = render(t, waitingPlace(), "/shows/arena/seats?lang=%3Cscript%3E")
	has(t, body, `<html lang="ko"`)
}

func TestPageLeadsWhereItIsTold(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	w.Return = "https://shop.example.org/seats"
	_, body := render(t, w, "/waitroom/v1/arena/wait")
	has(t, body, `id="go" href="https://shop.example.org/seats"`)
	has(t, body, `name="return_to" value=""`, "another host is no path of this one")
	has(t, body, `href="/waitroom/v1/arena/wait?lang=en"`, "the language is switched here")
	w.Return = "javascript:alert(1)"
	_, body = render(t, w, "/waitroom/v1/arena/wait")
	lacks(t, body, "javascript:", "only an address leads anywhere")
}

func TestTheLeastAheadIsKept(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	ctx, _ := render(t, w, "/x")
	assert.Contains(t, string(ctx.Response.Header.PeekCookie("wl_arena")), "wl_arena=1.12345.1234; max-age=86400; path=/; SameSite=Lax")
	assert.EqualValues(t, 1234, w.Visit.Ahead)
	for cookie, want := range map[string]string{
		"1.12345.900": ">900<", "1.12345.2000": ">1,234<", "1.12345.0": ">0<", "1.12345.-4": ">1,234<", "2.12345.9": ">1,234<", "1.12344.9": ">1,234<",
		"1.12345.": ">1,234<", "1.12345.9x": ">1,234<", "": ">1,234<", "1.12345.99999999999999999999": ">1,234<", "<b>": ">1,234<",
	} {
		_, body := render(t, waitingPlace(), "/x", "Cookie", "wl_arena="+cookie)
		has(t, body, `id="ahead"`+want, cookie)
	}
	w.Visit.State, w.Visit.ETA = waitroom.Prequeue, nil
	ctx, _ = render(t, w, "/x")
	assert.Empty(t, ctx.Response.Header.PeekCookie("wl_arena"), "before the opening nobody has a position")
}

func TestPageSaysWhenItOpens(t *testing.T) {
	t.Parallel()
	seoul, err := time.LoadLocation("Asia/Seoul")
	require.NoError(t, err)
	w := waitingPlace()
	opens := time.Date(2026, 12, 1, 20, 0, 0, 0, seoul)
	w.Visit.State, w.Visit.ETA, w.Visit.Ahead = waitroom.Prequeue, nil, 0
	_, body := render(t, w, "/shows/arena/seats")
	has(t, body, `<div id="opens" hidden>`, "nothing is said where nothing is known")
	has(t, body, `hidden id="clock"`)
	w.Visit.OpensAt, w.Visit.OpensInMS = &opens, 93_784_001
	for lang, want := range map[string][2]string{"ko": {"곧 시작합니다", "1일 02:03:05"}, "en": {"Opening soon", "1 d 02:03:05"}, "ja": {"まもなく開始します", "1日 02:03:05"}} {
		_, body = render(t, w, "/shows/arena/seats", "Accept-Language", lang)
		shown := withoutScript(body)
		has(t, shown, `<h1 id="title" tabindex="-1">`+want[0]+`</h1>`)
		has(t, shown, `role="timer">`+want[1]+`</strong>`)
		has(t, shown, `<time id="opens-at" datetime="2026-12-01T20:00:00&#43;09:00">2026-12-01 20:00 (Asia/Seoul)</time>`)
		has(t, shown, `data-state="prequeue"`)
		has(t, shown, `value="0"`, "the door is shut")
	}
}

func TestPageShowsTheDraw(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	w.Visit.Draw, w.Visit.DrawnPosition = waitroom.DrawDone, 2345
	_, body := render(t, w, "/x", "Accept-Language", "en")
	has(t, body, `<span id="drawn-at">2,345</span> <a class="proof" href="/waitroom/v1/arena/draw">Proof of the draw</a>`)
	has(t, withoutScript(body), "The order has been drawn")
	has(t, body, `value="474"`, "progress is that of the drawn order")
	_, body = render(t, waitingPlace(), "/x")
	has(t, body, `<div id="drawn" class="place" hidden>`)
}
