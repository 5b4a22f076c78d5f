package main

import (
	"fmt"
	"strconv"
	"strings"
)

// dialogue is one trial: requests over one connection, byte for byte, and what the upstream answers to each, byte for byte.
type dialogue struct {
	name      string
	requests  []string
	answer    string
	pipelined bool // all are sent before an answer is read
}

// plain is the upstream's answer where a trial is not about answers.
const plain = "HTTP/1.1 200 OK\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nServer: origin\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nupstream"

// request writes a request with a body of a declared length; a body of "-" is no body at all.
func request(method, path, body string, headers ...string) string {
	if body != "-" {
		headers = append(headers, "Content-Length: "+strconv.Itoa(len(body)))
	} else {
		body = ""
	}
	return raw("1.1", method, path, body, headers...)
}

func raw(version, method, path, body string, headers ...string) string {
	if !strings.HasPrefix(path, "http://") {
		path = plainPath + path
	}
	head := method + " " + path + " HTTP/" + version + "\r\nHost: shop.test\r\n"
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + "\r\n" + body
}

func get(path string, headers ...string) string { return request("GET", path, "-", headers...) }

// inChunks writes a body in chunks of a size, with trailers.
func inChunks(body string, size int, trailers ...string) string {
	var b strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	b.WriteString("0\r\n")
	for _, t := range trailers {
		b.WriteString(t + "\r\n")
	}
	return b.String() + "\r\n"
}

// answerOf writes an answer with a body of a declared length; a body of "-" is no body at all.
func answerOf(status, body string, headers ...string) string {
	head := "HTTP/1.1 " + status + "\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nServer: origin\r\n"
	if body != "-" {
		headers = append(headers, "Content-Length: "+strconv.Itoa(len(body)))
	} else {
		body = ""
	}
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + "\r\n" + body
}

const (
	typed = "Content-Type: text/plain"
	form  = "Content-Type: application/x-www-form-urlencoded"
)

