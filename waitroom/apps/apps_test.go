package apps

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

func ask(a *Apps, path string, headers ...string) *fasthttp.RequestCtx {
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.SetRequestURI(path)
	for i := 0; i+1 < len(headers); i += 2 {
		ctx.Request.Header.Set(headers[i], headers[i+1])
	}
	a.Handler(ctx)
	return ctx
}

func TestApps(t *testing.T) {
	t.Parallel()
	long := make([]byte, 4096)
	a, err := Load(fstest.MapFS{
		"client/index.html":         {Data: []byte("client")},
		"client/assets/main-abc.js": {Data: long},
		"client/assets/main.js.map": {Data: long},
		"admin/index.html":          {Data: []byte("admin")},
		"secret.txt":                {Data: []byte("secret")},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"accounts"}, a.Missing())

	for path, want := range map[string]string{"/": "client", "/shows/arena/seats": "client", "/admin": "admin", "/admin/": "admin", "/admin/rooms/arena": "admin", "/administrator": "client"} {
		ctx := ask(a, path)
		assert.Equal(t, 200, ctx.Response.StatusCode(), path)
		assert.Equal(t, want, string(ctx.Response.Body()), path)
		assert.Equal(t, "no-cache", string(ctx.Response.Header.Peek("Cache-Control")), path)
	}
	asset := ask(a, "/assets/main-abc.js", "Accept-Encoding", "gzip")
	assert.Equal(t, "public, max-age=31536000, immutable", string(asset.Response.Header.Peek("Cache-Control")))
	assert.Equal(t, "gzip", string(asset.Response.Header.Peek("Content-Encoding")))
	assert.Less(t, len(asset.Response.Body()), 200)
	assert.Len(t, ask(a, "/assets/main-abc.js").Response.Body(), len(long))

	for path, status := range map[string]int{"/assets/gone.js": 404, "/assets/main.js.map": 404, "/secret.txt": 404, "/../secret.txt": 404, "/admin/x.png": 404, "/accounts/": 503} {
		assert.Equal(t, status, ask(a, path).Response.StatusCode(), path)
	}
	assert.Contains(t, string(ask(a, "/accounts/", "Accept", "text/html").Response.Body()), "not on this gateway")
	assert.Contains(t, string(ask(a, "/accounts/").Response.Header.ContentType()), "problem+json")
}
