package check

import "anteroom/loadtest/journal"

// Policy, Sample and StoredOrder are in package journal now; these names stay until nothing uses them.
type (
	Policy      = journal.Policy
	Sample      = journal.Sample
	StoredOrder = journal.StoredOrder
)

// Evidence is what was judged before there was a journal of everything. It stays until package surge writes one.
type Evidence struct {
	Policy          Policy
	Records         []journal.Record
	Samples         []Sample
	BadTokens       []string
	TokensChecked   int
	TriesWanted     int
	CanariesOffered int
	CanariesTaken   int
	GatedAtBooking  int64
	Paid            []StoredOrder
	PaidKnown       bool
	Recount         map[string]int64
	RecountCommand  string
}

// Log is the evidence as a journal.
func (e Evidence) Log() *journal.Log {
	a := &journal.Audit{
		BadTokens: e.BadTokens, TokensChecked: e.TokensChecked, TriesWanted: e.TriesWanted, CanariesOffered: e.CanariesOffered,
		CanariesTaken: e.CanariesTaken, GatedAtBooking: e.GatedAtBooking, Paid: e.Paid, Recount: e.Recount, RecountCommand: e.RecountCommand,
		Missing: map[string]string{},
	}
	if !e.PaidKnown {
		a.Missing["sales"] = "the stored orders could not be read"
	}
	if e.GatedAtBooking < 0 {
		a.Missing["gated"] = "booking's count is not known"
	}
	return &journal.Log{Header: journal.Header{Policy: e.Policy, Parts: 1}, Records: e.Records, Samples: e.Samples, Audit: a}
}
