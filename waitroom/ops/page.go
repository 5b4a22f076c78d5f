package ops

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

//go:embed page.html
var html string

//go:embed page.css
var css string

//go:embed page.js
var js string

// Page answers /ops and /ops/data on the private port.
type Page struct {
	recorder *Recorder
	page     []byte
	policy   string // of its content
}

// NewPage makes the page of a recorder.
func NewPage(r *Recorder) *Page {
	p := &Page{recorder: r}
	p.page = []byte(strings.NewReplacer("/*css*/", css, "/*js*/", js).Replace(html))
	p.policy = "default-src 'none'; connect-src 'self'; img-src data:; style-src '" + digest(css) + "'; script-src '" + digest(js) + "'; frame-ancestors 'none'"
	return p
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Handler answers the page's paths and leaves the others to next, which may be nil.
func (p *Page) Handler(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		path := string(ctx.Path())
		switch {
		case path != "/ops" && path != "/ops/data":
			if next == nil {
				endpoint.NotFound(ctx)
				return
			}
			next(ctx)
		case !ctx.IsGet() && !ctx.IsHead():
			endpoint.MethodNotAllowed(ctx)
		case path == "/ops/data":
			endpoint.JSON(ctx, fasthttp.StatusOK, p.recorder.Data(time.Now()))
		default:
			h := &ctx.Response.Header
			h.SetContentType("text/html; charset=utf-8")
			h.Set(fasthttp.HeaderCacheControl, "no-store")
			h.Set(fasthttp.HeaderContentSecurityPolicy, p.policy)
			h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
			h.Set(fasthttp.HeaderReferrerPolicy, "no-referrer")
			ctx.SetBody(p.page)
		}
	}
}
