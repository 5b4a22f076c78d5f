package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"anteroom/internal/auth"
)

// otherService speaks the control contracts of the waiting room and of booking, as much as the back office asks of them.
type otherService struct {
	*httptest.Server

	mu       sync.Mutex
	version  int64
	rate     int64
	changes  int
	change   map[string]any // the last one that came
	epoch    int64
	acts     []string     // what was done to the line, with the body
	refuses  string       // the problem that every act gets; empty for none
	orders   string       // the last query
	broken   bool         // cuts every connection
	onChange func()       // called before a change is answered; may be nil
	asked    []auth.Staff // who asked, in order

	afterRead func() // called, without the lock, between reading the room and answering; may be nil
}

func newOtherService(t *testing.T, keys *auth.Keys, audience string) *otherService {
	o := &otherService{version: 1, rate: 60, epoch: 1}
	verifier := auth.NewStaffVerifier(keys, audience)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer o.pause(r)
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.broken {
			panic(http.ErrAbortHandler)
		}
		who, err := verifier.Verify([]byte(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")), time.Now())
		if err != nil {
			problem(w, 401, "staff-token-invalid")
			return
		}
		o.asked = append(o.asked, who)
		o.answer(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

// pause calls afterRead once the room has been read and before the answer has left.
func (o *otherService) pause(r *http.Request) {
	o.mu.Lock()
	hook := o.afterRead
	o.mu.Unlock()
	if hook != nil && r.Method == http.MethodGet {
		hook()
	}
}

func (o *otherService) answer(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /control/v1/rooms":
		reply(w, 200, `{"rooms":[`+o.room()+`]}`)
	case "GET /control/v1/rooms/arena":
		reply(w, 200, o.room())
	case "PATCH /control/v1/rooms/arena":
		var change struct {
			Version *int64 `json:"version"`
			Rate    *int64 `json:"rate_per_minute"`
		}
		body, _ := io.ReadAll(r.Body)
		o.change = nil
		if json.Unmarshal(body, &change) != nil || json.Unmarshal(body, &o.change) != nil {
			problem(w, 400, "json-malformed")
			return
		}
		if o.onChange != nil {
			o.onChange()
		}
		switch {
		case change.Version != nil && *change.Version != o.version:
			problem(w, 409, "room-changed")
		case change.Rate != nil && *change.Rate < 1:
			problem(w, 422, "policy-invalid")
		default:
			o.version++
			o.changes++
			if change.Rate != nil {
				o.rate = *change.Rate
			}
			reply(w, 200, o.room())
		}
	case "POST /control/v1/rooms/arena/reset", "POST /control/v1/rooms/arena/end", "DELETE /control/v1/rooms/arena/end",
		"POST /control/v1/rooms/arena/draw/beacon", "DELETE /control/v1/rooms/arena/visitors/17":
		body, _ := io.ReadAll(r.Body)
		o.acts = append(o.acts, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/control/v1/rooms/arena")+" "+string(body))
		if o.onChange != nil {
			o.onChange()
		}
		if o.refuses != "" {
			problem(w, 409, o.refuses)
			return
		}
		o.changes++
		o.epoch++
		reply(w, 200, o.room())
	case "GET /control/v1/orders":
		o.orders = r.URL.RawQuery
		reply(w, 200, `{"orders":[{"id":"0192","reference":"AN-7K3M9Q"}],"next":"c2"}`)
	default:
		problem(w, 404, "room-unknown")
	}
}

func (o *otherService) room() string {
	return fmt.Sprintf(`{"room":"arena","version":%d,"policy":{"mode":"queue","rate_per_minute":%d},"live":{"epoch":%d,"phase":"queue","waiting":3}}`, o.version, o.rate, o.epoch)
}

// set changes the service under its lock.
func (o *otherService) set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

func (o *otherService) changed() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changes
}

func reply(w http.ResponseWriter, status int, doc string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(doc))
}

func problem(w http.ResponseWriter, status int, typ string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"type":"urn:anteroom:problem:%s","title":"x","status":%d,"detail":"No.","fields":[{"name":"x","message":"is wrong"}]}`, typ, status)
}
