package booking

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
)

// WriteSeatList writes the seats of a layout as CSV (RFC 4180) with a header, a line a seat, in layout order.
func WriteSeatList(l NewLayout) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.Write(seatColumns)
	flag := func(v bool) string {
		if v {
			return "yes"
		}
		return ""
	}
	length := func(v float64) string { return strconv.FormatFloat(cents(v), 'f', -1, 64) }
	for _, s := range l.Sections {
		kind := s.Kind
		if kind == "" {
			kind = Seated
		}
		for _, t := range s.Seats {
			err = errors.Join(err, w.Write([]string{s.Name, t.Row, t.Number, length(t.X), length(t.Y), s.Category, string(kind),
				flag(t.Accessible), flag(t.Companion), flag(t.Restricted), t.GUID}))
		}
	}
	w.Flush()
	return b.Bytes(), errors.Join(err, w.Error())
}
