package rooms

import (
	"time"

	"anteroom/waitroom"
)

// overlap is how far a tick asks back behind the last one: when the clock of the line is set back a little, a later
// revocation can bear an earlier time.
const overlap = 2 * time.Second

// cursor says since when a tick asks for revocations, so that none is ever missed.
//
// The line stamps each with its clock and returns them in that order, a page at most, with the time up to which they are complete. While
// its clock goes on, what comes later bears a later time, and asking since then would do. Three things break that:
//   - The clock is set back, or another primary with another clock and maybe fewer revocations answers. Then all are asked for anew.
//   - The clock is set back by less than has passed since the last tick, which cannot be seen. What was revoked meanwhile bears a time no
//     earlier than the last tick's less the time passed; so that much is asked for again, and the overlap on top.
//   - There is more than a page. The next page follows on the last without an overlap, which could itself be more than a page. When the
//     last page has come, the next tick asks since the first page's own time, or since the earliest that what was revoked while the
//     pages were read can bear.
type cursor struct {
	since time.Time // zero: all
	again time.Time // since when all is to be asked for once more after the last page; zero when there is no further page
}

// ask is the time to ask since, this long after the last answer.
func (c *cursor) ask(passed time.Duration) time.Time {
	if c.since.IsZero() || !c.again.IsZero() {
		return c.since
	}
	return c.since.Add(-overlap - passed)
}

// answered takes note of an answer, to what was asked this long after the last one, which is nil at first. It reports whether the
// revocations are complete.
func (c *cursor) answered(s, last *waitroom.Snapshot, passed time.Duration) (complete bool) {
	upto := s.RevokedUpto
	if last != nil && !c.again.IsZero() {
		if unseen := last.AsOf.Add(-passed); unseen.Before(c.again) {
			c.again = unseen
		}
	}
	switch {
	case last != nil && (s.AsOf.Before(last.AsOf) || s.Primary != last.Primary):
		*c = cursor{}
		return false
	case !upto.IsZero() && !upto.Equal(s.AsOf): // a page; its time is even later than now when the clock was set back
		if c.again.IsZero() {
			c.again = s.AsOf
		}
		c.since = upto
		return false
	case c.again.IsZero():
		c.since = s.AsOf
	default:
		*c = cursor{since: c.again}
	}
	return true
}
