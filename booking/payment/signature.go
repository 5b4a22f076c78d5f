package payment

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"anteroom/booking"
)

// signatureAge is how old a signed webhook may be, and how far ahead of our clock: Stripe's own libraries allow five minutes
// (https://docs.stripe.com/webhooks#verify-manually). It bounds for how long one that was overheard can be sent again.
const signatureAge = 5 * time.Minute

// sign makes a signature in Stripe's form, which the simulator uses too: t=<Unix seconds>,v1=<HMAC-SHA256 of "<t>.<body>" in hex>.
func sign(secret, body []byte, at time.Time) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(digest(secret, t, body))
}

func digest(secret []byte, t string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t))
	mac.Write([]byte{'.'})
	mac.Write(body)
	return mac.Sum(nil)
}

// verify fails with "webhook-signature-invalid" unless one of the signatures is right and not too old. While a secret is being
// changed, Stripe sends one for the old and one for the new. An empty secret verifies nothing.
func verify(secret []byte, header string, body []byte, now time.Time) error {
	var t string
	var sent [][]byte
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			t = value
		case "v1":
			if mac, err := hex.DecodeString(value); err == nil {
				sent = append(sent, mac)
			}
		}
	}
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || len(secret) == 0 {
		return booking.ErrWebhookSignature
	}
	// Compared as seconds: a duration of the difference of two far-off moments would overflow.
	if age := now.Unix() - seconds; age > int64(signatureAge.Seconds()) || age < -int64(signatureAge.Seconds()) {
		return booking.ErrWebhookSignature
	}
	want := digest(secret, t, body)
	for _, mac := range sent {
		if hmac.Equal(mac, want) {
			return nil
		}
	}
	return booking.ErrWebhookSignature
}
