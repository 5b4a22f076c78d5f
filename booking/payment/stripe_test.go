package payment

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestStripesStatesAreTranslated(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]booking.ChargeState{
		"requires_payment_method": booking.ChargeUnknown,
		"requires_confirmation":   booking.ChargeUnknown,
		"requires_action":         booking.ChargeAction,
		"processing":              booking.ChargePending,
		"requires_capture":        booking.ChargeAuthorised,
		"succeeded":               booking.ChargeCaptured,
		"canceled":                booking.ChargeVoided,
	} {
		var i intent
		require.NoError(t, json.Unmarshal([]byte(`{"id":"pi_1","status":"`+status+`","next_action":{"redirect_to_url":{"url":"https://bank.example"}}}`), &i))
		require.Equal(t, want, i.status().State, status)
		require.Equal(t, "pi_1", i.status().Ref)
		require.Equal(t, want == booking.ChargeAction, i.status().ActionURL == "https://bank.example", status)
	}
}

// scripted plays what Stripe documents: the answers to a sequence of requests, each "METHOD path": status and body.
func scripted(t *testing.T, script ...string) (*Stripe, func()) {
	t.Helper()
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if next+2 >= len(script) || r.Method+" "+r.URL.Path != script[next] {
			t.Errorf("request %d is %s %s", next/3, r.Method, r.URL.Path)
			w.WriteHeader(http.StatusTeapot)
			return
		}
		var status int
		_, err := fmt.Sscan(script[next+1], &status)
		require.NoError(t, err)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(script[next+2]))
		next += 3
	}))
	t.Cleanup(server.Close)
	return NewStripe(StripeOptions{Key: "sk_test_1", URL: server.URL}), func() { require.Equal(t, len(script), next, "all of it was asked for") }
}

const (
	made       = `{"id":"pi_1","status":"requires_payment_method"}`
	gone       = `{"id":"pi_1","status":"canceled"}`
	taken      = `{"id":"pi_1","status":"succeeded"}`
	refusal    = `{"error":{"type":"card_error","code":"card_declined","decline_code":"generic_decline","message":"Declined."}}`
	unexpected = `{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state","message":"No."}}`
	failed     = `{"id":"pi_1","status":"requires_payment_method","last_payment_error":{"type":"card_error","code":"payment_intent_authentication_failure"}}`
)

func TestStripeADeclinedChargeIsMadeFinal(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]string{
		"declined at once":    {"POST /v1/payment_intents/pi_1/confirm", "402", refusal},
		"confirmed elsewhere": {"POST /v1/payment_intents/pi_1/confirm", "400", unexpected, "GET /v1/payment_intents/pi_1", "200", failed},
	} {
		t.Run(name, func(t *testing.T) {
			script := append([]string{"POST /v1/payment_intents", "200", made}, steps...)
			s, done := scripted(t, append(script, "POST /v1/payment_intents/pi_1/cancel", "200", gone)...)
			st, err := s.Authorise(t.Context(), charge("p", CardPays))
			require.NoError(t, err)
			require.Equal(t, booking.ChargeStatus{State: booking.ChargeDeclined, Ref: "pi_1"}, st)
			done()
		})
	}
}

func TestStripeACardThatItDoesNotKnowIsNotSentThere(t *testing.T) {
	t.Parallel()
	s, done := scripted(t, "POST /v1/payment_intents", "200", made, "POST /v1/payment_intents/pi_1/cancel", "200", gone)
	st, err := s.Authorise(t.Context(), charge("p", "5555555555554444"))
	require.NoError(t, err)
	require.Equal(t, booking.ChargeDeclined, st.State)
	done()
}

func TestStripeAStepThatComesTooLateTellsHowItStands(t *testing.T) {
	t.Parallel()
	s, done := scripted(t, "POST /v1/payment_intents/pi_1/cancel", "400", unexpected, "GET /v1/payment_intents/pi_1", "200", taken)
	state, err := s.Void(t.Context(), booking.Charge{Key: "p", Ref: "pi_1"})
	require.NoError(t, err)
	require.Equal(t, booking.ChargeCaptured, state)
	done()
}

// What is no decision is an error: the outcome is not known, and the reconciler asks again.
func TestStripeATroubleIsNoDecision(t *testing.T) {
	t.Parallel()
	for status, body := range map[string]string{
		"500": `{"error":{"type":"api_error"}}`,
		"429": `{"error":{"type":"invalid_request_error","code":"rate_limit"}}`,
		"409": `{"error":{"type":"idempotency_error"}}`,
		"401": `{"error":{"type":"invalid_request_error"}}`,
		"502": `<html>`,
		"200": `<html>`,
	} {
		s, done := scripted(t, "POST /v1/payment_intents", "200", made, "POST /v1/payment_intents/pi_1/confirm", status, body)
		_, err := s.Authorise(t.Context(), charge("p", CardPays))
		require.Error(t, err, status)
		done()
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	secret, body, now := []byte("whsec_1"), []byte(`{"id":"evt_1"}`), time.Unix(1_700_000_000, 0)
	good := sign(secret, body, now)
	require.NoError(t, verify(secret, good, body, now))
	require.NoError(t, verify(secret, good, body, now.Add(signatureAge)))
	require.NoError(t, verify(secret, good+",v1="+strings.Repeat("0", 64)+",v0=old", body, now), "one of several is right")
	for name, err := range map[string]error{
		"another body":   verify(secret, good, []byte(`{"id":"evt_2"}`), now),
		"another secret": verify([]byte("whsec_2"), good, body, now),
		"no secret":      verify(nil, sign(nil, body, now), body, now),
		"too old":        verify(secret, good, body, now.Add(signatureAge+time.Second)),
		"of the future":  verify(secret, good, body, now.Add(-signatureAge-time.Second)),
		"another time":   verify(secret, strings.Replace(good, "t=17", "t=16", 1), body, now),
		"no time":        verify(secret, good[strings.Index(good, ",")+1:], body, now),
		"a long time":    verify(secret, "t=-9223372036854775808,v1=00", body, now),
		"empty":          verify(secret, "", body, now),
	} {
		require.ErrorIs(t, err, booking.ErrWebhookSignature, name)
	}
}

// Whatever comes: nothing panics, and only what was signed with the secret is read.
func FuzzWebhooks(f *testing.F) {
	f.Add(`t=1,v1=00`, []byte(`{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"metadata":{"payment":"p"}}}}`))
	f.Add(``, []byte(`{`))
	f.Add(`v1=,t=,,=`, []byte(`{"id":"e","type":"payment_intent.x","data":{"object":[]}}`))
	f.Add(`t=9223372036854775807,v1=zz`, []byte("\x00"))
	secret := "whsec_fuzz"
	providers := map[string]booking.Provider{
		simulatorSignature: &Simulator{Secret: []byte(secret)},
		stripeSignature:    NewStripe(StripeOptions{Secret: secret}),
	}
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		for name, p := range providers {
			_, err := p.Event(func(string) string { return header }, body)
			require.ErrorIs(t, err, booking.ErrWebhookSignature, "not signed")
			signed := sign([]byte(secret), body, time.Now())
			e, err := p.Event(func(asked string) string {
				require.Equal(t, name, asked)
				return signed
			}, body)
			if err != nil {
				require.ErrorIs(t, err, booking.ErrWebhookInvalid)
				continue
			}
			require.NotEmpty(t, e.ID)
			require.NotEmpty(t, e.Kind)
		}
	})
}
