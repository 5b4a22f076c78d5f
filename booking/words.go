package booking

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the time zone of a hall is told on machines without a zone database, too
)

// String writes an amount for people, in both languages alike: 165,000 KRW, 19.90 EUR.
func (m Money) String() string {
	digits := decimals(m.Currency)
	sign, n := "", strconv.FormatInt(m.Amount, 10)
	if strings.HasPrefix(n, "-") {
		sign, n = "-", n[1:]
	}
	n = strings.Repeat("0", max(0, digits+1-len(n))) + n
	whole, rest := n[:len(n)-digits], n[len(n)-digits:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest + " " + m.Currency
}

// decimals is the number of digits of a currency's minor unit (ISO 4217).
func decimals(currency string) int {
	switch currency {
	case "KRW", "JPY", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	default:
		return 2
	}
}

// When is the time of a show at its hall, for people: English, or Korean when lang is "ko". A time zone that is not known is told as UTC.
func When(t time.Time, zone, lang string) string {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	t = t.In(place)
	if lang == "ko" {
		return t.Format("2006년 1월 2일 ") + "(" + [...]string{"일", "월", "화", "수", "목", "금", "토"}[t.Weekday()] + ") " + t.Format("15:04 MST")
	}
	return t.Format("Monday 2 January 2006, 15:04 MST")
}

// In is the text in one language: Korean when lang is "ko", else English.
func (t Text) In(lang string) string {
	if lang == "ko" {
		return t.KO
	}
	return t.EN
}
