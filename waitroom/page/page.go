// Package page writes the waiting page: one self-contained answer that works without JavaScript, in the visitor's language.
package page

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

//go:embed page.html
var htmlSource string

//go:embed page.css
var cssSource string

//go:embed page.js
var jsSource string

var document = template.Must(template.New("page").Parse(htmlSource))

const (
	languageCookie = "an_lang" // the apps read and write it too
	languageLife   = 365 * 24 * time.Hour
)

// Page writes waiting pages. Safe for concurrent use.
type Page struct {
	Secure bool // the language's cookie is for HTTPS only
}

// Write answers with the page. The path of the request is where the visitor wants to go; the page leads back to it.
func (p *Page) Write(ctx *fasthttp.RequestCtx, status int, w waitroom.Wait) error {
	t, asked := choose(string(ctx.QueryArgs().Peek("lang")), string(ctx.Request.Header.Cookie(languageCookie)), string(ctx.Request.Header.Peek(fasthttp.HeaderAcceptLanguage)))
	if asked {
		p.keepLanguage(ctx, t.Lang)
	}
	nonce, err := newNonce()
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := document.Execute(&body, viewOf(t, w, nonce, ctx)); err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.SetContentType("text/html; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderVary, "Accept, Accept-Encoding, Accept-Language, Cookie")
	h.Set(fasthttp.HeaderContentLanguage, t.Lang)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	h.Set(fasthttp.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'nonce-"+nonce+"'; script-src 'nonce-"+nonce+
		"'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	ctx.SetStatusCode(status)
	if ctx.Request.Header.HasAcceptEncoding("gzip") {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.SetBody(fasthttp.AppendGzipBytes(nil, body.Bytes()))
		return nil
	}
	ctx.SetBody(body.Bytes())
	return nil
}

// keepLanguage sets the cookie that the apps set too, so it is readable by script and has no prefix.
func (p *Page) keepLanguage(ctx *fasthttp.RequestCtx, lang string) {
	var c fasthttp.Cookie
	c.SetKey(languageCookie)
	c.SetValue(lang)
	c.SetPath("/")
	c.SetMaxAge(int(languageLife.Seconds()))
	c.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	c.SetSecure(p.Secure)
	ctx.Response.Header.SetCookie(&c)
}

func newNonce() (string, error) {
	var raw [16]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// selfOf is the path and query that the visitor asked for, without the choice of a language.
func selfOf(ctx *fasthttp.RequestCtx) string {
	var args fasthttp.Args
	ctx.QueryArgs().CopyTo(&args)
	args.Del("lang")
	path := string(ctx.URI().RequestURI())
	path, _, _ = strings.Cut(path, "?")
	if args.Len() == 0 {
		return path
	}
	return path + "?" + args.String()
}
