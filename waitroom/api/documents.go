package api

import (
	"time"

	"anteroom/waitroom"
)

// servingDoc is Serving of the contract: enough for a page to show its own position.
type servingDoc struct {
	Epoch         int64          `json:"epoch"`
	Issued        int64          `json:"issued"`
	Serving       int64          `json:"serving"`
	Waiting       int64          `json:"waiting"`
	RatePerMinute int64          `json:"rate_per_minute"`
	State         waitroom.Phase `json:"state"` // the same as the phase
	Phase         waitroom.Phase `json:"phase"`
	Ended         string         `json:"ended,omitempty"`
	Fairness      *float64       `json:"fairness,omitempty"`
	AsOf          time.Time      `json:"as_of"`
}

func servingOf(v *waitroom.View) servingDoc {
	return servingDoc{
		Epoch: v.Epoch, Issued: v.Issued, Serving: v.Serving, Waiting: waiting(v),
		RatePerMinute: v.Rate(), State: v.Phase, Phase: v.Phase, Ended: v.Ended, AsOf: v.AsOf.UTC(),
	}
}

// waiting is how many people wait and are there.
func waiting(v *waitroom.View) int64 {
	if v.Crowd == nil {
		return 0
	}
	return v.Waiting()
}

// roomDoc is Room of the contract.
type roomDoc struct {
	Room    string          `json:"room"`
	Version int64           `json:"version"`
	Policy  waitroom.Policy `json:"policy"`
	Live    liveDoc         `json:"live"`
}

type liveDoc struct {
	Epoch              int64              `json:"epoch"`
	Phase              waitroom.Phase     `json:"phase"`
	Ended              string             `json:"ended,omitempty"`
	Draw               waitroom.DrawState `json:"draw,omitempty"`
	Issued             int64              `json:"issued"`
	Serving            int64              `json:"serving"`
	Waiting            int64              `json:"waiting"`
	Active             int64              `json:"active"`
	AdmittedTotal      int64              `json:"admitted_total"`
	AdmittedLastMinute int64              `json:"admitted_last_minute"`
	WouldQueue         int64              `json:"would_queue"`
	RateNow            int64              `json:"rate_now"`
	RateAdvised        int64              `json:"rate_advised"`
	RateWhy            string             `json:"rate_why,omitempty"`
	AsOf               time.Time          `json:"as_of"`
}

// roomOf is a room as the line tells it, but for the count of those who wait, which the line would have to count anew: that is
// the gateway's own, at most two seconds old.
func (c *Control) roomOf(s waitroom.Snapshot) roomDoc {
	doc := roomDoc{Room: s.Room, Version: s.Version, Policy: s.Policy, Live: liveDoc{
		Epoch: s.Epoch, Phase: s.Phase, Ended: s.Ended, Draw: s.Draw, Issued: s.Issued, Serving: s.Serving, Active: s.Active,
		AdmittedTotal: s.AdmittedTotal, AdmittedLastMinute: s.AdmittedLastMinute, WouldQueue: s.WouldQueue,
		RateNow: s.Rate(), RateAdvised: s.RateAdvised, RateWhy: s.RateWhy, AsOf: s.AsOf.UTC(),
	}}
	if r, err := c.Live.Find([]byte(s.Room)); err == nil && r.View().Epoch == s.Epoch {
		doc.Live.Waiting = waiting(r.View())
	}
	return doc
}
