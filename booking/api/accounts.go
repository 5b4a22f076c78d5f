package api

import (
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
)

func (a *API) signUp(ctx *fasthttp.RequestCtx) error {
	var body booking.SignUp
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if err := body.Validate(); err != nil {
		return err
	}
	hash, err := auth.HashPassword(body.Password)
	if err != nil {
		return err
	}
	guest, _ := a.session(ctx) // without one, the account is simply new
	token, digest := auth.NewSecret()
	limit, cancel := deadline()
	defer cancel()
	buyer, err := a.Buyers.CreateAccount(limit, guest, body.Email, body.Name, hash, digest)
	if err != nil {
		return err
	}
	a.signedInAs(ctx, fasthttp.StatusCreated, buyer, token, booking.AccountSessionTTL)
	return nil
}

func (a *API) startGuest(ctx *fasthttp.RequestCtx) error {
	var body struct {
		Email string `json:"email"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if err := booking.ValidateGuest(body.Email); err != nil {
		return err
	}
	token, digest := auth.NewSecret()
	limit, cancel := deadline()
	defer cancel()
	buyer, err := a.Buyers.StartGuest(limit, body.Email, digest)
	if err != nil {
		return err
	}
	a.signedInAs(ctx, fasthttp.StatusCreated, buyer, token, booking.GuestSessionTTL)
	return nil
}

// signIn answers alike, and in like time, whether the address or the password is wrong.
func (a *API) signIn(ctx *fasthttp.RequestCtx) error {
	var body struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := endpoint.Decode(ctx, &body); err != nil {
		return err
	}
	if !booking.ValidEmail(body.Email) || len(body.Password) > 4*200 {
		auth.DummyCheck("")
		return booking.ErrCredentialsWrong
	}
	if wait := a.attempts.take(body.Email, time.Now()); wait > 0 {
		return booking.ErrTooManyAttempts.After(wait)
	}
	limit, cancel := deadline()
	defer cancel()
	account, hash, err := a.Buyers.PasswordHash(limit, body.Email)
	if err != nil {
		return err
	}
	if account == 0 {
		auth.DummyCheck(body.Password)
		return booking.ErrCredentialsWrong
	}
	if !auth.CheckPassword(hash, body.Password) {
		return booking.ErrCredentialsWrong
	}
	token, digest := auth.NewSecret()
	buyer, err := a.Buyers.StartSession(limit, account, digest)
	if err != nil {
		return err
	}
	a.attempts.forget(body.Email)
	a.signedInAs(ctx, fasthttp.StatusOK, buyer, token, booking.AccountSessionTTL)
	return nil
}

func (a *API) signedInAs(ctx *fasthttp.RequestCtx, status int, buyer booking.Buyer, token string, ttl time.Duration) {
	endpoint.Cookie(ctx, a.Secure, sessionCookie, token, ttl)
	endpoint.JSON(ctx, status, buyer)
}

func (a *API) getSession(ctx *fasthttp.RequestCtx, s booking.Session) error {
	limit, cancel := deadline()
	defer cancel()
	buyer, err := a.Buyers.Buyer(limit, s)
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, buyer)
	return nil
}

func (a *API) signOut(ctx *fasthttp.RequestCtx) error {
	if s, err := a.session(ctx); err == nil {
		limit, cancel := deadline()
		defer cancel()
		if err := a.Buyers.EndSession(limit, s); err != nil {
			return err
		}
	}
	endpoint.Cookie(ctx, a.Secure, sessionCookie, "", -1)
	ctx.SetStatusCode(fasthttp.StatusNoContent)
	return nil
}
