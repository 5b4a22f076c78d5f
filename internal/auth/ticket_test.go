package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTicketRoundTripAndForgeries(t *testing.T) {
	keys := newKeys(t)
	want := Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: now, EstimateLow: 30, EstimateHigh: 90}
	token, err := keys.SignTicket(want)
	require.NoError(t, err)
	got, err := keys.VerifyTicket([]byte(token), "arena")
	require.NoError(t, err)
	require.True(t, got.JoinedAt.Equal(now))
	got.JoinedAt = now
	require.Equal(t, want, got)

	_, err = keys.VerifyTicket([]byte(token), "theatre")
	require.ErrorIs(t, err, ErrTicketOtherRoom)
	_, err = keys.VerifyTicket(nil, "arena")
	require.ErrorIs(t, err, ErrTicketMissing)
	_, err = newKeys(t).VerifyTicket([]byte(token), "arena")
	require.ErrorIs(t, err, ErrTicketInvalid, "another installation's ticket")
	aPass, err := keys.SignPass(pass())
	require.NoError(t, err)
	for _, bad := range []string{aPass, "x", token + "x", "." + token, forge(map[string]any{"alg": "none", "typ": ticketType}, want.claims(), func([]byte) []byte { return nil })} {
		_, err = keys.VerifyTicket([]byte(bad), "arena")
		require.ErrorIs(t, err, ErrTicketInvalid, bad)
	}
}

func TestTicketsOfBeforeTheEstimatesStillCount(t *testing.T) {
	keys := newKeys(t)
	old := handMade(keys, header(keys), `{"room":"arena","epoch":1,"num":9,"jat":5}`)
	got, err := keys.VerifyTicket([]byte(old), "arena")
	require.NoError(t, err)
	require.Equal(t, Ticket{Room: "arena", Epoch: 1, Number: 9, JoinedAt: time.UnixMilli(5)}, got)
	again, err := keys.SignTicket(got)
	require.NoError(t, err)
	require.Equal(t, old, again, "without an estimate nothing is written")
}

func TestARoomThatNoTicketCouldBeReadForIsNotSigned(t *testing.T) {
	keys := newKeys(t)
	for _, room := range []string{`a"b`, `a\b`, "a<b", "a b", "é", "\n"} {
		_, err := keys.SignTicket(Ticket{Room: room, Epoch: 1, Number: 1})
		require.ErrorContains(t, err, "character", room)
	}
}

// header is what jwx writes above our tickets; pinned, for a gateway with a later jwx must accept the tickets of an earlier one.
func header(k *Keys) string {
	return fmt.Sprintf(`{"alg":"HS256","kid":%q,"typ":"wr-ticket+jws"}`, macKey(k).KeyID())
}

// handMade signs any header and any claims with the ticket key.
func handMade(k *Keys, header, claims string) string {
	return handSigned(k, base64.RawURLEncoding.EncodeToString([]byte(header))+"."+base64.RawURLEncoding.EncodeToString([]byte(claims)))
}

func handSigned(k *Keys, input string) string {
	var secret []byte
	if err := macKey(k).Raw(&secret); err != nil {
		panic(err)
	}
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// byJWX opens a ticket with the library alone: what VerifyTicket is measured against.
func byJWX(k *Keys, token []byte, room string) (Ticket, error) {
	headers, err := protectedHeaders(ticketType, token)
	if err != nil {
		return Ticket{}, err
	}
	if headers.Algorithm() != jwa.HS256 || headers.KeyID() != macKey(k).KeyID() {
		return Ticket{}, errors.New("another key")
	}
	payload, err := jws.Verify(token, jws.WithKey(jwa.HS256, macKey(k)))
	if err != nil {
		return Ticket{}, err
	}
	var c ticketClaims
	if err := json.Unmarshal(payload, &c); err != nil {
		return Ticket{}, err
	}
	if c.Number <= 0 || c.Room != room {
		return Ticket{}, errors.New("claims")
	}
	return c.ticket(), nil
}

// agree holds VerifyTicket to the library: it accepts exactly what the library accepts, as long as it is written as SignTicket writes it.
func agree(t interface{ Fatalf(string, ...any) }, keys *Keys, token []byte) (accepted bool) {
	got, err := keys.VerifyTicket(token, "arena")
	want, wantErr := byJWX(keys, token, "arena")
	ours := ""
	if wantErr == nil {
		ours, wantErr = keys.SignTicket(want)
	}
	if own := wantErr == nil && ours == string(token); own != (err == nil) {
		t.Fatalf("%q: accepted %v (%v), the library says %v (%v) and writes %q", token, err == nil, err, own, wantErr, ours)
	}
	if err == nil && got != want {
		t.Fatalf("%q: read as %+v, by the library as %+v", token, got, want)
	}
	for _, typed := range []error{ErrTicketMissing, ErrTicketInvalid, ErrTicketOtherRoom} {
		if err == nil || errors.Is(err, typed) {
			return err == nil
		}
	}
	t.Fatalf("%q: an error of another type: %v", token, err)
	return false
}

func TestTicketsAreOpenedAsTheLibraryWould(t *testing.T) {
	keys, other := newKeys(t), newKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string) int64 { return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 12)).Draw(t, name) }
		ticket := Ticket{
			Room: rapid.SampledFrom([]string{"arena", "arena", "arena", "theatre", ""}).Draw(t, "room"), Epoch: number("epoch"), Number: number("number"),
			JoinedAt: time.UnixMilli(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "joined")), EstimateLow: number("low"), EstimateHigh: number("high"),
		}
		signer := rapid.SampledFrom([]*Keys{keys, keys, keys, other}).Draw(t, "signer")
		token, err := signer.SignTicket(ticket)
		if err != nil {
			t.Fatal(err)
		}
		good := signer == keys && ticket.Room == "arena" && ticket.Number > 0
		if agree(t, keys, []byte(token)) != good {
			t.Fatalf("%+v of our own key: accepted is not %v", ticket, good)
		}
		for _, change := range rapid.SliceOfN(rapid.Custom(drawChange), 0, 3).Draw(t, "changes") {
			token = change(token)
		}
		agree(t, keys, []byte(token))
	})
}

