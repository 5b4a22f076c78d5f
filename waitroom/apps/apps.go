// Package apps serves the built web apps: the client at /, the back office at /admin/, the accounts at /accounts/.
package apps

import (
	"bytes"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
)

// names are the apps, each a folder with an index.html; the first is served at the root.
var names = []string{"client", "admin", "accounts"}

// policy is what the apps' pages may load: their own files, and nothing of anybody else's.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// file is one file, ready to be sent.
type file struct {
	body, gzip []byte // gzip is nil where it would save nothing
	mediaType  string
	cache      string
}

// Apps holds all files in memory: they are few, and no path of a visitor ever reaches the file system. Immutable, so safe for concurrent use.
type Apps struct {
	files   map[string]*file // by URL path
	missing []string         // apps without an index.html
}

// Load reads the apps below a folder. An app that is not there is no error; its pages say so.
func Load(dir fs.FS) (*Apps, error) {
	a := &Apps{files: map[string]*file{}}
	for _, name := range names {
		if err := a.load(dir, name); err != nil {
			return nil, fmt.Errorf("read app %s: %w", name, err)
		}
	}
	return a, nil
}

// Missing names the apps that are not there.
func (a *Apps) Missing() []string { return a.missing }

func (a *Apps) load(dir fs.FS, name string) error {
	if _, err := fs.Stat(dir, name+"/index.html"); err != nil {
		a.missing = append(a.missing, name)
		return nil //nolint:nilerr // An app that was not built is told to who asks for it.
	}
	return fs.WalkDir(dir, name, func(p string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(p, ".map") {
			return err
		}
		body, err := fs.ReadFile(dir, p)
		if err != nil {
			return err
		}
		a.files[base(name)+strings.TrimPrefix(p, name+"/")] = newFile(p, body)
		return nil
	})
}

// base is the path an app is served under.
func base(name string) string {
	if name == names[0] {
		return "/"
	}
	return "/" + name + "/"
}

func newFile(p string, body []byte) *file {
	f := &file{body: body, mediaType: mime.TypeByExtension(path.Ext(p)), cache: "no-cache"}
	if f.mediaType == "" {
		f.mediaType = "application/octet-stream"
	}
	if strings.Contains(p, "/assets/") { // their names change with their content
		f.cache = "public, max-age=31536000, immutable"
	}
	if packed := fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression); len(packed) < len(body)*9/10 {
		f.gzip = packed
	}
	return f
}

// Handler serves the files. A path that is none of them, and does not look like a file, gets the page of its app: the app knows its own routes.
func (a *Apps) Handler(ctx *fasthttp.RequestCtx) {
	if !ctx.IsGet() && !ctx.IsHead() {
		endpoint.MethodNotAllowed(ctx)
		return
	}
	p := string(ctx.Path())
	f, ok := a.files[p]
	if !ok && path.Ext(p) == "" {
		f, ok = a.files[base(appOf(p))+"index.html"]
	}
	switch {
	case ok:
		send(ctx, f)
	case len(a.missing) > 0 && a.isMissing(appOf(p)):
		unbuilt(ctx)
	default:
		endpoint.NotFound(ctx)
	}
}

// appOf finds the app that a path belongs to.
func appOf(p string) string {
	for _, name := range names[1:] {
		if p == "/"+name || strings.HasPrefix(p, "/"+name+"/") {
			return name
		}
	}
	return names[0]
}

func (a *Apps) isMissing(name string) bool {
	for _, m := range a.missing {
		if m == name {
			return true
		}
	}
	return false
}

func send(ctx *fasthttp.RequestCtx, f *file) {
	h := &ctx.Response.Header
	h.SetContentType(f.mediaType)
	h.Set(fasthttp.HeaderCacheControl, f.cache)
	h.Set(fasthttp.HeaderXContentTypeOptions, "nosniff")
	h.Set(fasthttp.HeaderReferrerPolicy, "same-origin")
	if strings.HasPrefix(f.mediaType, "text/html") {
		h.Set(fasthttp.HeaderContentSecurityPolicy, policy)
	}
	if f.gzip == nil {
		ctx.Response.SetBodyRaw(f.body)
		return
	}
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	if ctx.Request.Header.HasAcceptEncoding("gzip") {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.Response.SetBodyRaw(f.gzip)
		return
	}
	ctx.Response.SetBodyRaw(f.body)
}

var errUnbuilt = fault.New(fault.Unavailable, "app-not-built", "The web app is not on this gateway. Its APIs answer all the same.")

// unbuilt tells a person and a program alike that the app is not there.
func unbuilt(ctx *fasthttp.RequestCtx) {
	if !bytes.Contains(ctx.Request.Header.Peek(fasthttp.HeaderAccept), []byte("text/html")) {
		endpoint.Problem(ctx, errUnbuilt)
		return
	}
	ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.SetBodyString("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Anteroom</title><p>" + errUnbuilt.Message +
		" Build the apps and start the gateway with <code>--spa-dir</code>.</p>")
}
