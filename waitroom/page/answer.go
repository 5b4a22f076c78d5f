package page

import (
	"crypto/rand"
	"encoding/base64"

	"github.com/valyala/fasthttp"
)

// answer sends a document that is one visitor's own.
func answer(ctx *fasthttp.RequestCtx, status int, lang, policy string, body []byte) {
	h := &ctx.Response.Header
	h.SetContentType("text/html; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderVary, "Accept, Accept-Encoding, Accept-Language, Cookie")
	h.Set(fasthttp.HeaderContentLanguage, lang)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	// The address may be a link that no other site may learn of; but under no-referrer a browser would send a form without its origin.
	h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	h.Set(fasthttp.HeaderContentSecurityPolicy, policy)
	ctx.SetStatusCode(status)
	if ctx.Request.Header.HasAcceptEncoding("gzip") {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.SetBody(fasthttp.AppendGzipBytes(nil, body))
		return
	}
	ctx.SetBody(body)
}

// contentPolicy lets the page load nothing but the host's logo, from its one origin. The worker is a timer of the page's own, for browsers
// slow the timers of a page down that nobody looks at.
func contentPolicy(nonce, logo string) string {
	return plainPolicy(nonce, "; script-src 'nonce-"+nonce+"'; connect-src 'self'; worker-src blob:", logo)
}

// plainPolicy lets a page have a style and load the logo, and beyond that what more says.
func plainPolicy(nonce, more, logo string) string {
	policy := "default-src 'none'; style-src 'nonce-" + nonce + "'" + more + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	if logo != "" {
		policy += "; img-src " + logo
	}
	return policy
}

func newNonce() (string, error) {
	var raw [16]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
