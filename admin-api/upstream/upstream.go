// Package upstream asks the control interfaces of the waiting room and of booking, in the name of a member of staff.
package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

const maxAnswer = 4 << 20 // bytes; a page of 200 orders is some 100 KiB

// client asks one service. It retries nothing: a change that was sent twice may be made twice.
type client struct {
	base    string // such as http://127.0.0.1:9080, without a trailing slash
	name    string // in problem types and metrics: "gateway", "booking"
	called  string // as people call it
	http    *http.Client
	tokens  *tokens
	failure *metrics.Counter
}

func newClient(base, name, called, audience string, keys *auth.Keys, timeout time.Duration) *client {
	return &client{
		base: strings.TrimRight(base, "/"), name: name, called: called, tokens: newTokens(keys, audience),
		failure: metrics.GetOrCreateCounter(fmt.Sprintf(`admin_upstream_failures_total{upstream=%q}`, name)),
		http: &http.Client{
			Timeout: timeout,
			// The control interfaces never redirect; a redirect followed would carry the token elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport:     &http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute},
		},
	}
}

// ask sends a question and decodes the answer into answer. A problem of the service is returned as it is; whatever
// else is no proper answer becomes "<name>-unavailable".
func (c *client) ask(ctx context.Context, who auth.Staff, method, path string, question, answer any) error {
	status, body, err := c.exchange(ctx, who, method, path, question)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return c.problem(status, body)
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return c.unavailable(err, "The %s gave an answer that makes no sense.", c.called)
	}
	return nil
}

// exchange returns status and body. A body that is not JSON is returned as nil.
func (c *client) exchange(ctx context.Context, who auth.Staff, method, path string, question any) (int, []byte, error) {
	token, err := c.tokens.of(who)
	if err != nil {
		return 0, nil, err
	}
	var send io.Reader
	if question != nil {
		doc, err := json.Marshal(question)
		if err != nil {
			return 0, nil, fmt.Errorf("encode question: %w", err)
		}
		send = bytes.NewReader(doc)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, send)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %w", c.name, err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if question != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, c.unavailable(err, "The %s does not answer%s.", c.called, sent(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return 0, nil, c.unavailable(err, "The %s broke off its answer; what was asked for may be in force.", c.called)
	}
	if len(body) > maxAnswer || !isJSON(res.Header.Get("Content-Type")) {
		body = nil
	}
	return res.StatusCode, body, nil
}

// sent says whether the service can have acted on a question it did not answer.
func sent(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return ""
	}
	return " in time; what was asked for may be in force"
}

func isJSON(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	return mediaType == "application/json" || mediaType == "application/problem+json"
}

func (c *client) unavailable(cause error, format string, args ...any) error {
	c.failure.Inc()
	return fault.Wrap(cause, fault.Unavailable, c.name+"-unavailable", format, args...).After(time.Second)
}
