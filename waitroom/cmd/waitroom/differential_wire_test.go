package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// message is an HTTP/1 message as it was on the wire, read by rules of its own so that neither proxy's parser is the judge.
type message struct {
	start    string              // the first line
	header   map[string][]string // by lower-case name, in order
	framing  string              // none, length, chunked or close
	body     string
	trailers map[string][]string
	interim  []string // the first lines of the 1xx answers before it
	fault    string   // why it could not be read to its end
}

// readMessage reads one message. An answer to HEAD, and one of a status that has none, has no body whatever its head says; an answer without
// framing lasts to the end of the connection.
func readMessage(r *bufio.Reader, answer, head bool) (m message) {
	m.start, m.header, m.fault = readHead(r)
	if m.fault != "" {
		return m
	}
	if answer {
		if fields := strings.Fields(m.start); len(fields) < 2 {
			m.fault = "no status"
			return m
		} else if status := fields[1]; status[0] == '1' && status != "101" {
			next := readMessage(r, answer, head)
			next.interim = append([]string{m.start}, next.interim...)
			return next
		} else if status == "204" || status == "304" {
			head = true
		}
	}
	length, chunked := m.header["content-length"], strings.EqualFold(strings.Join(m.header["transfer-encoding"], ","), "chunked")
	switch {
	case head:
		m.framing = "none"
		if chunked {
			m.framing = "chunked"
		} else if len(length) > 0 {
			m.framing = "length"
		}
	case chunked:
		m.framing = "chunked"
		m.readChunks(r)
	case len(length) > 0:
		m.framing = "length"
		n, err := strconv.Atoi(length[0])
		if err != nil {
			m.fault = err.Error()
			return m
		}
		body := make([]byte, n)
		n, err = io.ReadFull(r, body)
		m.body, m.fault = string(body[:n]), why(err)
	case answer:
		m.framing = "close"
		body, err := io.ReadAll(r)
		m.body, m.fault = string(body), why(err)
	default:
		m.framing = "none"
	}
	return m
}

func (m *message) readChunks(r *bufio.Reader) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			m.fault = why(err)
			return
		}
		size, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ";")
		n, err := strconv.ParseInt(strings.TrimSpace(size), 16, 32)
		if err != nil {
			m.fault = "chunk " + line
			return
		}
		if n == 0 {
			_, m.trailers, m.fault = readFields(r)
			return
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(r, chunk); err != nil {
			m.fault = why(err)
			return
		}
		m.body += string(chunk[:n])
	}
}

func readHead(r *bufio.Reader) (start string, header map[string][]string, fault string) {
	start, err := r.ReadString('\n')
	if err != nil {
		return "", nil, why(err)
	}
	_, header, fault = readFields(r)
	return strings.TrimRight(start, "\r\n"), header, fault
}

func readFields(r *bufio.Reader) (n int, fields map[string][]string, fault string) {
	fields = map[string][]string{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return n, fields, why(err)
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return n, fields, ""
		}
		name, value, _ := strings.Cut(line, ":")
		name = strings.ToLower(name)
		fields[name] = append(fields[name], textproto.TrimString(value))
		n++
	}
}

// why is an error in words that are the same for both sides: of the network's, nothing but that it was one.
func why(err error) string {
	if err == nil {
		return ""
	}
	return "the connection ended"
}

// origin is an upstream that records what reaches it, byte for byte, and answers with what it is told to, byte for byte.
type origin struct {
	addr string

	mu     sync.Mutex
	seen   []message
	answer string
}

func newOrigin(t *testing.T) *origin {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o := &origin{addr: l.Addr().String()}
	var open sync.Map
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Store(conn, true)
			running.Go(func() { o.serve(conn); open.Delete(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Range(func(conn, _ any) bool { _ = conn.(net.Conn).Close(); return true })
		running.Wait()
	})
	return o
}

func (o *origin) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		m := readMessage(r, false, false)
		if m.start == "" || m.fault != "" {
			return // a request that was broken off in the middle did not reach us
		}
		o.mu.Lock()
		o.seen = append(o.seen, m)
		answer := o.answer
		o.mu.Unlock()
		ends := strings.HasPrefix(answer, endsConnection)
		if _, err := io.WriteString(conn, strings.TrimPrefix(answer, endsConnection)); err != nil || ends {
			return
		}
	}
}

// endsConnection marks an answer after which the origin hangs up.
const endsConnection = "\x00"

func (o *origin) begin(answer string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen, o.answer = nil, answer
}

func (o *origin) recorded() []message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen)
}

// converse sends raw requests over one connection and returns the answers, as many as there should be or until one cannot be read.
func converse(t *testing.T, addr string, d *dialogue) (answers []message) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, deadline)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(deadline)))
	r := bufio.NewReader(conn)
	read := func(request string) bool {
		m := readMessage(r, true, strings.HasPrefix(request, "HEAD "))
		answers = append(answers, m)
		return m.fault == ""
	}
	if d.pipelined {
		_, _ = io.WriteString(conn, strings.Join(d.requests, ""))
		for _, request := range d.requests {
			if !read(request) {
				break
			}
		}
		return answers
	}
	for _, request := range d.requests {
		head, body, _ := strings.Cut(request, "\r\n\r\n")
		if strings.Contains(strings.ToLower(head), "expect: 100-continue") {
			_, _ = io.WriteString(conn, head+"\r\n\r\n")
			if start, err := r.Peek(12); err != nil || string(start) != "HTTP/1.1 100" { // refused at once: the body is not sent
				read(request)
				break
			}
			request = body
		}
		_, _ = io.WriteString(conn, request) // a proxy may answer and close before it has read everything
		if !read(head) {
			break
		}
	}
	return answers
}

// differences says where two messages differ, each as "part: ours | theirs".
func differences(side string, ours, theirs message) (all []string) {
	add := func(part, a, b string) {
		if a != b {
			all = append(all, fmt.Sprintf("%s %s: %s | %s", side, part, brief(a), brief(b)))
		}
	}
	add("start", ours.start, theirs.start)
	add("framing", ours.framing, theirs.framing)
	add("body", ours.body, theirs.body)
	add("interim", strings.Join(ours.interim, ", "), strings.Join(theirs.interim, ", "))
	add("end", ours.fault, theirs.fault)
	for _, name := range names(ours.header, theirs.header) {
		add("header "+name, fmt.Sprintf("%q", ours.header[name]), fmt.Sprintf("%q", theirs.header[name]))
	}
	for _, name := range names(ours.trailers, theirs.trailers) {
		add("trailer "+name, fmt.Sprintf("%q", ours.trailers[name]), fmt.Sprintf("%q", theirs.trailers[name]))
	}
	return all
}
