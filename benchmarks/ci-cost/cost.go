package main

import "math"

// hostedAt is what so many minutes a month cost where each is paid.
func (c cost) hostedAt(minutes int) float64 {
	return c.Hosted.PlanPerMonth + max(0, float64(minutes)-c.Hosted.FreeMinutes)*c.Hosted.PricePerMinute
}

// machines is how many it takes: for the jobs at once, and for all the minutes to find room in the hours in which there are builds.
func (c cost) machines(minutes int) float64 {
	o := c.Own
	room := o.BusyHours * 60 * o.JobsPerMachine
	return max(math.Ceil(o.Concurrency/o.JobsPerMachine), math.Ceil(float64(minutes)*o.MinutesPerHosted/room-1e-9)) // the products are not exact
}

// ownAt is what the same builds cost on machines of one's own.
func (c cost) ownAt(minutes int) float64 {
	o := c.Own
	power := o.PowerWatts / 1000 * hoursOfMonth * o.PricePerKWh
	return c.machines(minutes)*(o.MachinePerMonth+power) + o.MaintenanceHours*o.PricePerHour + float64(minutes)*o.MinutesPerHosted*o.PricePerMinute
}

// span is a stretch of minutes a month, both ends included.
type span struct{ from, to int }

// cheaper are the stretches up to so many minutes in which one's own machines cost no more than the hosted minutes. There may be several: the next
// machine can make them dearer again for a while.
func (c cost) cheaper(upTo int) (all []span) {
	for m := 0; m <= upTo; m++ {
		if c.ownAt(m) > c.hostedAt(m)+1e-9 { // the products are not exact
			continue
		}
		if n := len(all); n > 0 && all[n-1].to == m-1 {
			all[n-1].to = m
		} else {
			all = append(all, span{m, m})
		}
	}
	return all
}
