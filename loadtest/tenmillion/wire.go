package tenmillion

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// requestTimeout bounds one request.
const requestTimeout = 15 * time.Second

// wire is one kept connection to one gateway. A general client costs more than the gateway does; here it would take the cores that
// the gateways need. It is used by one goroutine.
type wire struct {
	address string
	dialer  net.Dialer
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	answer  fasthttp.Response
}

func newWire(gateway string) (*wire, error) {
	u, err := url.Parse(gateway)
	if err != nil || u.Host == "" || u.Scheme != "http" {
		return nil, fmt.Errorf("%q is not the address of a gateway", gateway)
	}
	return &wire{address: u.Host, dialer: net.Dialer{Timeout: requestTimeout}, in: bufio.NewReaderSize(nil, 4096)}, nil
}

// reply is what an answer says of the place.
type reply struct {
	Number     int64      `json:"number"`
	Epoch      int64      `json:"epoch"`
	State      string     `json:"state"`
	Ahead      int64      `json:"ahead"`
	Ticket     string     `json:"ticket"`
	AdmittedAt *time.Time `json:"admitted_at"`
	Type       string     `json:"type"` // of a problem
}

// ask sends one request without a body and reads the answer. Sent is not later than the first byte left, answered not earlier than the last
// one arrived. After an error the connection is made anew with the next request.
func (w *wire) ask(method, path string, ticket ...[]byte) (r reply, status int, sent, answered time.Time, err error) {
	defer func() {
		answered = time.Now()
		if err != nil {
			w.close()
		}
	}()
	if w.conn == nil {
		sent = time.Now()
		if w.conn, err = w.dialer.Dial("tcp", w.address); err != nil {
			return r, 0, sent, answered, err
		}
		w.in.Reset(w.conn)
	}
	w.out = append(append(append(append(append(w.out[:0], method...), ' '), path...), " HTTP/1.1\r\nAccept: application/json\r\nHost: "...), w.address...)
	if len(ticket) > 0 {
		w.out = append(w.out, "\r\nAuthorization: Bearer "...)
		for _, part := range ticket {
			w.out = append(w.out, part...)
		}
	}
	if method == "POST" {
		w.out = append(w.out, "\r\nContent-Length: 0"...)
	}
	w.out = append(w.out, "\r\n\r\n"...)
	sent = time.Now()
	if err = w.conn.SetDeadline(sent.Add(requestTimeout)); err != nil {
		return r, 0, sent, answered, err
	}
	if _, err = w.conn.Write(w.out); err != nil {
		return r, 0, sent, answered, err
	}
	if err = w.answer.Read(w.in); err != nil {
		return r, 0, sent, answered, err
	}
	answered = time.Now()
	status = w.answer.StatusCode()
	if w.answer.ConnectionClose() {
		w.close()
	}
	if json.Unmarshal(w.answer.Body(), &r) != nil {
		err = errors.New("the answer is not JSON")
	}
	r.Type = strings.TrimPrefix(r.Type, "urn:anteroom:problem:")
	return r, status, sent, answered, err
}

func (w *wire) close() {
	if w.conn != nil {
		_ = w.conn.Close() // nothing is under way
		w.conn = nil
	}
}
