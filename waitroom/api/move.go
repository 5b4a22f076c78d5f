package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/internal/qrcode"
	"anteroom/waitroom"
)

// MovePages writes what people see of a move who have no script.
type MovePages interface {
	WriteMove(ctx *fasthttp.RequestCtx, status int, view waitroom.MoveView) error
}

// maxReturn bounds the path where the other device goes on, in bytes.
const maxReturn = 1024

var errReturn = fault.New(fault.Invalid, "return-invalid", "The other device cannot go on there.").
	WithField("return_to", "must be a path of this host, at most %d bytes long", maxReturn)

// offerMove opens a move and tells the link: in JSON to a script, as a page to a browser that has sent a form.
func (v *Visitor) offerMove(ctx *fasthttp.RequestCtx, room string) error {
	returnTo, err := returnTo(ctx)
	if err != nil {
		return err
	}
	link, err := v.Desk.Offer(context.Background(), room, v.tickets(ctx, room), returnTo)
	switch {
	case err != nil:
		return v.moveFailed(ctx, waitroom.MoveView{Room: room, ReturnTo: returnTo}, err)
	case v.wantsPage(ctx):
		return v.showMove(ctx, fasthttp.StatusCreated, waitroom.MoveView{
			Room: room, Number: link.Number, Link: v.origin(ctx) + link.URL, ReturnTo: returnTo,
		})
	}
	code, err := qrcode.Of(v.origin(ctx) + link.URL)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusCreated, linkDoc{MoveLink: link, QR: code})
	return nil
}

// linkDoc is MoveLink of the contract: with the whole address as a QR code, so that a page needs no program to draw one.
type linkDoc struct {
	waitroom.MoveLink
	QR qrcode.Code `json:"qr"`
}

// showMove writes a page of a move in the room's brand.
func (v *Visitor) showMove(ctx *fasthttp.RequestCtx, status int, view waitroom.MoveView) error {
	view.Brand = v.Desk.Brand(view.Room)
	return v.Pages.WriteMove(ctx, status, view)
}

// askMove is what the link leads to. It does nothing but ask: whatever looks at links before people do, mail filters, chats that show a preview,
// browsers that load ahead, must not use it up.
func (v *Visitor) askMove(ctx *fasthttp.RequestCtx, room string) error {
	if err := v.Desk.Known(room); err != nil {
		return err
	}
	code, err := moveCode(ctx)
	if err != nil {
		return v.moveFailed(ctx, waitroom.MoveView{Room: room}, err)
	}
	return v.showMove(ctx, fasthttp.StatusOK, waitroom.MoveView{Room: room, Number: code.Number, Key: rand.Text()})
}

// claimMove takes the move up: this device has the place from now on.
func (v *Visitor) claimMove(ctx *fasthttp.RequestCtx, room string) error {
	who, err := entrant(ctx)
	if err != nil {
		return err
	}
	key := who.Key
	if key == "" {
		key = string(ctx.PostArgs().Peek("key")) // of the page's form
	}
	code, err := moveCode(ctx)
	if err != nil {
		return v.moveFailed(ctx, waitroom.MoveView{Room: room}, err)
	}
	visit, returnTo, err := v.Desk.Claim(context.Background(), room, code, key)
	if err != nil {
		return v.moveFailed(ctx, waitroom.MoveView{Room: room, Number: code.Number}, err)
	}
	endpoint.Cookie(ctx, v.Secure, waitroom.TicketCookie+room, visit.Ticket, waitroom.TicketLife)
	if !v.wantsPage(ctx) {
		endpoint.Appended(ctx, fasthttp.StatusCreated, &visit)
		return nil
	}
	if returnTo == "" {
		returnTo = "/"
	}
	// Not ctx.Redirect, which would make it absolute by the name the request was sent to.
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.Response.Header.Set(fasthttp.HeaderReferrerPolicy, "no-referrer") // the link has been used, and says the number all the same
	ctx.Response.Header.Set(fasthttp.HeaderLocation, returnTo)
	ctx.SetStatusCode(fasthttp.StatusSeeOther)
	return nil
}

func moveCode(ctx *fasthttp.RequestCtx) (waitroom.MoveCode, error) {
	text, _ := ctx.UserValue("code").(string)
	return waitroom.ParseMoveCode(text)
}

// moveFailed tells why, in the form that was asked for.
func (v *Visitor) moveFailed(ctx *fasthttp.RequestCtx, view waitroom.MoveView, err error) error {
	f := fault.From(err)
	if f.Code == fault.Internal || !v.wantsPage(ctx) {
		return err
	}
	view.Fault = f
	return v.showMove(ctx, endpoint.Status(f.Code), view)
}

// wantsPage reports whether a person's browser has asked, not a script of its page.
func (v *Visitor) wantsPage(ctx *fasthttp.RequestCtx) bool {
	h := &ctx.Request.Header
	if mode := h.Peek("Sec-Fetch-Mode"); len(mode) > 0 && string(mode) != "navigate" {
		return false
	}
	return v.Pages != nil && bytes.Contains(h.Peek(fasthttp.HeaderAccept), []byte("text/html"))
}

// origin is where this gateway is for the browser that asks.
func (v *Visitor) origin(ctx *fasthttp.RequestCtx) string {
	scheme := "http://"
	if v.Secure {
		scheme = "https://"
	}
	return scheme + string(ctx.Host())
}

// returnTo reads where the other device goes on from a JSON document or a form; empty when nothing is said. It is a path of this host and
// nothing that a browser would take for another one.
func returnTo(ctx *fasthttp.RequestCtx) (string, error) {
	var asked struct {
		ReturnTo string `json:"return_to"`
	}
	switch {
	case len(ctx.PostBody()) == 0:
	case bytes.HasPrefix(ctx.Request.Header.ContentType(), []byte("application/x-www-form-urlencoded")):
		asked.ReturnTo = string(ctx.PostArgs().Peek("return_to"))
	default:
		if err := endpoint.Decode(ctx, &asked); err != nil {
			return "", err
		}
	}
	path := asked.ReturnTo
	if path == "" {
		return "", nil
	}
	bad := func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }
	if path[0] != '/' || strings.HasPrefix(path, "//") || len(path) > maxReturn || strings.ContainsFunc(path, bad) {
		return "", errReturn
	}
	return path, nil
}