// drawChange is one way to bend a text.
func drawChange(t *rapid.T) func(string) string {
	at := rapid.IntRange(0, 400).Draw(t, "at")
	char := rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("AB-_+/=.\n {"))).Draw(t, "char")
	kind := rapid.IntRange(0, 6).Draw(t, "kind")
	return func(s string) string {
		i := at % (len(s) + 1)
		switch last := max(len(s)-1, 0); {
		case kind == 0 && len(s) > 0:
			return s[:at%len(s)] + string([]byte{char}) + s[at%len(s)+1:]
		case kind == 1:
			return s[:i] + string([]byte{char}) + s[i:]
		case kind == 2:
			return s[:i]
		case kind == 3:
			return s[i:] + s[:i]
		case kind == 4: // the last character of a MAC has bits that do not matter: another one may decode to the same bytes
			return s[:last] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[at%64:][:1]
		case kind == 5:
			return strings.ReplaceAll(strings.ReplaceAll(s, "-", "+"), "_", "/")
		default:
			return s + "." + s
		}
	}
}

// Only a holder of the key can write these; even so each is one ticket or none.
func TestTicketsWrittenOtherwiseAreRefused(t *testing.T) {
	keys := newKeys(t)
	own := header(keys)
	const claims = `{"room":"arena","epoch":1,"num":9,"jat":5,"el":3,"eh":4}`
	require.True(t, agree(t, keys, []byte(handMade(keys, own, claims))), "the control")
	for _, bad := range []string{
		`{"room":"arena","epoch":1,"num":9,"num":10,"jat":5}`, `{"room":"theatre","room":"arena","epoch":1,"num":9,"jat":5}`, // repeated members
		claims + " ", claims + claims, claims + "x", " " + claims, claims[:len(claims)-1], "", "{}", "null", "[]", // more or less
		`{"room":"arena","epoch":1,"num":9,"jat":5,"admin":true}`, `{"room":"arena","epoch":1,"num":9}`, `{"epoch":1,"room":"arena","num":9,"jat":5}`,
		`{"ROOM":"arena","epoch":1,"num":9,"jat":5}`, `{"room":"arena", "epoch":1,"num":9,"jat":5}`, `{"room":"\u0061rena","epoch":1,"num":9,"jat":5}`,
		`{"room":"arena","epoch":01,"num":9,"jat":5}`, `{"room":"arena","epoch":+1,"num":9,"jat":5}`, `{"room":"arena","epoch":1.0,"num":9,"jat":5}`,
		`{"room":"arena","epoch":1,"num":1e1,"jat":5}`, `{"room":"arena","epoch":1,"num":"9","jat":5}`, `{"room":"arena","epoch":1,"num":-9,"jat":5}`,
		`{"room":"arena","epoch":-0,"num":9,"jat":5}`, `{"room":"arena","epoch":,"num":9,"jat":5}`, `{"room":"arena","epoch":1,"num":9223372036854775808,"jat":5}`,
		`{"room":"arena","epoch":1,"num":9,"jat":5,"el":0}`, `{"room":"arena","epoch":1,"num":9,"jat":5,"eh":4,"el":3}`, `{"room":null,"epoch":1,"num":9,"jat":5}`,
	} {
		require.False(t, agree(t, keys, []byte(handMade(keys, own, bad))), bad)
	}
	for _, bad := range []string{
		strings.Replace(own, "HS256", "none", 1), strings.Replace(own, "HS256", "HS512", 1), strings.Replace(own, "HS256", "EdDSA", 1),
		strings.Replace(own, macKey(keys).KeyID(), keys.signer().id, 1), strings.Replace(own, "ticket", "receipt", 1), own + " ", " " + own,
		`{"alg":"HS256","alg":"none"` + own[len(`{"alg":"HS256"`):], own[:len(own)-1] + `,"crit":["b64"],"b64":false}`,
		fmt.Sprintf(`{"kid":%q,"alg":"HS256","typ":"wr-ticket+jws"}`, macKey(keys).KeyID()), "{}", "",
	} {
		require.False(t, agree(t, keys, []byte(handMade(keys, bad, claims))), bad)
	}
	good := handMade(keys, own, claims)
	unsigned := good[:strings.LastIndexByte(good, '.')]
	for _, bad := range []string{unsigned, unsigned + ".", good + ".", good + "=", good + "\n", "." + good, strings.Replace(good, ".", "..", 1), strings.Replace(good, ".", "", 1), good + strings.Repeat("A", maxToken)} {
		require.False(t, agree(t, keys, []byte(bad)), bad)
	}
	for _, bad := range []string{unsigned[:len(unsigned)-1] + "\n" + unsigned[len(unsigned)-1:], unsigned + "\r\n", unsigned + "=", unsigned + "A"} {
		require.False(t, agree(t, keys, []byte(handSigned(keys, bad))), bad)
	}
	_, err := keys.VerifyTicket([]byte(handMade(keys, own, `{"room":"a\u0062","epoch":1,"num":9,"jat":5}`)), `a\u0062`)
	require.ErrorIs(t, err, ErrTicketInvalid, "a name is compared as it reads, not as it is escaped")
}
