package adminapi

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func TestNormaliseEmail(t *testing.T) {
	for given, want := range map[string]string{
		"  Owner@Demo.Test ":       "owner@demo.test",
		"a\x00b":                   "a\uFFFDb",
		"\xff@x":                   "\uFFFD@x",
		strings.Repeat("a", 300):   strings.Repeat("a", 254),
		strings.Repeat("é", 127+1): strings.Repeat("é", 127),
	} {
		require.Equal(t, want, NormaliseEmail(given))
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		err     error
		outcome Outcome
		reason  string
	}{
		{nil, Done, ""},
		{ErrRoomChanged, Refused, "room-changed: The room has been changed meanwhile."},
		{fault.New(fault.Invalid, "policy-invalid", "No.").WithField("max_active", "is too large"), Refused, "policy-invalid: No. max_active is too large."},
		{fault.New(fault.Unavailable, "gateway-unavailable", "Away."), Failed, "gateway-unavailable: Away."},
		{errors.New("secret cause"), Failed, "internal-error: Something went wrong on our side."},
	} {
		outcome, reason := Judge(c.err)
		require.Equal(t, c.outcome, outcome)
		require.Equal(t, c.reason, reason)
	}
}

func TestValidRoom(t *testing.T) {
	for _, name := range []string{"arena", "a", "0-9", strings.Repeat("a", 63)} {
		require.True(t, ValidRoom(name), name)
	}
	for _, name := range []string{"", "-a", "Arena", "a/b", "a..", "a\n", "é", strings.Repeat("a", 64)} {
		require.False(t, ValidRoom(name), name)
	}
}