// dialogues are the ordinary things that go through a proxy.
func dialogues() (all []*dialogue) {
	one := func(name, answer string, requests ...string) {
		all = append(all, &dialogue{name: name, requests: requests, answer: answer})
	}
	asked := func(name, request string) { one(name, plain, request) }
	answered := func(name, answer string) { one("answer: "+name, answer, get("/x")) }
	bytes := func(n int) string { return strings.Repeat("0123456789abcdef", n/16+1)[:n] }

	// Methods.
	for _, m := range []string{"GET", "DELETE", "OPTIONS", "PROPFIND", "PURGE"} {
		asked("method "+m, request(m, "/x", "-"))
	}
	one("method HEAD", answerOf("200 OK", "-", typed, "Content-Length: 8"), request("HEAD", "/x", "-"))
	one("method HEAD, chunked", answerOf("200 OK", "-", typed, "Transfer-Encoding: chunked"), request("HEAD", "/x", "-"))
	one("method HEAD, no length", answerOf("200 OK", "-", typed), request("HEAD", "/x", "-"))
	for _, m := range []string{"POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "REPORT"} {
		asked("body with "+m, request(m, "/x", `{"seats":[1,2]}`, "Content-Type: application/json"))
	}
	asked("POST without a body", request("POST", "/x", "-"))

	// Bodies of requests.
	for _, n := range []int{0, 1, 100, 4096, 16 << 10, 64 << 10, 300_000, 1_000_000} {
		asked(fmt.Sprintf("body of %d", n), request("POST", "/x", bytes(n), typed))
		asked(fmt.Sprintf("chunked body of %d", n), raw("1.1", "POST", "/x", inChunks(bytes(n), 8192), typed, "Transfer-Encoding: chunked"))
	}
	asked("many small chunks", raw("1.1", "PUT", "/x", inChunks(bytes(3000), 7), typed, "Transfer-Encoding: chunked"))
	asked("one large chunk", raw("1.1", "PUT", "/x", inChunks(bytes(200_000), 200_000), typed, "Transfer-Encoding: chunked"))
	asked("chunk extension", raw("1.1", "POST", "/x", "5;a=b\r\nhello\r\n0\r\n\r\n", typed, "Transfer-Encoding: chunked"))
	asked("trailers of a request", raw("1.1", "POST", "/x", inChunks("hello", 5, "Digest: abc"), typed, "Transfer-Encoding: chunked", "Trailer: Digest"))
	asked("body of all bytes", request("POST", "/x", allBytes(), "Content-Type: application/octet-stream"))
	asked("form", request("POST", "/x", "a=1&b=%EC%95%88&a=2", form))
	asked("multipart", request("POST", "/x", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nfile\r\n--b--\r\n", "Content-Type: multipart/form-data; boundary=b"))
	asked("compressed body", request("POST", "/x", "\x1f\x8b\x08\x00not really", "Content-Encoding: gzip", typed))
	asked("expect with a length", request("POST", "/x", bytes(5000), typed, "Expect: 100-continue"))
	asked("expect with chunks", raw("1.1", "POST", "/x", inChunks("hello", 5), typed, "Expect: 100-continue", "Transfer-Encoding: chunked"))

	// Headers of requests.
	for _, h := range []string{
		"Accept: application/json", "Accept: text/html, */*;q=0.5", "Accept-Encoding: gzip, br", "Accept-Language: ko, en;q=0.5", "User-Agent: browser/1.0",
		"Referer: https://shop.test/x?y", "Origin: https://shop.test", "Authorization: Bearer abc.def", "Authorization: Basic YTpi", "Cookie: a=1; b=2", "Cookie: a",
		`Cookie: a="quoted; b=2`, "Range: bytes=0-4", "Range: bytes=-5", "If-Modified-Since: Mon, 05 Jan 2026 10:00:00 GMT", `If-None-Match: "a", W/"b"`, `If-Match: *`, `If-Range: "a"`,
		"If-Unmodified-Since: Mon, 05 Jan 2026 10:00:00 GMT", "Cache-Control: no-cache", "Pragma: no-cache", "Via: 1.1 elsewhere", "Max-Forwards: 3", "DNT: 1",
		"Sec-Fetch-Mode: cors", "X-Empty:", "X-Space:    around   ", "X-Tab: a\tb", "X-Unicode: 안녕", "x-lower: a", "X-UPPER: A", "X_Underscore: a", "X-Long: " + bytes(7000),
		"Connection: close", "Connection: keep-alive", "Connection: X-Hop\r\nX-Hop: 1", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "TE: trailers", "TE: gzip",
		"Upgrade: h2c\r\nConnection: Upgrade", "Proxy-Authorization: Basic YTpi", "Content-Type: text/plain", "Idempotency-Key: 0123456789abcdef", "Accept: text/event-stream",
		"X-Twice: 1\r\nX-Other: 2\r\nX-Twice: 3", "Cookie: a=1\r\nCookie: b=2", "Accept: text/html\r\nAccept: text/plain", "X-Quote: \"a\\\"b\"", "X-Colon: a: b: c",
		"User-Agent:", "From: a@b.test", "Forwarded: for=9.9.9.9", "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Host: elsewhere.test", "X-Forwarded-Proto: https", "X-Real-IP: 9.9.9.9",
		"X-Request-Id: mine", "X-Original-URL: /secret", "Waitroom-Pass: forged",
	} {
		asked("header "+brief(strings.ReplaceAll(h, "\r\n", " / ")), get("/x", h))
	}
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("X-Many-%d: %d", i, i)
	}
	asked("sixty headers", get("/x", many...))

	// Paths and queries.
	for _, p := range []string{
		"/", "", "/x/", "/x?", "/x?a", "/x?a=", "/x?=", "/x?a=b&a=c", "/x?a=%20+%2B", "/x?a=b?c/d", "/x?a[]=1&a[]=2", `/x?a="b"`, "/x?q=%EC%95%88", "/x?q=안녕", "/x?a=b;c=d", "/x?%61=%62",
		"/x?a=%", "/x?a=%zz", "/x?http://a.test/", "/x?a=../../b", "/a%20b", "/a+b", "/~a", "/a-b_c.d", "/a!b", "/a$b", "/a&b", "/a'b", "/a(b)", "/a*b", "/a,b", "/a:b", "/a=b", "/a@b", "/a|b", "/a^b",
		"/%EC%95%88%EB%85%95", "/%ec%95%88", "/안녕", "/%41bc", "/a%3Fb", "/a%23b", "/a%22b", "/x//y", "/x/./y", "/x/../y", "/x/%2e%2e/y", "/a%2Fb", "/a;b=c", "/a%25b", "/index.html", "/x?" + bytes(3000), "/" + bytes(3000),
		"http://shop.test/api/v1/d/absolute?a=b",
	} {
		asked("target "+brief(p), get(p))
	}

	// Answers.
	for _, s := range []string{
		"200 OK", "200 Fine", "201 Created", "202 Accepted", "203 Non-Authoritative Information", "207 Multi-Status", "226 IM Used", "299 Own", "300 Multiple Choices", "400 Bad Request", "402 Payment Required",
		"403 Forbidden", "404 Not Found", "405 Method Not Allowed", "406 Not Acceptable", "409 Conflict", "410 Gone", "412 Precondition Failed", "413 Content Too Large", "415 Unsupported Media Type",
		"418 I'm a teapot", "421 Misdirected Request", "422 Unprocessable Content", "428 Precondition Required", "429 Too Many Requests", "431 Request Header Fields Too Large", "451 Unavailable For Legal Reasons",
		"499 Own", "500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "599 Own",
	} {
		answered(s, answerOf(s, "content", typed))
	}
	for _, s := range []string{"301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"} {
		answered(s, answerOf(s, "", "Location: /elsewhere?a=b"))
	}
	answered("Location of another host", answerOf("302 Found", "", "Location: https://pay.test/x"))
	answered("204", answerOf("204 No Content", "-"))
	answered("204 with headers", answerOf("204 No Content", "-", `ETag: "a"`, "X-Own: 1"))
	answered("205", answerOf("205 Reset Content", ""))
	answered("304", answerOf("304 Not Modified", "-", `ETag: "a"`))
	answered("304 with a length", answerOf("304 Not Modified", "-", `ETag: "a"`, "Content-Length: 1234"))
	answered("206", answerOf("206 Partial Content", "01234", typed, "Content-Range: bytes 0-4/100", "Accept-Ranges: bytes"))
	answered("206 in parts", answerOf("206 Partial Content", "--b\r\nContent-Range: bytes 0-0/9\r\n\r\n0\r\n--b--\r\n", "Content-Type: multipart/byteranges; boundary=b"))
	answered("416", answerOf("416 Range Not Satisfiable", "", "Content-Range: bytes */100"))
	answered("401", answerOf("401 Unauthorized", "", "WWW-Authenticate: Basic realm=\"x\""))
	answered("no reason", answerOf("200 ", "content", typed))
	answered("103 first", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"+plain)
	answered("100 first", "HTTP/1.1 100 Continue\r\n\r\n"+plain)
	for _, n := range []int{0, 1, 130, 4096, 65_536, 1_000_000} {
		answered(fmt.Sprintf("body of %d", n), answerOf("200 OK", bytes(n), typed))
		answered(fmt.Sprintf("chunked body of %d", n), answerOf("200 OK", "-", typed, "Transfer-Encoding: chunked")+inChunks(bytes(n), 5000))
	}
	answered("trailers", answerOf("200 OK", "-", typed, "Transfer-Encoding: chunked", "Trailer: Digest")+inChunks("hello", 5, "Digest: abc"))
	answered("body to the end of the connection", endsConnection+answerOf("200 OK", "-", typed)+"to the end")
	answered("HTTP/1.0", endsConnection+"HTTP/1.0 200 OK\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nServer: origin\r\nContent-Type: text/plain\r\n\r\nold")
	answered("hangs up after", endsConnection+answerOf("200 OK", "content", typed, "Connection: close"))
	answered("breaks off", endsConnection+"HTTP/1.1 200 OK\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\nServer: origin\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nonly this")
	answered("breaks off a chunk", endsConnection+answerOf("200 OK", "-", typed, "Transfer-Encoding: chunked")+"64\r\nonly this")
	answered("says nothing", endsConnection)
	answered("is no HTTP", endsConnection+"hello\r\n\r\n")
	for _, h := range []string{
		"Set-Cookie: a=1; Path=/; HttpOnly", "Set-Cookie: a=1\r\nSet-Cookie: b=2; Secure\r\nSet-Cookie: a=3", "Cache-Control: no-store", "Cache-Control: public\r\nCache-Control: max-age=3", "Vary: Accept, Cookie",
		"Expires: Mon, 05 Jan 2026 11:00:00 GMT", "Last-Modified: Mon, 05 Jan 2026 09:00:00 GMT", `ETag: W/"abc"`, "Content-Encoding: gzip", "Content-Language: ko", "Content-Disposition: attachment; filename*=UTF-8''%EC%95%88",
		"Link: </a>; rel=next\r\nLink: </b>; rel=prev", "Content-Security-Policy: default-src 'none'", "Strict-Transport-Security: max-age=3", "X-Own: 1\r\nX-Other: 2\r\nX-Own: 3", "X-Empty:", "X-Unicode: 안녕", "Age: 3", "Pragma: no-cache",
		"Retry-After: 120", "Allow: GET, HEAD", "Access-Control-Allow-Origin: *", "Via: 1.1 behind", "Connection: X-Hop\r\nX-Hop: 1", "Keep-Alive: timeout=5", "Upgrade: h2c", "X-Long: " + bytes(4000), "X-Request-Id: its",
		"Content-Type: text/html; charset=utf-8", "Waitroom-Command: none", "Alt-Svc: h3=\":443\"", "x-lower: a", "WARNING: 199 - \"x\"", "Proxy-Authenticate: Basic",
	} {
		answered("header "+brief(strings.ReplaceAll(h, "\r\n", " / ")), answerOf("200 OK", "content", h))
	}
	answered("no type", answerOf("200 OK", "content"))
	answered("neither date nor server", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

	// Connections.
	one("three over one connection", plain, get("/1"), get("/2"), get("/3"))
	one("a body, then another", plain, request("POST", "/1", bytes(5000), typed), get("/2"))
	one("chunks, then another", plain, raw("1.1", "POST", "/1", inChunks(bytes(5000), 100), typed, "Transfer-Encoding: chunked"), request("POST", "/2", "x", typed))
	one("204, then another", answerOf("204 No Content", "-"), get("/1"), get("/2"))
	one("304, then another", answerOf("304 Not Modified", "-"), get("/1"), get("/2"))
	one("HEAD, then another", answerOf("200 OK", "-", typed, "Content-Length: 0"), request("HEAD", "/1", "-"), request("HEAD", "/2", "-"))
	one("expect, then another", plain, request("POST", "/1", "hello", typed, "Expect: 100-continue"), get("/2"))
	one("two, the second closes", plain, get("/1"), get("/2", "Connection: close"))
	asked("HTTP/1.0", raw("1.0", "GET", "/x", ""))
	one("HTTP/1.0 that keeps the connection", plain, raw("1.0", "GET", "/1", "", "Connection: keep-alive"), raw("1.0", "GET", "/2", "", "Connection: keep-alive"))
	asked("HTTP/1.0 with a body", raw("1.0", "POST", "/x", "hello", typed, "Content-Length: 5"))
	one("HTTP/1.0 and a chunked answer", answerOf("200 OK", "-", typed, "Transfer-Encoding: chunked")+inChunks("hello", 2), raw("1.0", "GET", "/x", ""))
	for i, requests := range [][]string{
		{get("/1"), get("/2"), get("/3")}, {request("POST", "/1", "hello", typed), get("/2")},
		{raw("1.1", "POST", "/1", inChunks("hello", 2), typed, "Transfer-Encoding: chunked"), get("/2"), get("/3", "Connection: close")},
	} {
		all = append(all, &dialogue{name: fmt.Sprintf("pipelined %d", i+1), requests: requests, answer: plain, pipelined: true})
	}
	return all
}

func allBytes() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}
