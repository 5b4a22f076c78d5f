package testenv

import "strings"

// Ambiguous is a request that two readers could take for different ones, as it comes on the wire, and the status it is to be refused with.
// What is sent behind it is a request of its own to one of the two, and a part of this one to the other: so requests are smuggled.
type Ambiguous struct {
	Raw    string
	Status int
}

// AmbiguousRequests are requests to /x of shop.test that can be read in more than one way, by what is ambiguous in them.
var AmbiguousRequests = map[string]Ambiguous{
	"length and chunks":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"chunks and length":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
	"a GET with both":               {"GET /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400},
	"two lengths":                   {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400},
	"the same length twice":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
	"a list of lengths":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5, 5\r\n\r\nhello", 400},
	"a length with a plus":          {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: +5\r\n\r\nhello", 400},
	"a length with a minus":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: -5\r\n\r\nhello", 400},
	"a hexadecimal length":          {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0x5\r\n\r\nhello", 400},
	"a length and more":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5 6\r\n\r\nhello", 400},
	"a length without digits":       {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length:\r\n\r\n", 400},
	"a length beyond all bounds":    {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
	"a length with an underscore":   {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent_Length: 5\r\n\r\nhello", 400},
	"chunks with an underscore":     {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"space before the colon":        {"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length : 5\r\n\r\nhello", 400},
	"a tab before the colon":        {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400},
	"identity":                      {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: identity\r\n\r\n", 400},
	"identity and a length":         {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", 400},
	"compressed chunks":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
	"chunks named twice":            {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
	"two encodings":                 {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
	"an encoding nobody knows":      {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
	"a quoted encoding":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
	"an encoding with a tab inside": {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunk\ted\r\n\r\n0\r\n\r\n", 400},
	"chunks of HTTP/1.0":            {"POST /x HTTP/1.0\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	"a folded line":                 {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n b\r\n\r\n", 400},
	"a line folded with a tab":      {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n\tb\r\n\r\n", 400},
	"a folded encoding":             {"POST /x HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
	"a folded first line":           {"GET /x HTTP/1.1\r\n Host: shop.test\r\nHost: shop.test\r\n\r\n", 400},
	"bare line feeds":               {"GET /x HTTP/1.1\nHost: shop.test\nX: y\n\n", 400},
	"one bare line feed":            {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\nTransfer-Encoding: chunked\r\n\r\n", 400},
	"a bare line feed at the end":   {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\r\n\n", 400},
	"a carriage return in a value":  {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\rX-B: b\r\n\r\n", 400},
	"a null byte in a value":        {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: a\x00b\r\n\r\n", 400},
	"a null byte in a name":         {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX\x00A: a\r\n\r\n", 400},
	"a space in a name":             {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX A: a\r\n\r\n", 400},
	"a line without a colon":        {"GET /x HTTP/1.1\r\nHost: shop.test\r\nhello\r\n\r\n", 400},
	"no name":                       {"GET /x HTTP/1.1\r\nHost: shop.test\r\n: a\r\n\r\n", 400},
	"no host":                       {"GET /x HTTP/1.1\r\nX-A: a\r\n\r\n", 400},
	"an empty host":                 {"GET /x HTTP/1.1\r\nHost:\r\n\r\n", 400},
	"two hosts":                     {"GET /x HTTP/1.1\r\nHost: shop.test\r\nHost: other.test\r\n\r\n", 400},
	"a host with a path":            {"GET /x HTTP/1.1\r\nHost: shop.test/y\r\n\r\n", 400},
	"a host with a user":            {"GET /x HTTP/1.1\r\nHost: me@shop.test\r\n\r\n", 400},
	"a host with a space":           {"GET /x HTTP/1.1\r\nHost: shop.test other.test\r\n\r\n", 400},
	"a list of hosts":               {"GET /x HTTP/1.1\r\nHost: shop.test,other.test\r\n\r\n", 400},
	"a port that is none":           {"GET /x HTTP/1.1\r\nHost: shop.test:http\r\n\r\n", 400},
	"an address without its end":    {"GET /x HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
	"another host in the line":      {"GET http://other.test/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"another port in the line":      {"GET http://shop.test:81/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a user in the line":            {"GET http://me@other.test/x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a target without a slash":      {"GET x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"two spaces in the line":        {"GET  /x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a space in the target":         {"GET /x /y HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a space behind the version":    {"GET /x HTTP/1.1 \r\nHost: shop.test\r\n\r\n", 400},
	"a null byte in the target":     {"GET /x\x00y HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"a method that is none":         {"GE(T /x HTTP/1.1\r\nHost: shop.test\r\n\r\n", 400},
	"another version":               {"GET /x HTTP/1.2\r\nHost: shop.test\r\n\r\n", 400},
	"a version to come":             {"GET /x HTTP/3.0\r\nHost: shop.test\r\n\r\n", 400},
	"no version":                    {"GET /x\r\nHost: shop.test\r\n\r\n", 400},
	"a long line":                   {"GET /x HTTP/1.1\r\nHost: shop.test\r\nX-A: " + strings.Repeat("a", 20<<10) + "\r\n\r\n", 431},
	"a long target":                 {"GET /" + strings.Repeat("x", 20<<10) + " HTTP/1.1\r\nHost: shop.test\r\n\r\n", 431},
	"many lines":                    {"GET /x HTTP/1.1\r\nHost: shop.test\r\n" + strings.Repeat("X-A: aaaaaaaaaaaaaaaaaaaa\r\n", 1000) + "\r\n", 431},
}

// BadChunks are bodies of requests sent in chunks that turn out to be none when they are read, by what is wrong with them.
var BadChunks = map[string]string{
	"a size that is none":         "x\r\nhello\r\n0\r\n\r\n",
	"a size with a sign":          "+5\r\nhello\r\n0\r\n\r\n",
	"a size with 0x":              "0x5\r\nhello\r\n0\r\n\r\n",
	"a size with a space before":  " 5\r\nhello\r\n0\r\n\r\n",
	"a size beyond all bounds":    "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
	"no size":                     "\r\nhello\r\n0\r\n\r\n",
	"a size that ends bare":       "5\nhello\r\n0\r\n\r\n",
	"an extension that ends bare": "5;a\nb\r\nhello\r\n0\r\n\r\n",
	"a chunk that is longer":      "5\r\nhelloX\r\n0\r\n\r\n",
	"a chunk that ends bare":      "5\r\nhello\n0\r\n\r\n",
	"a trailer that is none":      "5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
	"a trailer that frames":       "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
}
