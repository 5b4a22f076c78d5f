package payment

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

// startStripeMock builds and starts Stripe's own stand-in, which holds every request against Stripe's OpenAPI document, and returns
// its address. It remembers nothing: its answers are examples, so what it cannot tell is in TestStripe….
func startStripeMock(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "stripe-mock")
	build := exec.Command("go", "build", "-modfile=../../.ci/tools.mod", "-o", program, "github.com/stripe/stripe-mock")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	found, ended := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if _, address, ok := strings.Cut(lines.Text(), "Listening for HTTP at address: "); ok {
				found <- address
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		_ = cmd.Wait() // it was killed
	})
	select {
	case address := <-found:
		return "http://" + address
	case <-ended:
		t.Fatal("stripe-mock ended before it listened")
	case <-time.After(patience):
		t.Fatal("stripe-mock does not listen")
	}
	return ""
}

// witness notes requests and how they were answered.
type witness struct {
	mu   sync.Mutex
	seen []string
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	status := "no answer"
	if err == nil {
		status = res.Status[:3]
	}
	path := r.URL.Path
	if parts := strings.Split(path, "/"); len(parts) > 3 {
		parts[3] = "{intent}"
		path = strings.Join(parts, "/")
	}
	key := ""
	if r.Header.Get("Idempotency-Key") != "" {
		key = " by key " + r.Header.Get("Idempotency-Key")
	}
	w.seen = append(w.seen, r.Method+" "+path+key+" "+status)
	return res, err
}

func (w *witness) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen
	w.seen = nil
	return seen
}

func TestEveryRequestIsOneThatStripesOwnDocumentAllows(t *testing.T) {
	t.Parallel()
	address := startStripeMock(t)
	s, ctx, w := NewStripe(StripeOptions{Key: "sk_test_123", URL: address, ReturnBase: "https://shop.example"}), t.Context(), &witness{}
	s.client.Transport = w

	fresh := charge("p1", "")
	fresh.Method = "pm_card_visa"
	st, err := s.Authorise(ctx, fresh)
	require.NoError(t, err)
	require.NotEmpty(t, st.Ref)
	require.Equal(t, []string{"POST /v1/payment_intents by key p1 200", "POST /v1/payment_intents/{intent}/confirm 200"}, w.take())

	known := booking.Charge{Key: "p1", Ref: st.Ref, Amount: fresh.Amount}
	_, err = s.Capture(ctx, known)
	require.NoError(t, err)
	require.Equal(t, []string{"POST /v1/payment_intents/{intent}/capture 200"}, w.take())
	_, err = s.Void(ctx, known)
	require.NoError(t, err)
	require.Equal(t, []string{"POST /v1/payment_intents/{intent}/cancel 200"}, w.take())
	_, err = s.Lookup(ctx, known)
	require.NoError(t, err)
	require.Equal(t, "GET /v1/payment_intents/{intent} 200", w.take()[0])
	require.NoError(t, s.Refund(ctx, "r1", known, booking.Money{Amount: 400, Currency: "KRW"}))
	require.Equal(t, []string{"POST /v1/refunds by key r1 200"}, w.take())

	// A charge whose name was lost is found by its key.
	_, err = s.Void(ctx, booking.Charge{Key: "p2", Amount: fresh.Amount})
	require.NoError(t, err)
	require.Equal(t, []string{"POST /v1/payment_intents by key p2 200", "POST /v1/payment_intents/{intent}/cancel 200"}, w.take())

	// The control: what the document does not have is refused, and so is a key that is none.
	var refused *stripeError
	err = s.call(ctx, http.MethodPost, "/v1/payment_intents", "", url.Values{"amount": {"1"}, "currency": {"krw"}, "nonsense": {"x"}}, &intent{})
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 400, refused.HTTP)
	require.False(t, refused.isDecision())
	s.o.Key = "nonsense"
	_, err = s.Lookup(ctx, known)
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 401, refused.HTTP)
}
