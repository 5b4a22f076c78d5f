package api

import (
	"context"

	"github.com/valyala/fasthttp"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

type session struct {
	Email       string            `json:"email"`
	Name        string            `json:"name"`
	Role        auth.Role         `json:"role"`
	Permissions []auth.Permission `json:"permissions"`
}

func answerSession(ctx *fasthttp.RequestCtx, who auth.Staff) error {
	endpoint.JSON(ctx, fasthttp.StatusOK, session{who.Email, who.Name, who.Role, who.Role.Permissions()})
	return nil
}

func (a *api) getSession(_ context.Context, ctx *fasthttp.RequestCtx, who auth.Staff) error {
	return answerSession(ctx, who)
}

func (a *api) signIn(limit context.Context, ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	var body struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	missing := fault.New(fault.Malformed, "sign-in-incomplete", "An e-mail address and a password are wanted.")
	if body.Email == "" {
		return missing.WithField("email", "is missing")
	}
	if body.Password == "" {
		return missing.WithField("password", "is missing")
	}
	token, who, err := a.Sessions.SignIn(limit, body.Email, body.Password, a.token(ctx))
	signIns(err).Inc()
	if err != nil {
		return err
	}
	endpoint.Cookie(ctx, a.Secure, sessionCookie, token, adminapi.SessionLimit)
	return answerSession(ctx, who)
}

// signOut forgets the cookie only once the session has ended on the server: else a copy of it would live on unseen.
func (a *api) signOut(limit context.Context, ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	if err := a.Sessions.SignOut(limit, a.token(ctx)); err != nil {
		return err
	}
	endpoint.Cookie(ctx, a.Secure, sessionCookie, "", -1)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}

func (a *api) publishKeys(_ context.Context, ctx *fasthttp.RequestCtx, _ auth.Staff) error {
	ctx.SetContentType("application/json")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "public, max-age=60")
	ctx.SetBody(a.JWKS)
	return nil
}
