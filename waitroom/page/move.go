package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

//go:embed move.html
var moveSource string

var moveDocument = template.Must(template.New("move").Parse(moveSource))

type moveView struct {
	Lang, Nonce, Room, Title, Lead, Link, Key, Back string
	Style                                           template.CSS
	T                                               *moveText
}

// WriteMove answers with what people see of moving a place to another device: the link, the question, or why it does not work. It
// needs no script.
func (p *Page) WriteMove(ctx *fasthttp.RequestCtx, status int, m waitroom.MoveView) error {
	spoken, _ := choose("", string(ctx.Request.Header.Cookie(languageCookie)), string(ctx.Request.Header.Peek(fasthttp.HeaderAcceptLanguage)))
	t := moveTexts[spoken.Lang]
	nonce, err := newNonce()
	if err != nil {
		return err
	}
	v := moveView{
		Lang: spoken.Lang, Nonce: nonce, Style: template.CSS(cssSource), T: t, //nolint:gosec // Our own file, embedded.
		Room: m.Room, Link: m.Link, Key: m.Key, Back: m.ReturnTo,
	}
	number := strings.NewReplacer("{n}", grouped(m.Number))
	switch {
	case m.Fault != nil:
		v.Title, v.Lead = t.TitleFailed, t.Failed[""]
		if said, ok := t.Failed[m.Fault.Type]; ok {
			v.Lead = said
		}
	case m.Link != "":
		v.Title, v.Lead = t.TitleLink, number.Replace(t.LeadLink)
	default:
		v.Title, v.Lead = t.TitleClaim, number.Replace(t.LeadClaim)
	}
	var body bytes.Buffer
	if err := moveDocument.Execute(&body, v); err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.SetContentType("text/html; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderVary, "Accept, Accept-Language, Cookie")
	h.Set(fasthttp.HeaderContentLanguage, spoken.Lang)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	// The address is the link itself, which no other site may learn of; but under no-referrer a browser would send the form without its origin.
	h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	h.Set(fasthttp.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	ctx.SetStatusCode(status)
	ctx.SetBody(body.Bytes())
	return nil
}
