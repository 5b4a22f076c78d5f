package api

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/qrcode"
)

const ticketStyle = `
body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:0 auto;max-width:44rem;padding:1rem}
article{display:flex;flex-wrap:wrap;gap:1.5rem;border:1px solid #999;border-radius:.5rem;padding:1.5rem;margin:0 0 1rem;break-inside:avoid}
article div{flex:1 1 16rem}
h1{font-size:1.3rem;margin:0 0 .5rem}
p{margin:0 0 .5rem}
.seat{font-size:1.5rem;font-weight:700}
.code{font:1.1rem ui-monospace,monospace}
.void{color:#b00020;font-weight:700}
svg{width:15rem;height:15rem;background:#fff;flex:none}
@media print{body{padding:0;max-width:none}article{border-color:#000;page-break-inside:avoid}.screen{display:none}}
`

// ticketPage prints tickets. It needs no script and loads nothing.
var ticketPage = template.Must(template.New("tickets").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{{.T.Title}}</title><style>` + ticketStyle + `</style></head><body><main>
{{range .Tickets}}<article>{{if .QR.Size}}<svg viewBox="0 0 {{.QR.Size}} {{.QR.Size}}" role="img" aria-label="{{$.T.QR}}" shape-rendering="crispEdges"><path d="{{.QR.Path}}" stroke="#000" fill="none"/></svg>{{end}}
<div><h1>{{.Title}}</h1><p>{{.When}}<br>{{.Venue}}</p><p class="seat">{{.Seat}}</p>
{{if .Void}}<p class="void">{{$.T.Void}}</p>{{else}}<p>{{$.T.Code}} <span class="code">{{.Code}}</span></p>{{end}}{{with .Used}}<p class="void">{{$.T.Used}} {{.}}</p>{{end}}
<p>{{$.T.Order}} {{.Order}}</p></div></article>
{{else}}<p>{{.T.None}}</p>{{end}}</main><p class="screen">{{.T.Hint}}</p></body></html>
`))

// The style is named by its digest, so that no other may run.
var ticketPolicy = func() string {
	sum := sha256.Sum256([]byte(ticketStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}()

// ticketWords are the page's own words.
type ticketWords struct{ Title, QR, Code, Order, Void, Used, None, Hint string }

var ticketWordsIn = map[string]ticketWords{
	"en": {"Tickets", "QR code of this ticket", "Ticket", "Order", "Not valid any more", "Used:", "There is no ticket here.", "Print this page, or show it at the door. One code lets in one person, once."},
	"ko": {"티켓", "이 티켓의 QR 코드", "티켓", "주문", "더 이상 사용할 수 없습니다", "사용됨:", "티켓이 없습니다.", "이 페이지를 인쇄하거나 입구에서 보여 주세요. 코드 하나로 한 명이 한 번 입장할 수 있습니다."},
}

// printedTicket is a ticket on the page.
type printedTicket struct {
	Title, Venue, When, Seat, Code, Order, Used string
	Void                                        bool
	QR                                          qrcode.Code
}

func (a *API) printTicket(ctx *fasthttp.RequestCtx, s booking.Session) error {
	ticket, err := a.ownTicket(ctx, s)
	if err != nil {
		return err
	}
	return a.print(ctx, []booking.HeldTicket{ticket})
}

func (a *API) printTickets(ctx *fasthttp.RequestCtx, s booking.Session) error {
	order, err := orderID(ctx)
	if err != nil {
		return err
	}
	limit, cancel := deadline()
	defer cancel()
	tickets, err := a.Tickets.OrderTickets(limit, s, order)
	if err != nil {
		return err
	}
	tickets = slices.DeleteFunc(tickets, func(t booking.HeldTicket) bool { return t.State != "valid" })
	for i := range tickets {
		if tickets[i], err = a.signed(tickets[i]); err != nil {
			return err
		}
	}
	return a.print(ctx, tickets)
}

func (a *API) print(ctx *fasthttp.RequestCtx, tickets []booking.HeldTicket) error {
	lang := language(ctx)
	page := struct {
		Lang    string
		T       ticketWords
		Tickets []printedTicket
	}{Lang: lang, T: ticketWordsIn[lang]}
	for _, t := range tickets {
		p := printedTicket{
			Title: t.Title.In(lang), Venue: t.Venue.In(lang), When: booking.When(t.StartsAt, t.TimeZone, lang), Seat: t.Seat(),
			Code: t.Code, Order: t.Order, Void: t.State != "valid",
		}
		if t.CheckedInAt != nil {
			p.Used = booking.When(*t.CheckedInAt, t.TimeZone, lang)
		}
		if !p.Void {
			text := t.Token
			if text == "" {
				text = t.Code // without keys the door reads the code, and has to ask us
			}
			var err error
			if p.QR, err = qrcode.Of(text); err != nil {
				return err
			}
		}
		page.Tickets = append(page.Tickets, p)
	}
	h := &ctx.Response.Header
	h.SetContentType("text/html; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderContentSecurityPolicy, ticketPolicy)
	h.Set(fasthttp.HeaderReferrerPolicy, "no-referrer")
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptLanguage)
	return ticketPage.Execute(ctx, page)
}

// language is what the visitor reads of the two we write: by ?lang=, else by what the browser says first of them.
func language(ctx *fasthttp.RequestCtx) string {
	if asked := string(ctx.QueryArgs().Peek("lang")); asked == "en" || asked == "ko" {
		return asked
	}
	for part := range strings.SplitSeq(string(ctx.Request.Header.Peek(fasthttp.HeaderAcceptLanguage)), ",") {
		tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		switch tag, _, _ = strings.Cut(tag, "-"); tag {
		case "en", "ko":
			return tag
		}
	}
	return "en"
}
