package waitroom

import (
	"fmt"
	"time"

	"anteroom/internal/fault"
)

// ScheduleLayout is how the times of a schedule are written; the zone is a field of its own.
const ScheduleLayout = "2006-01-02T15:04:05"

// Schedule is when a room changes by itself. A zero time is not set.
type Schedule struct {
	PrequeueAt, OpenAt, CloseAt time.Time
}

// Schedule resolves the policy's local times. It fails for a zone that is not known and for a time that the zone does not
// have, or has twice, because its clocks change then.
func (p Policy) Schedule() (Schedule, error) {
	if f := p.checkSchedule(fault.New(fault.Invalid, "policy-invalid", "The room's schedule is not acceptable.")); len(f.Fields) > 0 {
		return Schedule{}, f
	}
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return Schedule{}, err
	}
	var s Schedule
	for _, one := range []struct {
		text string
		at   *time.Time
	}{{p.PrequeueAt, &s.PrequeueAt}, {p.OpenAt, &s.OpenAt}, {p.CloseAt, &s.CloseAt}} {
		if one.text != "" {
			if *one.at, err = localTime(one.text, zone); err != nil {
				return Schedule{}, err
			}
		}
	}
	return s, nil
}

// checkSchedule adds to f what is wrong with the schedule.
func (p Policy) checkSchedule(f *fault.Error) *fault.Error {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		return f.WithField("time_zone", "must be the IANA name of a time zone, such as Asia/Seoul, is %q", p.TimeZone)
	}
	var last time.Time
	before := ""
	for _, one := range []struct{ name, text string }{{"prequeue_at", p.PrequeueAt}, {"open_at", p.OpenAt}, {"close_at", p.CloseAt}} {
		if one.text == "" {
			continue
		}
		at, err := localTime(one.text, zone)
		switch {
		case err != nil:
			f = f.WithField(one.name, "%v", err)
			continue
		case before != "" && !at.After(last):
			f = f.WithField(one.name, "must be after %s", before)
		}
		last, before = at, one.name
	}
	if p.PrequeueAt != "" && p.OpenAt == "" {
		f = f.WithField("open_at", "must be given, because prequeue_at is")
	}
	return f
}

// localTime reads a time of a zone. Go resolves a time in a gap or an overlap of the zone's clocks by itself, to one that an
// operator may not have meant; here that is an error.
func localTime(text string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation(ScheduleLayout, text, zone)
	if err != nil {
		return at, fmt.Errorf("must be a local time such as 2026-12-01T20:00:00, is %q", text)
	}
	if at.Format(ScheduleLayout) != text {
		return at, fmt.Errorf("%s does not exist in %s: its clocks go forward then", text, zone)
	}
	for _, shift := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		_, near := at.Add(shift).Zone()
		_, own := at.Zone()
		other := at.Add(time.Duration(own-near) * time.Second)
		if other != at && other.In(zone).Format(ScheduleLayout) == text {
			return at, fmt.Errorf("%s comes twice in %s: its clocks go back then; give a time before or after", text, zone)
		}
	}
	return at, nil
}
