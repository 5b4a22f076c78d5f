package endpoint

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// maxLogPath bounds what a log's line says of a path, in bytes.
const maxLogPath = 200

// LogPath is the request's path as logs may hold it: without the query, bounded, and with "~" for each part that could be a token.
func LogPath(ctx *fasthttp.RequestCtx) string {
	var line []byte
	for i, part := range bytes.Split(ctx.Path(), []byte("/")) {
		if i > 0 {
			line = append(line, '/')
		}
		if looksSecret(part) {
			part = []byte("~")
		}
		if line = append(line, part...); len(line) > maxLogPath {
			return string(line[:maxLogPath]) + "…"
		}
	}
	return string(line)
}

// looksSecret reports whether part of a path could be a token or a code: too long for a name, or long and not written as names are, which
// are lower-case words with hyphens between.
func looksSecret(part []byte) bool {
	const long, longest = 20, 63
	if len(part) <= long {
		return false
	}
	hyphens := 0
	for _, c := range part {
		switch {
		case c == '-':
			hyphens++
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		default:
			return true
		}
	}
	return len(part) > longest || hyphens == 0
}
