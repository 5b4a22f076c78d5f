package forward

import (
	"bytes"
	"io"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
)

// smallBody is how much of a request's body fasthttp has read before it calls us, in bytes. What is no larger goes out with the head.
const smallBody = 8 << 10

// measure finds out how large the body is, and takes it in where it is small.
func (x *exchange) measure(ctx *fasthttp.RequestCtx) error {
	most := x.pool.o.MaxBody
	if x.req.MaxBody > 0 {
		most = x.req.MaxBody
	}
	x.req.MaxBody = most
	n := int64(ctx.Request.Header.ContentLength())
	stream := ctx.RequestBodyStream()
	switch {
	case n > most:
		x.size = n
		return ErrTooLarge
	case stream == nil: // the server reads bodies whole, or there is none
		body := ctx.Request.Body()
		if int64(len(body)) > most {
			return ErrTooLarge
		}
		x.small = append(x.small[:0], body...)
		x.size = int64(len(body))
	case n == -1 || n > smallBody:
		x.size = n
	case n > 0:
		x.size = n
		x.small = append(x.small[:0], make([]byte, n)...)
		if _, err := io.ReadFull(stream, x.small); err != nil {
			return because(ErrBroken, err)
		}
	}
	return nil
}

// compose writes the head of the request, as it goes to this address, and a small body behind it.
func (x *exchange) compose(ctx *fasthttp.RequestCtx) error {
	b := append(x.out[:0], ctx.Method()...)
	b = append(b, ' ')
	b = append(b, ctx.URI().RequestURI()...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	if x.pool.o.PassHost && len(x.req.Host) > 0 {
		b = append(b, x.req.Host...)
	} else {
		b = append(b, x.at.text...)
	}
	b = append(b, "\r\n"...)

	raw := ctx.Request.Header.RawHeaders()
	begin := len(b)
	x.named = x.named[:0]
	var protocol []byte
	upgrades := false
	for look := 1; look <= 2; look++ { // a second time when there turned out to be names to leave out
		for rest := raw; ; {
			line, after, err := cutLine(rest)
			if err != nil {
				return err
			}
			if len(line) == 0 {
				break
			}
			colon := bytes.IndexByte(line, ':')
			if colon <= 0 || bytes.IndexByte(line[:colon], ' ') >= 0 {
				return ErrHeaders
			}
			switch ofRequest(line[:colon]) {
			case pass:
				if len(x.named) == 0 || !among(line[:colon], x.named) {
					b = append(b, rest[:len(rest)-len(after)]...)
				}
			case connection:
				if look == 1 {
					var up, ok bool
					if x.named, _, _, up, ok = readConnection(line[colon+1:], x.named); !ok {
						return ErrHeaders
					}
					upgrades = upgrades || up
				}
			case upgrade:
				protocol = endpoint.TrimSpace(line[colon+1:])
			}
			rest = after
		}
		if len(x.named) == 0 {
			break
		}
		if look == 1 {
			b = b[:begin]
		}
	}
	b = x.own(ctx, b)
	if upgrades && equal(protocol, "websocket") && ctx.IsGet() && x.size == 0 && ctx.Request.Header.IsHTTP11() {
		if err := x.mayTunnel(); err != nil {
			return err
		}
		b = append(b, "Connection: Upgrade\r\nUpgrade: websocket\r\n"...)
	}
	switch {
	case x.size < 0:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	case x.size > 0 || ctx.IsPost() || ctx.IsPut() || ctx.IsPatch():
		b = append(b, "Content-Length: "...)
		b = fasthttp.AppendUint(b, int(x.size))
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	x.out = append(b, x.small...)
	return nil
}

// own appends what only the gateway may say.
func (x *exchange) own(ctx *fasthttp.RequestCtx, b []byte) []byte {
	b = append(b, "X-Forwarded-Host: "...)
	b = append(b, x.req.Host...)
	if x.req.Client.IsValid() {
		b = append(b, "\r\nX-Forwarded-For: "...)
		b = x.req.Client.AppendTo(b)
	}
	b = append(b, "\r\nX-Forwarded-Proto: "...)
	b = append(b, x.req.Proto...)
	b = append(b, "\r\nX-Request-Id: "...)
	b = endpoint.AppendRequestID(b, ctx)
	if x.req.Pass != "" {
		b = append(b, "\r\nWaitroom-Pass: "...)
		b = append(b, x.req.Pass...)
	}
	return append(b, "\r\n"...)
}

// cutLine gives the first line without its end, and what comes after it. The line is empty at the end of the head.
func cutLine(b []byte) (line, after []byte, err error) {
	if len(b) == 0 {
		return nil, nil, nil
	}
	i := bytes.IndexByte(b, '\n')
	if i <= 0 || b[i-1] != '\r' || b[0] == ' ' || b[0] == '\t' {
		return nil, nil, ErrHeaders // a line of another end, or one that continues the line before
	}
	return b[:i-1], b[i+1:], nil
}
