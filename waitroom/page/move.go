package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/qrcode"
	"anteroom/waitroom"
)

//go:embed move.html
var moveSource string

var moveDocument = template.Must(template.New("move").Parse(brandSource + moveSource))

type moveView struct {
	Lang, Nonce, Room, Title, Lead, Link, Key, Back string
	Style                                           template.CSS
	Dress                                           dress
	Day, Night                                      string      // the page's colour
	Code                                            qrcode.Code // of the link
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
	look := dressFor(m.Brand)
	v := moveView{
		Lang: spoken.Lang, Nonce: nonce, Style: template.CSS(look.paint.css() + ruleSource), T: t, //nolint:gosec // Our own file, and colours that were parsed.
		Dress: look, Day: look.paint.day.page.String(), Night: look.paint.night.page.String(),
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
		if v.Code, err = qrcode.Of(m.Link); err != nil {
			return err
		}
	default:
		v.Title, v.Lead = t.TitleClaim, number.Replace(t.LeadClaim)
	}
	var body bytes.Buffer
	if err := moveDocument.Execute(&body, v); err != nil {
		return err
	}
	answer(ctx, status, spoken.Lang, plainPolicy(nonce, "", look.origin), body.Bytes())
	return nil
}
