package endpoint

import (
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"

	"github.com/valyala/fasthttp"
)

// HeaderRequestID names a request: in the logs of all services, in every answer and in problem documents, so that who met an error can
// say which one. It is no secret and proves nothing.
const HeaderRequestID = "X-Request-Id"

// headerRequestID is the name in the form in which fasthttp keeps names, so that it need not be brought into it each time.
var headerRequestID = []byte(HeaderRequestID)

// maxRequestID bounds an id that somebody else made, in bytes.
const maxRequestID = 64

// seed tells the ids of this process from those of others, and of the same program after a restart.
var seed = rand.Uint64() //nolint:gosec // No secret.

// Identify gives the request its id, in its own header HeaderRequestID: the one that came with it when the sender is trusted and the id
// is a plain one (letters, digits and "-_.:", at most 64 bytes), else a new one of 16 hexadecimal digits. It comes before everything else
// that is done with a request, and allocates nothing. The id is appended to dst.
func Identify(dst []byte, ctx *fasthttp.RequestCtx, trusted bool) []byte {
	h := &ctx.Request.Header
	came := h.PeekCanonical(headerRequestID)
	if trusted && plain(came) && len(h.PeekAll(HeaderRequestID)) == 1 {
		return append(dst, came...)
	}
	if came != nil {
		h.Del(HeaderRequestID) // all of them, if there are several
	}
	begin := len(dst)
	dst = appendMade(dst, ctx)
	h.SetCanonical(headerRequestID, dst[begin:])
	return dst
}

// AppendRequestID appends the request's id to dst.
func AppendRequestID(dst []byte, ctx *fasthttp.RequestCtx) []byte {
	if id := ctx.Request.Header.PeekCanonical(headerRequestID); plain(id) {
		return append(dst, id...)
	}
	return appendMade(dst, ctx)
}

// RequestID is the request's id.
func RequestID(ctx *fasthttp.RequestCtx) string { return string(AppendRequestID(nil, ctx)) }

// Logger is log for lines about this request.
func Logger(ctx *fasthttp.RequestCtx, log *slog.Logger) *slog.Logger {
	return log.With("request_id", RequestID(ctx))
}

// appendMade appends an id that the server's own count of connections and requests gives: it needs no memory to be the same when asked
// again, and no two requests of one process have the same one, for the mixing can be undone.
func appendMade(dst []byte, ctx *fasthttp.RequestCtx) []byte {
	n := ctx.ID()
	if n == 0 { // the request could not be read, and was not counted
		n = rand.Uint64() //nolint:gosec // No secret.
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], mix(seed+n*0x9e3779b97f4a7c15))
	return hex.AppendEncode(dst, raw[:])
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), a bijection.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// plain reports whether an id can be written anywhere without being taken for something else.
func plain(id []byte) bool {
	if len(id) == 0 || len(id) > maxRequestID {
		return false
	}
	for _, c := range id {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}
