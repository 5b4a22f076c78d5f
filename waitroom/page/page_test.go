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
		for _, text := range append(want, ">1,234<", "12,345", `http-equiv="refresh" content="4"`, `/waitroom/v1/arena/receipt`) {
			assert.Contains(t, body, text, lang)
		}
		assert.NotContains(t, body, `<script>alert`, "the operator's message is text")
		assert.NotContains(t, body, "secret-", "tokens are not for scripts")
		assert.Equal(t, "no-store", string(ctx.Response.Header.Peek("Cache-Control")))
		nonce := regexp.MustCompile(`script-src 'nonce-([^']+)'`).FindStringSubmatch(string(ctx.Response.Header.Peek("Content-Security-Policy")))
		require.Len(t, nonce, 2)
		assert.Equal(t, 2, strings.Count(body, `nonce="`+nonce[1]+`"`))
		assert.NotRegexp(t, ` style="| on[a-z]+="`, body, "nothing inline that the policy would block")
	}
}

func TestPageIsSmall(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	w.Visit.Message, w.Visit.Replaced = strings.Repeat("안", 500), "ticket-expired"
	for _, lang := range []string{"ko", "en", "ja"} {
		ctx, _ := render(t, w, "/shows/arena/seats?lang="+lang, "Accept-Encoding", "gzip, br")
		body := ctx.Response.Body()
		assert.LessOrEqual(t, len(body), 14<<10, lang)
		t.Logf("%s: %d bytes compressed", lang, len(body))
		r, err := gzip.NewReader(bytes.NewReader(body))
		require.NoError(t, err)
		plain, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Contains(t, string(plain), "</html>")
	}
}

func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	ctx, body := render(t, waitingPlace(), "/shows/arena/seats?date=%22%3E%3Cb%3E&lang=ja", "Cookie", "an_lang=en")
	assert.Contains(t, body, `<html lang="ja"`)
	assert.Contains(t, string(ctx.Response.Header.PeekCookie("an_lang")), "an_lang=ja")
	assert.Contains(t, body, `href="/shows/arena/seats?date=%22%3E%3Cb%3E&amp;lang=en"`)
	_, body = render(t, waitingPlace(), "/shows/arena/seats", "Cookie", "an_lang=en", "Accept-Language", "ko")
	assert.Contains(t, body, `<html lang="en"`)
	_, body = render(t, waitingPlace(), "/shows/arena/seats?lang=%3Cscript%3E")
	assert.Contains(t, body, `<html lang="ko"`)
}

func TestPageStates(t *testing.T) {
	t.Parallel()
	place := func(change func(*waitroom.Visit)) waitroom.Wait {
		w := waitingPlace()
		change(w.Visit)
		return w
	}
	for want, w := range map[string]waitroom.Wait{
		"The line is paused":               place(func(v *waitroom.Visit) { v.ETA = nil }),
		"The waiting room is closed":       place(func(v *waitroom.Visit) { v.State, v.ETA = waitroom.Closed, nil }),
		"your earlier place has expired":   place(func(v *waitroom.Visit) { v.Replaced = "ticket-expired" }),
		"The line was started anew":        place(func(v *waitroom.Visit) { v.Replaced = "ticket-superseded" }),
		"Your earlier visit is over":       place(func(v *waitroom.Visit) { v.Replaced = "ticket-passed" }),
		"could not be confirmed":           place(func(v *waitroom.Visit) { v.Replaced = "ticket-invalid" }),
		"less than a minute":               place(func(v *waitroom.Visit) { v.ETA = &waitroom.Range{Low: 1, High: 30} }),
		"3–7 hours":                        place(func(v *waitroom.Visit) { v.ETA = &waitroom.Range{Low: 3 * 3600, High: 7 * 3600} }),
		"Nobody can come in at the moment": {Room: "arena", Fault: waitroom.ErrRoomClosed},
		"Your place is kept; leave this":   {Room: "arena", Fault: waitroom.ErrLineUnavailable, Kept: true},
		"You get a place as soon as it":    {Room: "arena", Fault: waitroom.ErrLineUnavailable},
		"The line is being restored":       {Room: "arena", Fault: waitroom.ErrRoomLost},
		"Everything is sold":               place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ended = waitroom.Closed, nil, waitroom.SoldOut }),
		"The line has ended":               place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ended = waitroom.Closed, nil, waitroom.Over }),
		"so the line has ended":            {Room: "arena", Fault: waitroom.ErrRoomSoldOut},
		"nobody is put in line":            {Room: "arena", Fault: waitroom.ErrRoomFull},
		"Opening soon":                     place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ahead = waitroom.Prequeue, nil, 0 }),
	} {
		_, body := render(t, w, "/shows/arena/seats", "Accept-Language", "en")
		shown, _, _ := strings.Cut(body, "<script")
		assert.Contains(t, shown, want)
	}
}

func TestPageSaysWhenItOpens(t *testing.T) {
	t.Parallel()
	seoul, err := time.LoadLocation("Asia/Seoul")
	require.NoError(t, err)
	w := waitingPlace()
	opens := time.Date(2026, 12, 1, 20, 0, 0, 0, seoul)
	w.Visit.State, w.Visit.ETA, w.Visit.Ahead = waitroom.Prequeue, nil, 0
	_, body := render(t, w, "/shows/arena/seats")
	assert.Contains(t, body, `<div id="opens" hidden>`, "nothing is said where nothing is known")
	w.Visit.OpensAt = &opens
	for lang, want := range map[string]string{"ko": "곧 시작합니다", "en": "Opening soon", "ja": "まもなく開始します"} {
		_, body = render(t, w, "/shows/arena/seats", "Accept-Language", lang)
		assert.Contains(t, body, `<h1 id="title">`+want+`</h1>`) // the script knows all titles
		assert.Contains(t, body, `<time id="opens-at" datetime="2026-12-01T20:00:00&#43;09:00">2026-12-01 20:00 (Asia/Seoul)</time>`)
		assert.Contains(t, body, `data-state="prequeue"`)
		assert.Contains(t, body, `value="0"`, "the door is shut")
	}
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	for _, one := range texts {
		for why := range english.Replaced {
			assert.NotEmpty(t, one.Replaced[why], "%s %q", one.Lang, why)
		}
		for _, said := range []string{one.TitleOver, one.LeadOver, one.LeadNew, one.LeadTurn, one.Announce, one.HoursTo, one.Again, one.LeaveSure, one.Post,
			one.TitleSold, one.TitleEnded, one.TitleSoon, one.TitleFull, one.LeadSold, one.LeadEnded, one.LeadSoon, one.LeadFull, one.Opens} {
			assert.NotEmpty(t, said, one.Lang)
		}
	}
}
