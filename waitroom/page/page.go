// Package page writes the waiting page: one self-contained answer that works without JavaScript, in the visitor's language and the host's colours.
package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

//go:embed page.html
var htmlSource string

//go:embed brand.html
var brandSource string

//go:embed page.css
var ruleSource string

//go:embed page.js
var jsSource string

var document = template.Must(template.New("page").Parse(brandSource + htmlSource))

const (
	languageCookie = "an_lang" // the apps read and write it too
	languageLife   = 365 * 24 * time.Hour
)

// Page writes waiting pages. Safe for concurrent use.
type Page struct {
	Secure bool // the page's cookies are for HTTPS only
}

// Write answers with the page. It leads to where the visitor wants to go: the path of the request, unless w says another.
func (p *Page) Write(ctx *fasthttp.RequestCtx, status int, w waitroom.Wait) error {
	t, asked := choose(string(ctx.QueryArgs().Peek("lang")), string(ctx.Request.Header.Cookie(languageCookie)), string(ctx.Request.Header.Peek(fasthttp.HeaderAcceptLanguage)))
	if asked {
		p.keepLanguage(ctx, t.Lang)
	}
	if w.Visit != nil {
		shown := *w.Visit
		p.showLeast(ctx, &shown)
		w.Visit = &shown
	}
	nonce, err := newNonce()
	if err != nil {
		return err
	}
	v := viewOf(t, w, nonce, ctx)
	var body bytes.Buffer
	if err := document.Execute(&body, v); err != nil {
		return err
	}
	answer(ctx, status, t.Lang, contentPolicy(nonce, v.Dress.origin), body.Bytes())
	return nil
}

// keepLanguage sets the cookie that the apps set too, so it is readable by script and has no prefix.
func (p *Page) keepLanguage(ctx *fasthttp.RequestCtx, lang string) {
	p.cookie(ctx, languageCookie, lang, int(languageLife.Seconds()))
}

// cookie sets a cookie that script may read.
func (p *Page) cookie(ctx *fasthttp.RequestCtx, name, value string, life int) {
	var c fasthttp.Cookie
	c.SetKey(name)
	c.SetValue(value)
	c.SetPath("/")
	c.SetMaxAge(life)
	c.SetSameSite(fasthttp.CookieSameSiteLaxMode)
	c.SetSecure(p.Secure)
	ctx.Response.Header.SetCookie(&c)
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
