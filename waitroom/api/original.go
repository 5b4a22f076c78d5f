package api

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// maxBack bounds where a waiting page leads back to, in bytes. The address of the page carries it, and must fit into one line.
const maxBack = 2048

var errBack = fault.New(fault.Malformed, "return-invalid", "The waiting page cannot lead there.").
	WithField("return", "must be a path of this host, with a query if need be, of at most %d bytes", maxBack)

// ParseNetworks reads networks as 10.0.0.0/8 or single addresses, separated by commas. The error names the first that is none.
func ParseNetworks(list string) (all []netip.Prefix, err error) {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		network, err := netip.ParsePrefix(one)
		if addr, alone := netip.ParseAddr(one); alone == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%q is neither a network nor an address", one)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// original is the visitor's request, as the proxy that asks about it tells.
type original struct {
	path  string // with the query; "/" when it was not told, or leads nowhere safe
	reads bool   // it is one that changes nothing
}

// original believes what a proxy says when it is one of those declared. Where two headers that should agree do not, the visitor has sent one
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
	peer := endpoint.ConnAddr(ctx)
	for _, p := range f.Proxies {
		if p.Contains(peer) {
			return true
		}
	}
	return f.Trusted != nil && f.Trusted(ctx)
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
