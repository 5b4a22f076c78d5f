package waitroom

import (
	"time"

	"anteroom/internal/auth"
)

// PassLife is how long a pass is good that is made now, in a session that goes on for longer; 0: as long as the session may last. It is no
// less than twice what a session may be silent: a pass is renewed when half of its life is over, and who was silent no longer than that must
// still hold a good one.
func (p *Policy) PassLife() time.Duration {
	if p.PassLifeSeconds == 0 {
		return 0
	}
	return time.Duration(max(p.PassLifeSeconds, 2*p.SessionIdleSeconds)) * time.Second
}

// PassEnd is when a pass runs out that is made now, in a session that ends at the time given.
func (p *Policy) PassEnd(now, ends time.Time) time.Time {
	if life := p.PassLife(); life != 0 && now.Add(life).Before(ends) {
		return now.Add(life).Truncate(time.Millisecond)
	}
	return ends
}

// RenewalDue reports whether the holder of this pass, a good one, should have another: less than half of its life is left, and the session
// goes on for longer. A pass by no place at all (see Desk.Detour) is never renewed.
func (p *Policy) RenewalDue(pass *auth.Pass, now time.Time) bool {
	if pass.Number == 0 || !pass.ExpiresAt.Before(pass.EndsAt) {
		return false
	}
	life := p.PassLife()
	return life == 0 || pass.ExpiresAt.Sub(now) < life/2
}
