package listen

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const patience = 30 * time.Second

// v2 is a header of version 2.
func v2(command, family byte, block ...byte) string {
	head := append(bytes.Clone(signature), 0x20|command, family, byte(len(block)>>8), byte(len(block)))
	return string(append(head, block...))
}

var four = []byte{192, 0, 2, 1, 192, 0, 2, 2, 0x12, 0x34, 0, 80}

var six = append(append(netip.MustParseAddr("2001:db8::1").AsSlice(), netip.MustParseAddr("2001:db8::2").AsSlice()...), 0x12, 0x34, 0, 80)

func TestHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"PROXY TCP4 192.0.2.1 192.0.2.2 4660 80\r\n":       "192.0.2.1:4660",
		"PROXY TCP6 2001:db8::1 2001:db8::2 4660 80\r\n":   "[2001:db8::1]:4660",
		"PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 0 80\r\n": "192.0.2.1:0",
		"PROXY UNKNOWN\r\n":                                "own",
		"PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n":    "own",
		v2(1, 0x11, four...):                               "192.0.2.1:4660",
		v2(1, 0x21, six...):                                "[2001:db8::1]:4660",
		v2(1, 0x11, append(four, make([]byte, 900)...)...): "192.0.2.1:4660", // more is skipped
		v2(0, 0x00):                       "own",
		v2(0, 0x11, four...):              "own", // the proxy itself
		v2(1, 0x00):                       "own",
		v2(1, 0x31, make([]byte, 216)...): "own",
		"GET / HTTP/1.1\r\n":              "bad",
		"PROXY\r\n":                       "bad",
		"PROXY \r\n":                      "bad",
		"PROXY TCP4\r\n":                  "bad",
		"proxy TCP4 192.0.2.1 192.0.2.2 4660 80\r\n":             "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 4660\r\n":                "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 4660 80 1\r\n":           "bad",
		"PROXY TCP4  192.0.2.1 192.0.2.2 4660 80\r\n":            "bad",
		"PROXY TCP4 2001:db8::1 2001:db8::2 4660 80\r\n":         "bad",
		"PROXY TCP6 192.0.2.1 192.0.2.2 4660 80\r\n":             "bad",
		"PROXY TCP6 fe80::1%eth0 2001:db8::2 4660 80\r\n":        "bad",
		"PROXY UDP4 192.0.2.1 192.0.2.2 4660 80\r\n":             "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 65536 80\r\n":            "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 04660 80\r\n":            "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 -1 80\r\n":               "bad",
		"PROXY TCP4 192.0.2.300 192.0.2.2 4660 80\r\n":           "bad",
		"PROXY TCP4 192.0.2.1 192.0.2.2 4660 80\n" + "X\r\n":     "bad",
		"PROXY UNKNOWN " + strings.Repeat("x", 100) + "\r\n":     "bad",
		v2(1, 0x12, four...):                                     "bad", // UDP
		v2(2, 0x11, four...):                                     "bad", // no such command
		v2(1, 0x11, four[:8]...):                                 "bad", // too short
		v2(1, 0x21, four...):                                     "bad",
		v2(1, 0x11, make([]byte, maxAddresses+1)...):             "bad",
		strings.Replace(v2(1, 0x11, four...), "QUIT", "QUIX", 1): "bad",
		"\r\n\r\n\x00\r\nQUIT\n\x11\x11\x00\x0c" + string(four):  "bad", // version 1 in the form of 2
		"":                        "bad",
		"PROXY TCP4 192.0.2.1":    "bad",
		v2(1, 0x11, four...)[:20]: "bad",
		v2(1, 0x11, four...)[:5]:  "bad",
	} {
		r := bufio.NewReaderSize(strings.NewReader(header+"GET"), headerBuffer)
		addr, err := readHeader(r)
		if want == "bad" {
			assert.Error(t, err, "%q", header)
			continue
		}
		require.NoError(t, err, "%q", header)
		if want == "own" {
			assert.Nil(t, addr, "%q", header)
		} else {
			assert.Equal(t, want, addr.String(), "%q", header)
		}
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, "GET", string(rest), "exactly the header is read: %q", header)
	}
}

// FuzzHeader: what is read is an address or an error, and never more than the header may be long.
func FuzzHeader(f *testing.F) {
	f.Add("PROXY TCP4 192.0.2.1 192.0.2.2 4660 80\r\n")
	f.Add(v2(1, 0x21, six...))
	f.Fuzz(func(t *testing.T, text string) {
		r := bufio.NewReaderSize(strings.NewReader(text), headerBuffer)
		addr, err := readHeader(r)
		if err != nil {
			return
		}
		rest, _ := io.ReadAll(r)
		if used := len(text) - len(rest); used > 16+maxAddresses || used < 8 {
			t.Fatalf("%d bytes were read of %q", used, text)
		}
		if tcp, ok := addr.(*net.TCPAddr); addr != nil && (!ok || !tcp.AddrPort().Addr().IsValid()) {
			t.Fatalf("%q: %v", text, addr)
		}
	})
}

// answering is a listener that tells each connection who it is from, and what it said.
func answering(t *testing.T, trusted ...string) string {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var from Networks
	var list []netip.Prefix
	for _, one := range trusted {
		list = append(list, netip.MustParsePrefix(one))
	}
	from.Set(list)
	l := Proxied(inner, &from)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				line, err := bufio.NewReader(c).ReadString('\n')
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, c.RemoteAddr().(*net.TCPAddr).IP.String()+" "+line)
			}()
		}
	}()
	return inner.Addr().String()
}

func exchange(t *testing.T, addr string, pieces ...string) string {
	t.Helper()
	c, err := net.DialTimeout("tcp", addr, patience)
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	for _, piece := range pieces {
		_, err = io.WriteString(c, piece)
		require.NoError(t, err)
	}
	answer, _ := io.ReadAll(c) // a reset is an empty answer
	return string(answer)
}

func TestProxiedConnections(t *testing.T) {
	t.Parallel()
	believing, other := answering(t, "127.0.0.0/8"), answering(t, "192.0.2.0/24")
	header := "PROXY TCP4 203.0.113.9 192.0.2.2 4660 80\r\n"
	assert.Equal(t, "203.0.113.9 hello\n", exchange(t, believing, header+"hello\n"))
	assert.Equal(t, "203.0.113.9 hello\n", exchange(t, believing, header[:9], header[9:], "hel", "lo\n"), "in pieces")
	assert.Equal(t, "192.0.2.1 hello\n", exchange(t, believing, v2(1, 0x11, four...)+"hello\n"))
	assert.Equal(t, "127.0.0.1 hello\n", exchange(t, believing, v2(0, 0)+"hello\n"), "the proxy itself")
	assert.Empty(t, exchange(t, believing, "hello\n"), "who must say and does not gets nothing")
	assert.Equal(t, "127.0.0.1 "+strings.Replace(header, "\r", "\r", 1), exchange(t, other, header+"hello\n"), "of others it is not taken for a header")
	assert.Equal(t, "127.0.0.1 hello\n", exchange(t, other, "hello\n"))
}

// TestASlowHeaderHoldsUpNobody opens a connection that says nothing, and asks over another one.
func TestASlowHeaderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	addr := answering(t, "127.0.0.0/8")
	silent, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer silent.Close()
	assert.Equal(t, "192.0.2.1 hello\n", exchange(t, addr, v2(1, 0x11, four...)+"hello\n"))
}
