package report_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/machine"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/report"
)

// run is a journal with its profile, for tests to change before it is reported.
type run struct {
	log     *journal.Log
	profile *profile.Profile
}

const (
	modelProfile = `
name: model
about: A little model of a room that keeps its promises.
show: nights
arrivals:
  - {at: 0s, per_second: 10}
  - {at: 30s, per_second: 10}
deadline: 2m
warm_up: 5s
visitors:
  - {name: buyers, do: buy, weight: 3}
  - {name: lookers, do: browse, weight: 1}
`
	perMinute, atOnce, capacity = 120, 8, 400
)

// model is the journal of a room in which everything went well: 300 people come in 30 s, one is let in every half second, looks at seats
// two seconds later, and every second one buys. Redis is cut off from 40 s to 50 s, during which polls have no answer.
func model(t testing.TB, seed uint64) *run {
	t.Helper()
	p, err := profile.Parse("model.yaml", []byte(modelProfile))
	require.NoError(t, err)
	body, err := json.Marshal(p)
	require.NoError(t, err)
	began := time.Date(2027, 1, 15, 8, 0, 0, 0, time.UTC)
	r := &run{profile: p, log: &journal.Log{Header: journal.Header{
		Suite: "model", Profile: body, Command: "loadtest run model", Commit: "0123456", Began: began, WarmedUp: began.Add(5 * time.Second), Parts: 1,
		Seed: seed, Room: "nights", Machine: machine.Machine{CPU: "a processor", Cores: 2}, System: map[string]string{"gateways": "2"},
		Policy: journal.Policy{RatePerMinute: perMinute, MaxActive: atOnce, Idle: 30 * time.Second, Limit: 5 * time.Minute, Ghost: time.Minute, Grace: time.Minute},
	}}}
	chance := rand.New(rand.NewPCG(seed, 1))
	at := func(s float64) int64 { return began.UnixNano() + int64(s*1e9) }
	latency := func(ms float64) float64 { return ms * (0.5 + chance.ExpFloat64()) / 1000 }
	for i, due := range p.Times() {
		came := due.Seconds()
		number, admitted := int64(i+1), came+1+float64(i)*0.4
		add := func(s, ms float64, rec journal.Record) {
			rec.Visitor, rec.Gateway, rec.Epoch = i, i%2, 1
			rec.Scheduled, rec.Sent, rec.Answered = at(s), at(s+0.0004), at(s+0.0005+latency(ms))
			r.log.Records = append(r.log.Records, rec)
		}
		add(came, 2, journal.Record{Action: journal.Join, Status: 201, Number: number, State: "waiting"})
		for s := came + 5; s < admitted; s += 5 {
			rec := journal.Record{Action: journal.Poll, Status: 200, Number: number, State: "waiting"}
			if s > 40 && s < 50 {
				rec = journal.Record{Action: journal.Poll, Error: "dial tcp 127.0.0.1:7001: connection refused"}
			}
			add(s, 1, rec)
		}
		add(admitted+0.1, 1, journal.Record{Action: journal.Poll, Status: 200, Number: number, State: "admitted", AdmittedMS: at(admitted) / 1e6})
		add(admitted+2, 4, journal.Record{Action: journal.Seats, Status: 200, Reached: true})
		if i%2 == 0 {
			seats := []int64{number*2 - 1, number * 2}
			add(admitted+2.5, 8, journal.Record{Action: journal.Hold, Status: 201, Reached: true, Seats: seats, ExpiresMS: at(admitted+60) / 1e6})
			add(admitted+3, 30, journal.Record{Action: journal.Pay, Status: 200, Order: fmt.Sprint("order-", i), State: "paid", Seats: seats})
		} else {
			add(admitted+2.5, 8, journal.Record{Action: journal.Hold, Status: 409, Problem: "seat-taken", Reached: true})
		}
		add(admitted+4, 1, journal.Record{Action: journal.Release, Status: 204})
	}
	const length = 155
	for s := range length {
		sample := journal.Sample{At: at(float64(s)), SeatsFree: capacity}
		for i, due := range p.Times() { // the server's count, one moment after the second
			came, admitted := due.Seconds(), due.Seconds()+1+float64(i)*0.4
			now := float64(s) + 0.01
			switch {
			case came > now:
				continue
			case admitted > now:
				sample.Waiting++
			default:
				sample.AdmittedTotal++
				sample.Serving = int64(i + 1)
				if now < admitted+4 {
					sample.Active++
				}
				if now < admitted+60 {
					sample.AdmittedLastMinute++
				}
				if i%2 == 0 && admitted+3 < now {
					sample.SeatsFree -= 2
				}
			}
			sample.Issued++
		}
		r.log.Samples = append(r.log.Samples, sample)
		r.log.Generators = append(r.log.Generators, journal.Generator{At: at(float64(s)), CPUPercent: 20 + 5*chance.Float64(), Busy: 60, LagP99MS: 1, InFlight: 12, Sent: 10})
	}
	r.log.Faults = []journal.Fault{{At: at(40), What: "redis", How: "cut"}, {At: at(50), What: "redis", How: "cut", Done: true}, {At: at(140), What: "gateway", How: "slow", Note: "by 50ms"}}
	var paid []journal.StoredOrder
	for i := 0; i < 300; i += 2 {
		paid = append(paid, journal.StoredOrder{ID: fmt.Sprint("order-", i), Seats: 2})
	}
	r.log.Audit = &journal.Audit{Paid: paid, Missing: map[string]string{"recount": "no database was given"}}
	r.log.End = &journal.End{At: at(length), Seconds: length, Why: "done", Visitors: 300, Outcomes: map[string]int{"bought": 150, "left <early>": 150}, Requests: uint64(len(r.log.Records))}
	return r
}

func (r *run) report() *report.Report { return report.From(r.log, check.Judge(r.log), r.profile) }
