package endpoint

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// asked is a request with these lines, as it would come over the wire.
func asked(t testing.TB, lines ...string) *fasthttp.RequestCtx {
	t.Helper()
	var ctx fasthttp.RequestCtx
	text := "GET / HTTP/1.1\r\nHost: shop.example\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	require.NoError(t, ctx.Request.Read(bufio.NewReader(strings.NewReader(text))))
	return &ctx
}

func TestCookiesAreReadInTheirOrder(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  []string
	}{
		"none":            {nil, nil},
		"one":             {[]string{"Cookie: a=1"}, []string{"a=1"}},
		"twice":           {[]string{"Cookie: a=1; b=2; a=3"}, []string{"a=1", "b=2", "a=3"}},
		"several lines":   {[]string{"Cookie: a=1", "X: y", "cookie: a=2"}, []string{"a=1", "a=2"}},
		"no space":        {[]string{"Cookie: a=1;b=2"}, []string{"a=1", "b=2"}},
		"spaces":          {[]string{"Cookie:  a = 1 ;\tb=2 ; "}, []string{"a=1", "b=2"}},
		"equals in value": {[]string{"Cookie: a=b=c=="}, []string{"a=b=c=="}},
		"no value":        {[]string{"Cookie: a=; b"}, []string{"a="}},
		"quotes":          {[]string{`Cookie: a="1"; b="`}, []string{"a=1", `b="`}},
		"empty":           {[]string{"Cookie: "}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for k, v := range Cookies(asked(t, c.lines...)) {
				got = append(got, string(k)+"="+string(v))
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestCookiesEndWhenNoMoreAreWanted(t *testing.T) {
	n := 0
	for range Cookies(asked(t, "Cookie: a=1; b=2; c=3")) {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
}

func TestCookiesCostNoMemory(t *testing.T) {
	ctx, n := asked(t, "Cookie: a=1; b=2; c=3"), 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for name := range Cookies(ctx) {
			n += len(name)
		}
	}))
	require.NotZero(t, n)
}
