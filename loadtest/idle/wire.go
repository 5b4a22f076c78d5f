package idle

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// patience bounds everything that is asked.
const patience = 30 * time.Second

// asker sends requests and reads answers, on any connection. A general client would cost the cores that the gateway needs, and hold
// buffers for each connection. For one goroutine.
type asker struct {
	host   string
	tls    *tls.Config // nil: none
	in     *bufio.Reader
	out    []byte
	answer fasthttp.Response
}

func newAsker(host string, secure *tls.Config) *asker {
	return &asker{host: host, tls: secure, in: bufio.NewReaderSize(nil, 8<<10)}
}

// dial opens a connection from the n-th address of the loopback.
func (a *asker) dial(ctx context.Context, n int) (net.Conn, error) {
	d := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n))}} //nolint:gosec // A handful.
	conn, err := d.DialContext(ctx, "tcp4", a.host)
	if err != nil || a.tls == nil {
		return conn, err
	}
	secure := tls.Client(conn, a.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}

// ask sends a request without a body and reads the answer.
func (a *asker) ask(conn net.Conn, method, path, header, value string) (status int, body []byte, err error) {
	a.out = fmt.Appendf(a.out[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n", method, path, a.host)
	if header != "" {
		a.out = fmt.Appendf(a.out, "%s: %s\r\n", header, value)
	}
	if method == "POST" {
		a.out = append(a.out, "Content-Length: 0\r\n"...)
	}
	a.out = append(a.out, "\r\n"...)
	if err = conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err = conn.Write(a.out); err != nil {
		return 0, nil, err
	}
	a.in.Reset(conn)
	if err = a.answer.Read(a.in); err != nil {
		return 0, nil, err
	}
	return a.answer.StatusCode(), a.answer.Body(), nil
}

// place is what a join gives.
type place struct {
	State  string `json:"state"`
	Ticket string `json:"ticket"`
	Pass   string `json:"pass"`
}

func (a *asker) join(conn net.Conn) (p place, err error) {
	status, body, err := a.ask(conn, "POST", "/waitroom/v1/"+room+"/join", "", "")
	if err != nil {
		return p, err
	}
	if status != fasthttp.StatusCreated {
		return p, fmt.Errorf("join: status %d: %.300s", status, body)
	}
	return p, json.Unmarshal(body, &p)
}

// poll asks for a place.
func (a *asker) poll(conn net.Conn, ticket string) error {
	cookie := "wr_" + room
	if a.tls != nil {
		cookie = "__Host-" + cookie
	}
	status, body, err := a.ask(conn, "GET", "/waitroom/v1/"+room+"/status", "Cookie", cookie+"="+ticket)
	if err == nil && status != fasthttp.StatusOK {
		err = fmt.Errorf("poll: status %d: %.300s", status, body)
	}
	return err
}

// shop makes an admitted request.
func (a *asker) shop(conn net.Conn, pass string) error {
	status, body, err := a.ask(conn, "GET", "/api/v1/shows/"+room+"/seats", "Waitroom-Pass", pass)
	if err == nil && status != fasthttp.StatusOK {
		err = fmt.Errorf("admitted request: status %d: %.300s", status, body)
	}
	return err
}
