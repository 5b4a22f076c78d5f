package waitroom

import (
	"slices"

	"anteroom/internal/fault"
)

// Watch says how far a guard goes.
type Watch string

// The stages of a guard. What is watched is counted as it would be enforced, and nobody notices.
const (
	WatchOff     Watch = ""
	WatchOnly    Watch = "watch"
	WatchEnforce Watch = "enforce"
)

var watches = []Watch{WatchOff, WatchOnly, WatchEnforce}

// Guards keep those out of the line who are no buyers, or make it dear for them. Each can be watched before it is enforced.
type Guards struct {
	ProofOfWork     Watch `json:"proof_of_work,omitempty"`     // a join wants a solved puzzle
	ProofBits       int64 `json:"proof_bits,omitempty"`        // its cost: 2 to the power of it hashes on average, 8 to 26
	JoinLimit       Watch `json:"join_limit,omitempty"`        // of new places
	JoinsPerAddress int64 `json:"joins_per_address,omitempty"` // in any minute from one address, on one gateway, half of them at once; 1 to 1,000,000, 0: any number
	JoinsPerPrefix  int64 `json:"joins_per_prefix,omitempty"`  // the same of one /24 of IPv4 or /48 of IPv6
	Presale         Watch `json:"presale,omitempty"`           // a join wants a presale code
	// PresaleUntilOpen ends that at open_at: who has a code gathers before the opening, and all others come after them. Without it, codes
	// are wanted for as long as presale says so: a sale for those with codes only.
	PresaleUntilOpen bool  `json:"presale_until_open,omitempty"`
	Shadow           Watch `json:"shadow,omitempty"` // who trips a guard is shown a place in a line that does not move
}

func (g Guards) check(f *fault.Error, openAt string) *fault.Error {
	for name, stage := range map[string]Watch{"proof_of_work": g.ProofOfWork, "join_limit": g.JoinLimit, "presale": g.Presale, "shadow": g.Shadow} {
		if !slices.Contains(watches, stage) {
			f = f.WithField("guards."+name, "must be one of %q, is %q", watches, stage)
		}
	}
	if (g.ProofOfWork != WatchOff || g.ProofBits != 0) && (g.ProofBits < 8 || g.ProofBits > 26) {
		f = f.WithField("guards.proof_bits", "must be from 8 to 26, is %d", g.ProofBits)
	}
	for name, n := range map[string]int64{"joins_per_address": g.JoinsPerAddress, "joins_per_prefix": g.JoinsPerPrefix} {
		if n < 0 || n > 1_000_000 {
			f = f.WithField("guards."+name, "must be from 0 to 1000000, is %d", n)
		}
	}
	if g.JoinLimit != WatchOff && g.JoinsPerAddress == 0 && g.JoinsPerPrefix == 0 {
		f = f.WithField("guards.join_limit", "limits nothing; give joins_per_address or joins_per_prefix")
	}
	if g.PresaleUntilOpen && openAt == "" {
		f = f.WithField("guards.presale_until_open", "wants an open_at to end at")
	}
	return f
}
