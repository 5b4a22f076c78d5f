package booking

import (
	"math/bits"
	"time"
)

// SeatChanges says how a show's seats differ from an earlier state. Seats are named by their index in layout order.
type SeatChanges struct {
	LayoutVersion int       `json:"layout_version"`
	Version       int64     `json:"version"`
	Since         int64     `json:"since"` // the version they are changes from
	Available     int       `json:"available"`
	Taken         []int     `json:"taken"` // cannot be had any more
	Freed         []int     `json:"freed"` // can be had again
	AsOf          time.Time `json:"as_of"`
	Stale         bool      `json:"stale,omitempty"`
}

// Since lists what has changed from a version at which the seats were as the bitmap says. It reports false when the two are not
// of the same hall.
func (s SeatState) Since(version int64, before Bitmap) (SeatChanges, bool) {
	c := SeatChanges{
		LayoutVersion: s.LayoutVersion, Version: s.Version, Since: version, Available: s.Available,
		Taken: []int{}, Freed: []int{}, AsOf: s.AsOf, Stale: s.Stale,
	}
	if len(before) != len(s.Unavailable) {
		return c, false
	}
	for i, now := range s.Unavailable {
		for differ := now ^ before[i]; differ != 0; differ &= differ - 1 {
			bit := bits.TrailingZeros8(differ)
			if now&(1<<bit) != 0 {
				c.Taken = append(c.Taken, 8*i+bit)
			} else {
				c.Freed = append(c.Freed, 8*i+bit)
			}
		}
	}
	return c, true
}
