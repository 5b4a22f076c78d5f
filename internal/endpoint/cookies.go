package endpoint

import (
	"bytes"
	"iter"

	"github.com/valyala/fasthttp"
)

// Cookies are the cookies of a request in the order in which they came, also those of one name, and of several Cookie lines (RFC 9113, section
// 8.2.3, allows a proxy to split them). They are read where they lie: fasthttp's own list copies them all, and its request would be written
// anew from that list. Names and values are good until the header changes. A part without "=" is no cookie; quotes around a value are dropped.
func Cookies(ctx *fasthttp.RequestCtx) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for _, line := range ctx.Request.Header.PeekAll(fasthttp.HeaderCookie) {
			for more := true; more; {
				var pair []byte
				pair, line, more = bytes.Cut(line, semicolon)
				equals := bytes.IndexByte(pair, '=')
				if equals < 0 {
					continue
				}
				value := TrimSpace(pair[equals+1:])
				if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
					value = value[1 : n-1]
				}
				if !yield(TrimSpace(pair[:equals]), value) {
					return
				}
			}
		}
	}
}

var semicolon = []byte{';'}
