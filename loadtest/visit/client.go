package visit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"
)

// client is a plain visitor outside the measured load: it prepares the load and audits it afterwards.
type client struct {
	base string
	http *http.Client
}

func newClient(base string) *client {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	return &client{base: base, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// do sends body as JSON, when there is one, and decodes the answer into out, when there is one. An answer that is no 2xx is an error.
func (c *client) do(ctx context.Context, method, path string, body, out any) error {
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, payload)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: status %d: %.300s", method, path, res.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: %w: %.100s", method, path, err, answer)
	}
	return nil
}

// cookie returns the value of a cookie that the gateway has set, with or without the prefix of HTTPS.
func (c *client) cookie(name string) string {
	base, err := url.Parse(c.base + "/")
	if err != nil {
		return ""
	}
	for _, k := range c.http.Jar.Cookies(base) {
		if k.Name == name || k.Name == "__Host-"+name {
			return k.Value
		}
	}
	return ""
}

// until asks again until done says so, or ctx ends.
func until(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		ok, err := done()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			if err == nil {
				err = ctx.Err()
			}
			return err
		case <-ticker.C:
		}
	}
}
