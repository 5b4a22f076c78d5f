package journal

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyRecord draws every field from its whole range.
func anyRecord() *rapid.Generator[Record] {
	return rapid.Custom(func(t *rapid.T) Record {
		number := func(name string) int64 {
			if rapid.Bool().Draw(t, name+" is there") {
				return rapid.Int64().Draw(t, name)
			}
			return 0
		}
		word := rapid.SampledFrom([]string{"", "", "waiting", "paid", "a longer text, with \x00 and \xff in it"})
		r := Record{
			Visitor: int(number("visitor")), Action: Action(word.Draw(t, "action")), Gateway: int(number("gateway")), Scheduled: number("scheduled"),
			Sent: number("sent"), Answered: number("answered"), Status: int(number("status")), Problem: word.Draw(t, "problem"), Error: word.Draw(t, "error"),
			Epoch: number("epoch"), Number: number("number"), State: word.Draw(t, "state"), PollAfterMS: number("poll"), AdmittedMS: number("admitted"),
			Order: rapid.String().Draw(t, "order"), Drawn: number("drawn"), ExpiresMS: number("expires"), Try: word.Draw(t, "try"), Reached: rapid.Bool().Draw(t, "reached"),
		}
		if seats := rapid.SliceOfN(rapid.Int64(), 0, 5).Draw(t, "seats"); len(seats) > 0 {
			r.Seats = seats
		}
		return r
	})
}

func TestAnyRecordsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(anyRecord(), 1, 20).Draw(t, "records")
		var b block
		for i := range records {
			b.record(&records[i])
		}
		var l Log
		d := decoder{raw: b.raw}
		for len(d.raw) > 0 {
			require.NoError(t, d.next(&l))
		}
		require.Equal(t, records, l.Records)
	})
}

// FuzzBlock reads what no writer wrote, as if its checksum were good: there is an error or an entry, and never more memory than
// the block accounts for.
func FuzzBlock(f *testing.F) {
	var b block
	b.record(&Record{Visitor: 1, Action: Join, Number: 7, Seats: []int64{1, 2}, Order: "o"})
	b.record(&Record{Visitor: 2, Action: Join, State: "waiting"})
	f.Add(b.raw)
	f.Add([]byte{kindSample, 2, '{', '}', kindEnd, 2, '{', '}'})
	f.Add([]byte{kindRecord, 0x80, 0x80})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var l Log
		d := decoder{raw: raw}
		entries := 0
		for len(d.raw) > 0 {
			if d.next(&l) != nil {
				return
			}
			entries++
		}
		if entries > len(raw) {
			t.Fatalf("%d entries in %d bytes", entries, len(raw))
		}
	})
}
