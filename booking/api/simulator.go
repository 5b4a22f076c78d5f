package api

import (
	"html/template"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
)

// The page of the simulated bank. It needs no script and loads nothing.
var challengePage = template.Must(template.New("challenge").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulated bank</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.6rem 1.2rem;margin-right:.5rem}</style>
</head><body><h1>Simulated bank · 모의 은행</h1>
<p>This page stands for the one of your bank. No money is moved. · 실제 결제가 아닙니다.</p>
<p>Amount · 금액: <strong>{{.Amount.Amount}} {{.Amount.Currency}}</strong></p>
{{if eq .State "action"}}<form method="post">
<button name="decision" value="approve">Approve · 승인</button><button name="decision" value="refuse">Refuse · 거절</button></form>
{{else}}<p>This payment has been decided: {{.State}}.</p><p><a href="{{.ReturnTo}}">Back to the shop · 돌아가기</a></p>{{end}}
</body></html>
`))

func (a *API) showChallenge(ctx *fasthttp.RequestCtx) error {
	if a.Challenges == nil || !booking.ValidID(param(ctx, "charge")) {
		return booking.ErrChargeUnknown
	}
	limit, cancel := deadline()
	defer cancel()
	c, err := a.Challenges.Challenge(limit, param(ctx, "charge"))
	if err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	ctx.SetContentType("text/html; charset=utf-8")
	return challengePage.Execute(ctx, c)
}

func (a *API) decideChallenge(ctx *fasthttp.RequestCtx) error {
	if a.Challenges == nil || !booking.ValidID(param(ctx, "charge")) {
		return booking.ErrChargeUnknown
	}
	decision := string(ctx.PostArgs().Peek("decision"))
	if decision != "approve" && decision != "refuse" {
		return booking.ErrDecisionInvalid.WithField("decision", "must be approve or refuse")
	}
	limit, cancel := deadline()
	defer cancel()
	c, err := a.Challenges.Decide(limit, param(ctx, "charge"), decision == "approve")
	if err != nil {
		return err
	}
	if c.ReturnTo == "" {
		c.ReturnTo = "/"
	}
	// Set by hand: fasthttp's Redirect makes a whole address of the path, with the host as this service sees it.
	ctx.Response.Header.Set(fasthttp.HeaderLocation, c.ReturnTo)
	ctx.SetStatusCode(fasthttp.StatusSeeOther)
	return nil
}
