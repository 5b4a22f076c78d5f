package payment

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"anteroom/booking"
)

// StripeOptions are the settings of the Stripe adapter.
type StripeOptions struct {
	Key        string // secret API key; one that begins with sk_test_ moves no money
	Secret     string // of the webhook endpoint (whsec_…)
	URL        string // of the API; empty: https://api.stripe.com
	ReturnBase string // address of the shop as buyers see it: where they come back to after a challenge
}

// Stripe implements booking.Provider with PaymentIntents that are captured by hand. Safe for concurrent use.
//
// A charge goes by our key before Stripe has named it: making an intent with the key as Idempotency-Key gives the same intent however often
// it is done, for at least 24 hours (https://docs.stripe.com/api/idempotent_requests), and making one charges nothing. So a charge whose
// name was lost in a crash is found, and one that was never made can be cancelled, which a confirmation on its way then runs into.
type Stripe struct {
	o      StripeOptions
	client *http.Client
}

var _ booking.Provider = (*Stripe)(nil)

// NewStripe makes the adapter.
func NewStripe(o StripeOptions) *Stripe {
	if o.URL == "" {
		o.URL = "https://api.stripe.com"
	}
	o.URL, o.ReturnBase = strings.TrimRight(o.URL, "/"), strings.TrimRight(o.ReturnBase, "/")
	return &Stripe{o: o, client: &http.Client{Timeout: 30 * time.Second}} // each call has a shorter deadline of its own
}

// Name implements booking.Provider.
func (s *Stripe) Name() string { return "stripe" }

// testMethods are Stripe's own names for its test cards, so that a test system can be paid with the numbers everybody knows. A
// real card number never comes here: the provider's form in the browser makes a method of it.
// https://docs.stripe.com/testing
var testMethods = map[string]string{
	"4242424242424242": "pm_card_visa",
	"4000000000000002": "pm_card_visa_chargeDeclined",
	"4000002500003155": "pm_card_authenticationRequired",
	"4000000000000077": "pm_card_bypassPending",
}

// Authorise implements booking.Provider.
func (s *Stripe) Authorise(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	method := charge.Method
	if method == "" && strings.HasPrefix(s.o.Key, "sk_test_") {
		method = testMethods[charge.Card]
	}
	ref, err := s.ref(ctx, charge)
	if err != nil {
		return booking.ChargeStatus{}, err
	}
	charge.Ref = ref
	if method == "" { // nothing that Stripe could charge
		return s.decline(ctx, charge)
	}
	form := url.Values{"payment_method": {method}}
	if s.o.ReturnBase != "" {
		form.Set("return_url", s.o.ReturnBase+charge.ReturnTo)
	}
	var i intent
	err = s.call(ctx, http.MethodPost, intentPath(ref)+"/confirm", "", form, &i)
	var refused *stripeError
	switch {
	case errors.As(err, &refused) && refused.Code == unexpectedState: // confirmed or cancelled before
		return s.Lookup(ctx, charge)
	case errors.As(err, &refused) && refused.isDecision():
		return s.decline(ctx, charge)
	}
	return i.status(), err
}

// decline makes a refusal final: a declined intent could be confirmed again with another card, and our next attempt has a key of its own.
func (s *Stripe) decline(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	state, err := s.Void(ctx, charge)
	if state == booking.ChargeVoided {
		state = booking.ChargeDeclined
	}
	return booking.ChargeStatus{State: state, Ref: charge.Ref}, err
}

// unexpectedState is Stripe's code for a step that is not for the state an intent is in.
const unexpectedState = "payment_intent_unexpected_state"

func intentPath(ref string) string { return "/v1/payment_intents/" + url.PathEscape(ref) }

// Capture implements booking.Provider.
func (s *Stripe) Capture(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return s.step(ctx, charge, "capture")
}

// Void implements booking.Provider.
func (s *Stripe) Void(ctx context.Context, charge booking.Charge) (booking.ChargeState, error) {
	return s.step(ctx, charge, "cancel")
}

