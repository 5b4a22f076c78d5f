package booking

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMoneyForPeople(t *testing.T) {
	for want, m := range map[string]Money{
		"0 KRW": {0, "KRW"}, "999 KRW": {999, "KRW"}, "1,000 KRW": {1000, "KRW"}, "1,234,567 KRW": {1234567, "KRW"}, "-1,000 KRW": {-1000, "KRW"},
		"19.90 EUR": {1990, "EUR"}, "0.05 EUR": {5, "EUR"}, "1,234.50 USD": {123450, "USD"}, "-0.05 EUR": {-5, "EUR"}, "1.234 KWD": {1234, "KWD"},
	} {
		require.Equal(t, want, m.String())
	}
}

func TestWhenIsTheTimeAtTheHall(t *testing.T) {
	at := time.Date(2026, 5, 1, 10, 30, 0, 0, time.UTC)
	require.Equal(t, "Friday 1 May 2026, 19:30 KST", When(at, "Asia/Seoul", "en"))
	require.Equal(t, "2026년 5월 1일 (금) 19:30 KST", When(at, "Asia/Seoul", "ko"))
	require.Equal(t, "Friday 1 May 2026, 10:30 UTC", When(at, "Nowhere/Else", "en"))
}

func TestTicketCodesAsPeopleTypeThem(t *testing.T) {
	for _, typed := range []string{"7K3M-9QXA-22BD", "7k3m-9qxa-22bd", "7K3M9QXA22BD", " 7k3m 9qxa 22bd "} {
		code, err := ParseTicketCode(typed)
		require.NoError(t, err)
		require.Equal(t, "7K3M-9QXA-22BD", code)
	}
	for _, bad := range []string{"", "7K3M-9QXA", "7K3M-9QXA-22B0", "7K3M-9QXA-22B1", "7K3M-9QXA-22BDX", "7K3M-9QXA-22B\x00", "ΩK3M-9QXA-22BD", string(make([]byte, 1000))} {
		_, err := ParseTicketCode(bad)
		require.ErrorIs(t, err, ErrTicketInvalid, "%q", bad)
	}
}
