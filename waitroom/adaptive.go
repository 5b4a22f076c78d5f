package waitroom

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anteroom/internal/fault"
)

// Adaptive lets the rate follow how the upstream does, as the gateways see it: down fast, up slowly, never above rate_per_minute. See Throttle.
type Adaptive struct {
	Stage            Watch `json:"stage,omitempty"`               // watch computes the rate and changes nothing
	MinRatePerMinute int64 `json:"min_rate_per_minute,omitempty"` // the rate never falls below it, 1 to rate_per_minute
	TargetP95MS      int64 `json:"target_p95_ms,omitempty"`       // an upstream slower than this is under pressure, 1 to 60,000
	MaxErrorPercent  int64 `json:"max_error_percent,omitempty"`   // so is one that fails more often, 1 to 100
	MaxInFlight      int64 `json:"max_in_flight,omitempty"`       // or has more requests under way from one gateway, 1 to 100,000; 0: any number
}

func (a Adaptive) check(f *fault.Error, rate int64) *fault.Error {
	if !slices.Contains(watches, a.Stage) {
		f = f.WithField("adaptive.stage", "must be one of %q, is %q", watches, a.Stage)
	}
	if a.Stage == WatchOff {
		return f
	}
	within := func(name string, v, low, high int64) {
		if v < low || v > high {
			f = f.WithField("adaptive."+name, "must be from %d to %d, is %d", low, high, v)
		}
	}
	within("min_rate_per_minute", a.MinRatePerMinute, 1, max(rate, 1))
	within("target_p95_ms", a.TargetP95MS, 1, 60_000)
	within("max_error_percent", a.MaxErrorPercent, 1, 100)
	within("max_in_flight", a.MaxInFlight, 0, 100_000)
	return f
}

// Throttle moves the rate of rooms whose policy is adaptive. Errors are as for Queue.
type Throttle interface {
	// Press tells that this gateway sees the room's upstream under pressure, and why, in at most MaxPressure bytes. The rate falls to seven
	// tenths, though not below min_rate_per_minute and not twice within 3 s, however many gateways press. Once none has for 10 s it rises
	// by a twentieth of the operator's rate, and so again every 5 s. The limits hold for the rate in force, at every moment. In the stage
	// watch only RateAdvised moves; a room that is not adaptive stays as it is.
	Press(ctx context.Context, room, why string) (Snapshot, error)
}

// MaxPressure bounds the reason that Press is given, in bytes; of a longer one the beginning is kept.
const MaxPressure = 120

// CutPressure bounds a reason, at the border of a character.
func CutPressure(why string) string {
	why = strings.ToValidUTF8(why, "")
	if len(why) <= MaxPressure {
		return why
	}
	end := MaxPressure
	for !utf8.RuneStart(why[end]) {
		end--
	}
	return why[:end]
}

// Load measures how the upstreams of rooms do, as one gateway sees it. Safe for concurrent use; it allocates nothing.
type Load interface {
	// Begin notes that a request of someone let into the room goes to its upstream. Nil when nobody wants to know.
	Begin(room string) UnderWay
}

// UnderWay is a request that an upstream has been given.
type UnderWay interface {
	// End notes, once, that it was answered or failed after this time, which is until the head of the answer.
	End(took time.Duration, failed bool)
}
