package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// inputs is all that is assumed. Amounts are in Currency, and per month unless they say otherwise.
type inputs struct {
	Currency string
	UpTo     int   // minutes a month to which break-even is looked for and plotted, 1 to 10,000,000
	Minutes  []int // a month, for which the tables have a row, rising, none above UpTo
	Cases    []cost
}

// cost is one comparison.
type cost struct {
	Name, About string
	Hosted      hosted
	Own         own
}

// hosted minutes are paid one by one.
type hosted struct {
	FreeMinutes    float64 // that are included
	PricePerMinute float64 // of those beyond
	PlanPerMonth   float64 // what the plan costs beyond what one would pay for it without any builds
}

// own machines are paid whether they work or not.
type own struct {
	MachinePerMonth  float64 // hire, or price divided by months of use
	Concurrency      float64 // jobs at once in the busiest hour
	JobsPerMachine   float64 // jobs at once on one machine
	BusyHours        float64 // a month in which there are builds at all; a machine does no more minutes than they have
	PowerWatts       float64 // of one machine, day and night; 0 where the hire includes it
	PricePerKWh      float64
	MaintenanceHours float64 // of a person, for all machines
	PricePerHour     float64 // of that person
	PricePerMinute   float64 // charged by the service that hands out the jobs; 0 where there is none
	MinutesPerHosted float64 // minutes on the machine for one hosted minute; below 1 where it is faster
}

const hoursOfMonth = 730 // 365 days of 24 hours, in twelve parts

// most is how many minutes a month are looked at at the most: each is tried, so that steps by whole machines are met exactly.
const most = 10_000_000

// read reads the file, strictly: every field there is must be given, and no other. The errors name the field and its line.
func read(body []byte) (*inputs, error) {
	doc, err := document(body)
	if err != nil {
		return nil, err
	}
	in := &inputs{}
	err = doc.mapping("", map[string]any{"currency": &in.Currency, "up_to_minutes": &in.UpTo, "minutes": &in.Minutes,
		"cases": func(n node, path string) error {
			return n.each(path, func(n node, path string) error {
				c, err := readCase(n, path)
				in.Cases = append(in.Cases, c)
				return err
			})
		}})
	if err != nil {
		return nil, err
	}
	return in, in.valid()
}

func readCase(n node, path string) (c cost, err error) {
	h, o := &c.Hosted, &c.Own
	err = n.mapping(path, map[string]any{"name": &c.Name, "about": &c.About,
		"hosted": func(n node, path string) error {
			return n.mapping(path, map[string]any{"free_minutes": &h.FreeMinutes, "price_per_minute": &h.PricePerMinute, "plan_per_month": &h.PlanPerMonth})
		},
		"self_hosted": func(n node, path string) error {
			return n.mapping(path, map[string]any{"machine_per_month": &o.MachinePerMonth, "concurrency": &o.Concurrency, "jobs_per_machine": &o.JobsPerMachine,
				"busy_hours_per_month": &o.BusyHours, "power_watts": &o.PowerWatts, "price_per_kwh": &o.PricePerKWh, "maintenance_hours": &o.MaintenanceHours,
				"price_per_hour": &o.PricePerHour, "price_per_minute": &o.PricePerMinute, "minutes_per_hosted_minute": &o.MinutesPerHosted})
		}})
	if err != nil {
		return c, err
	}
	for _, f := range []struct {
		name       string
		value      float64
		least, top float64
	}{
		{"hosted.free_minutes", h.FreeMinutes, 0, most}, {"hosted.price_per_minute", h.PricePerMinute, 0, 1e6}, {"hosted.plan_per_month", h.PlanPerMonth, 0, 1e9},
		{"self_hosted.machine_per_month", o.MachinePerMonth, 0, 1e9}, {"self_hosted.concurrency", o.Concurrency, 1, 10_000},
		{"self_hosted.jobs_per_machine", o.JobsPerMachine, 1, 1000}, {"self_hosted.busy_hours_per_month", o.BusyHours, 1, 744},
		{"self_hosted.power_watts", o.PowerWatts, 0, 100_000}, {"self_hosted.price_per_kwh", o.PricePerKWh, 0, 1e6},
		{"self_hosted.maintenance_hours", o.MaintenanceHours, 0, 1e6}, {"self_hosted.price_per_hour", o.PricePerHour, 0, 1e6},
		{"self_hosted.price_per_minute", o.PricePerMinute, 0, 1e6}, {"self_hosted.minutes_per_hosted_minute", o.MinutesPerHosted, 0.01, 100},
	} {
		if f.value < f.least || f.value > f.top || math.IsNaN(f.value) {
			return c, fmt.Errorf("line %d: %s.%s: must be from %.10g to %.10g, is %.10g", n.Line, path, f.name, f.least, f.top, f.value)
		}
	}
	for name, whole := range map[string]float64{"concurrency": o.Concurrency, "jobs_per_machine": o.JobsPerMachine} {
		if whole != math.Trunc(whole) {
			return c, fmt.Errorf("line %d: %s.self_hosted.%s: must be a whole number, is %v", n.Line, path, name, whole)
		}
	}
	return c, nil
}

func (in *inputs) valid() error {
	switch {
	case in.UpTo < 1 || in.UpTo > most:
		return fmt.Errorf("up_to_minutes: must be from 1 to %d, is %d", most, in.UpTo)
	case len(in.Minutes) == 0 || !slices.IsSorted(in.Minutes) || in.Minutes[0] < 0 || in.Minutes[len(in.Minutes)-1] > in.UpTo:
		return fmt.Errorf("minutes: must be rising, from 0 to up_to_minutes (%d), are %v", in.UpTo, in.Minutes)
	case len(in.Cases) == 0 || len(in.Cases) > 12:
		return fmt.Errorf("cases: must be 1 to 12, are %d", len(in.Cases))
	case in.Currency == "":
		return errors.New("currency: is empty")
	}
	for i, c := range in.Cases {
		if c.Name == "" {
			return fmt.Errorf("cases[%d].name: is empty", i)
		}
	}
	return nil
}