// step moves an intent; when it is not in the state for the step, it tells the state it is in. It has no Idempotency-Key: its state makes
// it idempotent, and under a key Stripe would repeat an early refusal for a day.
func (s *Stripe) step(ctx context.Context, charge booking.Charge, step string) (booking.ChargeState, error) {
	ref, err := s.ref(ctx, charge)
	if err != nil {
		return "", err
	}
	var i intent
	err = s.call(ctx, http.MethodPost, intentPath(ref)+"/"+step, "", url.Values{}, &i)
	var refused *stripeError
	if errors.As(err, &refused) && refused.Code == unexpectedState {
		err = s.call(ctx, http.MethodGet, intentPath(ref), "", nil, &i)
	}
	return i.status().State, err
}

// Refund implements booking.Provider.
func (s *Stripe) Refund(ctx context.Context, key string, charge booking.Charge, amount booking.Money) error {
	ref, err := s.ref(ctx, charge)
	if err != nil {
		return err
	}
	form := url.Values{"payment_intent": {ref}, "amount": {strconv.FormatInt(amount.Amount, 10)}, "metadata[refund]": {key}}
	var refund struct {
		Status string `json:"status"`
	}
	if err := s.call(ctx, http.MethodPost, "/v1/refunds", key, form, &refund); err != nil {
		return err
	}
	if refund.Status == "failed" || refund.Status == "canceled" {
		return fmt.Errorf("stripe: refund %s is %s", key, refund.Status)
	}
	return nil
}

// Lookup implements booking.Provider.
func (s *Stripe) Lookup(ctx context.Context, charge booking.Charge) (booking.ChargeStatus, error) {
	ref, err := s.ref(ctx, charge)
	if err != nil {
		return booking.ChargeStatus{}, err
	}
	var i intent
	if err := s.call(ctx, http.MethodGet, intentPath(ref), "", nil, &i); err != nil {
		return booking.ChargeStatus{}, err
	}
	if i.Status == "requires_payment_method" && i.LastError != nil { // the buyer failed the challenge, or the card was declined after it
		charge.Ref = ref
		return s.decline(ctx, charge)
	}
	return i.status(), nil
}

// ref is Stripe's name of the charge; it makes the intent if there is none yet.
func (s *Stripe) ref(ctx context.Context, charge booking.Charge) (string, error) {
	if charge.Ref != "" {
		return charge.Ref, nil
	}
	form := url.Values{
		"amount":                 {strconv.FormatInt(charge.Amount.Amount, 10)},
		"currency":               {strings.ToLower(charge.Amount.Currency)},
		"capture_method":         {"manual"},
		"metadata[payment]":      {charge.Key},
		"payment_method_types[]": {"card"},
	}
	var i intent
	if err := s.call(ctx, http.MethodPost, "/v1/payment_intents", charge.Key, form, &i); err != nil {
		return "", err
	}
	if i.ID == "" {
		return "", fmt.Errorf("stripe: an intent without an id")
	}
	return i.ID, nil
}

// intent is what we read of a PaymentIntent.
type intent struct {
	ID         string            `json:"id"`
	Status     string            `json:"status"`
	Metadata   map[string]string `json:"metadata"`
	LastError  *stripeError      `json:"last_payment_error"`
	NextAction *struct {
		RedirectToURL *struct {
			URL string `json:"url"`
		} `json:"redirect_to_url"`
	} `json:"next_action"`
}

// status translates https://docs.stripe.com/payments/paymentintents/lifecycle.
func (i intent) status() booking.ChargeStatus {
	st := booking.ChargeStatus{Ref: i.ID, State: booking.ChargeUnknown}
	switch i.Status {
	case "requires_capture":
		st.State = booking.ChargeAuthorised
	case "succeeded":
		st.State = booking.ChargeCaptured
	case "canceled":
		st.State = booking.ChargeVoided
	case "processing":
		st.State = booking.ChargePending
	case "requires_action":
		st.State = booking.ChargeAction
		if i.NextAction != nil && i.NextAction.RedirectToURL != nil {
			st.ActionURL = i.NextAction.RedirectToURL.URL
		}
	}
	// requires_payment_method and requires_confirmation: not asked yet, or refused; either way nothing is charged, and it may be voided.
	return st
}
