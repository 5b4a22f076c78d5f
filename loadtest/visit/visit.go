// Package visit is the engine of all load suites that are written as profiles: visitors and bots arrive when the profile says, do what
// their kind does, and everything they see goes into a journal as it happens. Nothing is judged here.
package visit

import (
	"context"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/progress"
)

// System is what a load runs against. Only the gateways are needed: what cannot be known without the rest is named in the journal
// as missing, and nothing is judged by it.
type System struct {
	Gateways   []string // base addresses, for example http://127.0.0.1:8080
	BookingOps string   // base address of booking's private port; empty when it cannot be reached

	// Recount runs booking's own checker: violations by name, and the command that was run. Nil when it cannot be run.
	Recount func(ctx context.Context) (counts map[string]int64, command string, err error)

	Email, Password string            // of a member of staff who may change rooms and read orders; empty when there is none
	Facts           map[string]string // what is known of the system, for the report
}

// Options say how a profile is run.
type Options struct {
	Seed    uint64    // of every random choice: the same seed makes the same crowd
	Part    int       // of the generators that share the run, from 0; only part 0 sets the room, samples, attacks the gate and audits
	Parts   int       // how many share it; 0 is 1
	Start   time.Time // when the first arrival is due, the same for all parts; zero: as soon as everything is prepared, or as Ready says
	Suite   string    // for the journal's header
	Command string    // for the journal's header
	Commit  string    // of the sources, for the journal's header; empty when not known

	// Board is shown how the load goes on. Nil: nobody is.
	Board *progress.Board

	// Ready, when not nil, is called when this part is prepared, and returns when the first arrival is due: when all parts are prepared.
	Ready func(ctx context.Context) (start time.Time, err error)
	// Others, when not nil, is called by part 0 when its load is over, and returns when that of all parts is: only then can be counted
	// what came of it. The context may have ended by then: the others end with it.
	Others func(ctx context.Context) error

	// Faults does to the system what the profile says, from start until it is done or ctx ends, and notes each thing done. Nil: nothing is done.
	Faults func(ctx context.Context, start time.Time, note func(journal.Fault))
}
