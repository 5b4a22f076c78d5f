package main

// declared are the differences that we mean to have. docs/proxy.md lists the same, with what follows from them.
var declared = []difference{
	// What concerns one connection only is not handed on (RFC 9110, 7.6.1); nginx knows fewer of these.
	{"header (Connection: X-Hop|Proxy-Connection|Proxy-Authorization|TE).*", `request header (x-hop|proxy-connection|proxy-authorization|te): \[\] \| .*`, "of one connection only, or named by Connection"},
	{"answer: header (Connection: X-Hop|Upgrade|Proxy-Authenticate|Keep-Alive).*", `answer header (x-hop|upgrade|proxy-authenticate|keep-alive): \[\] \| .*`, "of one connection only, or named by Connection"},
	{"trailers of a request", `request header trailer: \[\] \| .*`, "neither of the two hands trailers on, so ours does not announce them"},
	{"answer: trailers", `answer header trailer: \[\] \| .*`, "neither of the two hands trailers on, so ours does not announce them"},

	// The path that is decided on is the path that is forwarded, in one spelling.
	{`target /(x//y|x/\./y|x/\.\./y|x/%2e%2e/y)`, `request start: GET /api/v1/d/(x/)?y HTTP/1.1 \| .*`, "empty and dot segments are resolved before a path is judged"},
	{"target /(%41bc|%ec%95%88|안녕)", `request start: .* \| .*`, "a path is decoded once and quoted again"},
	{`target /(a!b|a'b|a\(b\)|a\*b|a\|b|a\^b)`, `request start: .*/a%.* HTTP/1.1 \| .*/a[^%]* HTTP/1.1`, "a path is decoded once and quoted again, these characters too"},
	{`target /x\?`, `request start: GET /api/v1/d/x HTTP/1.1 \| GET /api/v1/d/x\? HTTP/1.1`, "an empty query is none"},
	{"target /(a%2Fb|a;b=c|a%25b)", `(request count: 0 \| 1|answer (start: HTTP/1.1 400 Bad Request|body|header (content-type|content-length|cache-control|server)).*)`,
		"what one server takes for a separator and another for a character, or is quoted twice, is refused: two readers could take it for two paths"},

	// Bodies.
	{"(chunked body of .*|many small chunks|chunk extension|trailers of a request|expect with chunks|.*chunks, then another|pipelined 3)",
		`request (framing: chunked \| length|header (content-length: \[\] \| .*|transfer-encoding: .* \| \[\]))`, "a body sent in chunks goes on in chunks; nginx gives a length to those it has read whole"},
	{"POST without a body", `request (framing: length \| none|header content-length: \["0"\] \| \[\])`, "a method that usually has a body says that there is none (RFC 9110, 8.6)"},

	// Answers.
	{"answer: no reason", `answer start: HTTP/1.1 200 OK \| HTTP/1.1 200 `, "a status without words gets the usual ones"},
	{"answer: (100|103) first", `answer (interim:  \| .*|header (date|x-request-id): .*)`, "interim answers are not handed on, for the gateway itself answers Expect; nginx takes the first for the whole answer"},
	{"answer: neither date nor server", `answer header server: \["waitroom"\] \| \[\]`, "an answer that names no server gets our name"},
	{"answer: header Waitroom-Command.*", `answer header waitroom-command: \[\] \| .*`, "it is said to the gateway"},
	{"answer: says nothing", `answer (body|header (content-type|server|cache-control|content-length)).*`, "errors are problem documents"},
	{"answer: is no HTTP", `answer .*`, "what is no HTTP is answered with 502; nginx hands it on as HTTP/0.9"},
	{"answer: breaks off", `answer (start: HTTP/1.1 502 Bad Gateway \| .*|body: .*|end:  \| .*|header (content-type|content-length|cache-control|server|date|x-request-id): .*)`,
		"a short answer that breaks off before its length (8 KiB at most) is not begun: the visitor gets 502, `upstream-failed`, so that nobody takes a part for the whole"},
}
