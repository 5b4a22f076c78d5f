package api

import (
	"time"

	"anteroom/waitroom"
)

// servingDoc is Serving of the contract: enough for a page to show its own position.
type servingDoc struct {
	Epoch         int64         `json:"epoch"`
	Issued        int64         `json:"issued"`
	Serving       int64         `json:"serving"`
	RatePerMinute int64         `json:"rate_per_minute"`
	State         waitroom.Mode `json:"state"`
	AsOf          time.Time     `json:"as_of"`
}

func servingOf(v *waitroom.View) servingDoc {
	return servingDoc{
		Epoch: v.Epoch, Issued: v.Issued, Serving: v.Serving,
		RatePerMinute: v.Policy.RatePerMinute, State: v.Policy.Mode, AsOf: v.AsOf.UTC(),
	}
}

// roomDoc is Room of the contract.
type roomDoc struct {
	Room    string          `json:"room"`
	Version int64           `json:"version"`
	Policy  waitroom.Policy `json:"policy"`
	Live    liveDoc         `json:"live"`
}

type liveDoc struct {
	Epoch              int64     `json:"epoch"`
	Issued             int64     `json:"issued"`
	Serving            int64     `json:"serving"`
	Waiting            int64     `json:"waiting"`
	Active             int64     `json:"active"`
	AdmittedTotal      int64     `json:"admitted_total"`
	AdmittedLastMinute int64     `json:"admitted_last_minute"`
	AsOf               time.Time `json:"as_of"`
}

func roomOf(s waitroom.Snapshot) roomDoc {
	return roomDoc{Room: s.Room, Version: s.Version, Policy: s.Policy, Live: liveDoc{
		Epoch: s.Epoch, Issued: s.Issued, Serving: s.Serving, Waiting: s.Waiting, Active: s.Active,
		AdmittedTotal: s.AdmittedTotal, AdmittedLastMinute: s.AdmittedLastMinute, AsOf: s.AsOf.UTC(),
	}}
}
