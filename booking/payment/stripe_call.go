package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"anteroom/booking"
)

const (
	// stripeVersion is the version of the API this adapter was written for; Stripe answers in it however the account is set.
	stripeVersion   = "2024-06-20"
	stripeSignature = "Stripe-Signature"
	maxStripeAnswer = 1 << 20 // bytes
)

// stripeError is what Stripe refuses with: https://docs.stripe.com/api/errors. It shows no card data.
type stripeError struct {
	HTTP    int    `json:"-"`
	Type    string `json:"type"`
	Code    string `json:"code"`
	Decline string `json:"decline_code"`
	Message string `json:"message"`
}

func (e *stripeError) Error() string {
	return fmt.Sprintf("stripe answered %d: %s %s %s: %s", e.HTTP, e.Type, e.Code, e.Decline, e.Message)
}

// isDecision reports whether the refusal is about the card, and final: not a failure of the network, of ours or of Stripe's.
func (e *stripeError) isDecision() bool {
	return e.Type == "card_error" || (e.Type == "invalid_request_error" && e.HTTP < 500 && e.HTTP != http.StatusConflict &&
		(e.Code == "resource_missing" || e.Code == "payment_method_unexpected_state" || strings.HasPrefix(e.Code, "payment_method_")))
}

// call does one request. key, unless empty, is its Idempotency-Key.
func (s *Stripe) call(ctx context.Context, method, path, key string, form url.Values, into any) error {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, s.o.URL+path, body)
	if err != nil {
		return fmt.Errorf("stripe: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+s.o.Key)
	req.Header.Set("Stripe-Version", stripeVersion)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("stripe: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxStripeAnswer))
	if err != nil {
		return fmt.Errorf("stripe: %w", err)
	}
	if res.StatusCode/100 != 2 {
		var refusal struct {
			Error stripeError `json:"error"`
		}
		_ = json.Unmarshal(answer, &refusal) // a proxy in between answers without a document; the status is there
		refusal.Error.HTTP = res.StatusCode
		return &refusal.Error
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("stripe: read the answer of %s %s: %w", method, path, err)
	}
	return nil
}

// Event implements booking.Provider.
func (s *Stripe) Event(header func(name string) string, body []byte) (booking.ChargeEvent, error) {
	if err := verify([]byte(s.o.Secret), header(stripeSignature), body, time.Now()); err != nil {
		return booking.ChargeEvent{}, err
	}
	return stripeEvent(body)
}

// stripeEvent reads https://docs.stripe.com/api/events/object. The key of our payment is in the metadata that we gave the intent.
func stripeEvent(body []byte) (booking.ChargeEvent, error) {
	var e struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Data struct {
			Object json.RawMessage `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Type == "" {
		return booking.ChargeEvent{}, booking.ErrWebhookInvalid
	}
	event := booking.ChargeEvent{ID: e.ID, Kind: e.Type}
	if strings.HasPrefix(e.Type, "payment_intent.") {
		var i intent
		if err := json.Unmarshal(e.Data.Object, &i); err != nil {
			return booking.ChargeEvent{}, booking.ErrWebhookInvalid
		}
		event.Key = i.Metadata["payment"]
	}
	return event, nil
}
