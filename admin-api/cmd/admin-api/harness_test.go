package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/admin-api/postgres"
	"anteroom/internal/auth"
	"anteroom/internal/testenv"
)

const patience = 2 * time.Minute // to wait for what should come at once; a stall of the machine is no finding, for the service neither

// office is a back office run as serve runs it, on a schema of its own, before a gateway and a booking of the test's.
type office struct {
	t           *testing.T
	url, ops    string
	databaseURL string
	db          *pgx.Conn
	keys        *auth.Keys
	gateway     *otherService
	booking     *otherService
	stop        func()
}

// hash is one password hash for all tests; hashing is slow on purpose.
var hash = sync.OnceValue(func() string {
	h, err := auth.HashPassword(postgres.DemoPassword)
	if err != nil {
		panic(err)
	}
	return h
})

func newOffice(t *testing.T) *office {
	t.Helper()
	o := prepare(t)
	o.start(o.databaseURL)
	return o
}

// prepare makes the schema and its staff, and starts nothing.
func prepare(t *testing.T) *office {
	t.Helper()
	databaseURL := testenv.Postgres(t)
	_, err := postgres.Migrate(context.Background(), databaseURL)
	require.NoError(t, err)
	o := &office{t: t, databaseURL: databaseURL}
	o.db, err = pgx.Connect(context.Background(), databaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.db.Close(context.Background())) })
	for _, who := range postgres.DemoStaff {
		o.exec(`INSERT INTO staff (email, name, role, password_hash) VALUES ($1, $2, $3, $4)`, who.Email, who.Name, who.Role, hash())
	}
	return o
}

// start runs the service until the test ends or stop is called.
func (o *office) start(databaseURL string) {
	t := o.t
	path := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, keysCommand([]string{"init", "--keys-file", path}))
	var err error
	o.keys, err = auth.LoadKeys(path)
	require.NoError(t, err)
	o.gateway, o.booking = newOtherService(t, o.keys, "waitroom"), newOtherService(t, o.keys, "booking")

	ctx, cancel := context.WithCancel(context.Background())
	started, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- serve(ctx, settings{
			listen: "127.0.0.1:0", opsListen: "127.0.0.1:0", databaseURL: databaseURL, keysFile: path, callTimeout: patience,
			waitroomURL: o.gateway.URL, bookingURL: o.booking.URL, log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			started: func(public, private net.Addr) {
				o.url, o.ops = "http://"+public.String(), "http://"+private.String()
				close(started)
			},
		})
	}()
	select {
	case <-started:
	case err := <-ended:
		t.Fatal(err)
	}
	o.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	t.Cleanup(o.stop)
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	_, err := o.db.Exec(context.Background(), sql, args...)
	require.NoError(o.t, err)
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   string
	doc    map[string]any // nil when the body is no JSON object
}

// problem is the last part of the problem's type, empty when the answer is none.
func (a answer) problem() string {
	typ, _ := a.doc["type"].(string)
	if a.header.Get("Content-Type") != "application/problem+json" || len(typ) < len("urn:anteroom:problem:") {
		return ""
	}
	return typ[len("urn:anteroom:problem:"):]
}

// visitor is a browser: it keeps its session cookie.
type visitor struct {
	*office
	cookie *http.Cookie
	header http.Header // sent with every request
}

func (o *office) visitor() *visitor { return &visitor{office: o, header: http.Header{}} }

func (v *visitor) request(method, path string, body any) *http.Request {
	v.t.Helper()
	var send io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		send = bytes.NewBufferString(b)
	default:
		doc, err := json.Marshal(b)
		require.NoError(v.t, err)
		send = bytes.NewReader(doc)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, v.url+path, send)
	require.NoError(v.t, err)
	if send != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range v.header {
		req.Header[name] = values
	}
	if v.cookie != nil {
		req.AddCookie(v.cookie)
	}
	return req
}

func (v *visitor) do(method, path string, body any) answer {
	v.t.Helper()
	res, err := http.DefaultClient.Do(v.request(method, path, body))
	require.NoError(v.t, err)
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	require.NoError(v.t, err)
	for _, c := range res.Cookies() {
		v.cookie = c
	}
	a := answer{status: res.StatusCode, header: res.Header, body: string(read)}
	_ = json.Unmarshal(read, &a.doc) // stays nil for what is no object
	return a
}

func (v *visitor) signIn(email, password string) answer {
	v.t.Helper()
	return v.do("POST", "/admin/api/v1/session", map[string]string{"email": email, "password": password})
}

// as is a visitor who has signed in with the demo address of this name.
func (o *office) as(name string) *visitor {
	o.t.Helper()
	v := o.visitor()
	a := v.signIn(name+"@demo.test", postgres.DemoPassword)
	require.Equal(o.t, 200, a.status, a.body)
	return v
}

// entry is one line of the audit, newest first.
type entry struct {
	ID                                           int64
	Actor, Role, Action, Target, Outcome, Reason string
	Before, After                                map[string]any
}

func (o *office) audit(action string) []entry {
	o.t.Helper()
	rows, err := o.db.Query(context.Background(),
		`SELECT id, actor, role, action, target, outcome, reason, before, after FROM audit WHERE action = $1 ORDER BY id DESC`, action)
	require.NoError(o.t, err)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[entry])
	require.NoError(o.t, err)
	return entries
}

func (o *office) eventually(what string, done func() bool) {
	o.t.Helper()
	require.Eventually(o.t, done, patience, 20*time.Millisecond, what)
}
