package api

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/fault"
)

// maxBack bounds where a waiting page leads back to, in bytes. The address of the page carries it, and must fit into one line.
const maxBack = 2048

var errBack = fault.New(fault.Malformed, "return-invalid", "The waiting page cannot lead there.").
	WithField("return", "must be a path of this host, with a query if need be, of at most %d bytes", maxBack)

// original is the visitor's request, as the proxy that asks about it tells.
type original struct {
	path  string // with the query; "/" when it was not told, or leads nowhere safe
	reads bool   // it is one that changes nothing
}

// original believes what a trusted proxy says. Where two headers that should agree do not, the visitor has sent one
// of them: then neither counts.
func (f *ForwardAuth) original(ctx *fasthttp.RequestCtx) original {
	method := string(ctx.Method())
	o := original{path: "/"}
	if f.believes(ctx) {
		if told := agreed(ctx, "X-Original-Method", "X-Forwarded-Method"); told != "" {
			method = told
		}
		o.path = pathOf(agreed(ctx, "X-Original-Uri", "X-Forwarded-Uri", "X-Original-Url"))
	}
	o.reads = method == fasthttp.MethodGet || method == fasthttp.MethodHead
	return o
}

func (f *ForwardAuth) believes(ctx *fasthttp.RequestCtx) bool {
	return f.Trusted != nil && f.Trusted(ctx)
}

// told is the method and the target of the visitor's request as its proxy tells them for the gateway to decide by: in X-Forwarded-Method and
// X-Forwarded-Uri, each once, and said otherwise nowhere. Less than that may have come from the visitor.
func told(ctx *fasthttp.RequestCtx) (method, target string, ok bool) {
	for name, value := range map[string]*string{"X-Forwarded-Method": &method, "X-Forwarded-Uri": &target} {
		all := ctx.Request.Header.PeekAll(name)
		if len(all) != 1 {
			return "", "", false
		}
		*value = withoutOrigin(string(all[0]))
	}
	if agreed(ctx, "X-Original-Method", "X-Forwarded-Method") != method || agreed(ctx, "X-Original-Uri", "X-Forwarded-Uri", "X-Original-Url") != target {
		return "", "", false
	}
	target, ok = safeReturn(target)
	return method, target, ok && method != ""
}

// agreed is the value of whichever of the headers there are, when they all say the same.
func agreed(ctx *fasthttp.RequestCtx, names ...string) (value string) {
	for _, name := range names {
		for _, one := range ctx.Request.Header.PeekAll(name) {
			told := withoutOrigin(string(one))
			if value != "" && told != value {
				return ""
			}
			value = told
		}
	}
	return value
}

// withoutOrigin cuts scheme and host off an address: some proxies tell the whole of it.
func withoutOrigin(address string) string {
	for _, scheme := range []string{"http://", "https://"} {
		if rest, ok := strings.CutPrefix(address, scheme); ok {
			_, path, _ := strings.Cut(rest, "/")
			return "/" + path
		}
	}
	return address
}

// pathOf is where to lead back to as told by a proxy; "/" when that is no path of this host.
func pathOf(told string) string {
	if back, ok := safeReturn(told); ok {
		return back
	}
	return "/"
}

// whereBack is where the waiting page leads: what its address says, else what the proxy in front tells.
func (f *ForwardAuth) whereBack(ctx *fasthttp.RequestCtx) (string, error) {
	if !ctx.QueryArgs().Has("return") {
		return f.original(ctx).path, nil
	}
	back, ok := safeReturn(string(ctx.QueryArgs().Peek("return")))
	if !ok {
		return "", errBack
	}
	return back, nil
}

// safeReturn accepts a path of this very host, and nothing that a browser could take for another's: the page must not become a way to lead
// people from our name to anywhere. The cookies are this host's, so another could not make use of them anyway. What is not ASCII is quoted.
func safeReturn(raw string) (path string, ok bool) {
	if raw == "" || len(raw) > maxBack || raw[0] != '/' || len(raw) > 1 && raw[1] == '/' {
		return "", false
	}
	var quoted strings.Builder
	for i := range len(raw) {
		switch c := raw[i]; {
		case c <= ' ' || c == 0x7f || c == '\\': // browsers drop some of these, and take the last for a slash
			return "", false
		case c > 0x7f || c == '"' || c == '<' || c == '>' || c == '`':
			fmt.Fprintf(&quoted, "%%%02X", c)
		default:
			quoted.WriteByte(c)
		}
	}
	u, err := url.Parse(quoted.String())
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Fragment != "" {
		return "", false
	}
	return quoted.String(), true
}

// asOne gives the request the address of the waiting page, however it came to be asked for, so that the page's links to itself (in another
// language) are right.
func asOne(ctx *fasthttp.RequestCtx, room, back string) {
	address := "/waitroom/v1/" + room + "/wait?return=" + url.QueryEscape(back)
	if lang := ctx.QueryArgs().Peek("lang"); len(lang) > 0 {
		address += "&lang=" + url.QueryEscape(string(lang))
	}
	ctx.Request.SetRequestURI(address)
}
