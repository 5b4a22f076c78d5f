package journal_test

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/machine"
)

var began = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func header() journal.Header {
	return journal.Header{
		Suite: "surge", Profile: json.RawMessage(`{"name":"surge"}`), Command: "loadtest run surge", Commit: "0123abc",
		Began: began, WarmedUp: began.Add(time.Second), Parts: 1, Seed: 7, Room: "arena", Gateways: []string{"http://one", "http://two"},
		Policy:  journal.Policy{RatePerMinute: 600, MaxActive: 20, Idle: 20 * time.Second, Limit: time.Minute, Ghost: 30 * time.Second},
		Machine: machine.Machine{CPU: "some", Cores: 2}, System: map[string]string{"gateways": "2"},
	}
}

// record fills every field of a record, so that one which the format forgets is found out.
func record(i int64) (r journal.Record) {
	v := reflect.ValueOf(&r).Elem()
	for n := range v.NumField() {
		switch f := v.Field(n); f.Kind() {
		case reflect.Int, reflect.Int64:
			f.SetInt(i*1000 + int64(n) + 1)
		case reflect.String:
			f.SetString(v.Type().Field(n).Name + string(rune('a'+i%3)))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.ValueOf([]int64{i, -i, i + 7}))
		default:
			panic("a kind of field that this test does not know")
		}
	}
	return r
}

func TestEverythingThatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	w, err := journal.Create(path, header())
	require.NoError(t, err)
	want := []journal.Record{{}, {Visitor: 3, Error: "timeout"}}
	for i := range int64(40) {
		want = append(want, record(i))
	}
	for _, r := range want {
		w.Add(r)
	}
	sample := journal.Sample{At: 1, Issued: 2, Serving: 3, Waiting: 4, Active: 5, AdmittedTotal: 6, AdmittedLastMinute: 7, SeatsFree: 8}
	generator := journal.Generator{At: 9, CPUPercent: 12.5, Busy: -1, LagP99MS: 0.25, InFlight: 3, Sent: 100}
	fault := journal.Fault{At: 10, What: "redis", How: "kill", Done: true, Note: "up again"}
	audit := journal.Audit{TokensChecked: 3, Paid: []journal.StoredOrder{{ID: "a", Seats: 2}}, Missing: map[string]string{"recount": "no database"}}
	audit.Draw = &journal.Draw{Document: "{\n \"state\": \"drawn\"}", Entrants: []byte{0x1f, 0x8b, 0xff}, Earlier: []string{"{}", "<html>"}}
	end := journal.End{At: 11, Seconds: 1.5, Why: "done", Visitors: 42, Outcomes: map[string]int{"bought": 42}, Requests: 99}
	w.Sample(sample)
	w.Generator(generator)
	w.Fault(fault)
	w.Audit(audit)
	w.End(end)
	require.Equal(t, len(want), w.Len())
	require.NoError(t, w.Close())
	require.NoError(t, w.Close(), "a second time does nothing")

	got, err := journal.Read(path)
	require.NoError(t, err)
	require.NotEmpty(t, got.Header.Clock.Boot)
	wantHeader := header()
	wantHeader.Clock = got.Header.Clock
	require.Equal(t, &journal.Log{
		Path: path, Header: wantHeader, Records: want, Samples: []journal.Sample{sample}, Generators: []journal.Generator{generator},
		Faults: []journal.Fault{fault}, Audit: &audit, End: &end,
	}, got)
}
