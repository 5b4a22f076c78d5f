package endpoint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

func TestPathsAsLogsHoldThem(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/":                        "/",
		"/shows/arena/seats?q=1#x": "/shows/arena/seats",
		"/api/v1/shows/summer-festival-2026-day-1/seats":         "/api/v1/shows/summer-festival-2026-day-1/seats",
		"/waitroom/v1/arena/move/3q2-7wEjRWeJq83vASNFZ4mrze_wAQ": "/waitroom/v1/arena/move/~",
		"/x/0123456789abcdef0123456789abcdef/y":                  "/x/~/y",
		"/x/" + strings.Repeat("a-", 40):                         "/x/~",
		"/x/eyJhbGciOiJFZERTQSJ9.eyJyb29tIjoiYXJlbmEifQ.c2ln":    "/x/~",
		"/" + strings.Repeat("seg/", 100):                        ("/" + strings.Repeat("seg/", 100))[:maxLogPath] + "…",
	} {
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI(path)
		require.Equal(t, want, LogPath(&ctx), path)
	}
}
