package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Comparison holds two reports beside each other.
type Comparison struct {
	A, B     *Report
	Warnings []string // what makes the figures of the two hard to compare
	Actions  []Row
	Changes  []Change
}

// Row is one figure of both. Ratio is that of B to A; 0 when there is none because A is 0 or one of them is absent.
type Row struct {
	Action, Figure string
	A, B, Ratio    float64
	Unit           string
	Absent         string // "A" or "B" when that has no such action
	MoreIsBetter   bool
}

// absent is what is said of a promise or a service level that only one of the two has.
const absent = "absent"

// Change is a promise or a service level that came out differently.
type Change struct {
	What, A, B string
}

// Compare holds b beside a: a is usually the older one.
func Compare(a, b *Report) *Comparison {
	c := &Comparison{A: a, B: b, Warnings: warnings(a, b), Changes: changes(a, b)}
	for _, name := range names(a, b) {
		c.Actions = append(c.Actions, rows(name, a.action(name), b.action(name))...)
	}
	return c
}

func (r *Report) action(name string) *Action {
	for i := range r.Actions {
		if r.Actions[i].Name == name {
			return &r.Actions[i]
		}
	}
	return nil
}

// names are those of the actions of both, in the order of a's.
func names(a, b *Report) (all []string) {
	for _, list := range [][]Action{a.Actions, b.Actions} {
		for _, x := range list {
			if !slices.Contains(all, x.Name) {
				all = append(all, x.Name)
			}
		}
	}
	return all
}

func rows(name string, a, b *Action) (all []Row) {
	without := ""
	switch {
	case a == nil:
		a, without = &Action{}, "A"
	case b == nil:
		b, without = &Action{}, "B"
	}
	for _, f := range []struct {
		figure, unit string
		a, b         float64
		more         bool
	}{
		{"p50", "ms", a.P50, b.P50, false}, {"p95", "ms", a.P95, b.P95, false}, {"p99", "ms", a.P99, b.P99, false},
		{"throughput", "/s", a.PerSecond, b.PerSecond, true}, {"errors", "%", a.failedPercent(), b.failedPercent(), false},
	} {
		row := Row{Action: name, Figure: f.figure, Unit: f.unit, A: f.a, B: f.b, Absent: without, MoreIsBetter: f.more}
		if without == "" && f.a != 0 {
			row.Ratio = f.b / f.a
		}
		all = append(all, row)
	}
	return all
}

func (a *Action) failedPercent() float64 {
	if a.Count == 0 {
		return 0
	}
	return 100 * float64(max(a.Failed, a.Lost)) / float64(a.Count)
}

// warnings name what differs between the two beside what was measured.
func warnings(a, b *Report) (all []string) {
	differ := func(what, x, y string) {
		if x != y {
			all = append(all, fmt.Sprintf("the %s differs: %s and %s", what, cmp.Or(x, "not known"), cmp.Or(y, "not known")))
		}
	}
	differ("suite", a.Suite, b.Suite)
	differ("profile", a.Profile, b.Profile)
	if a.Profile == b.Profile && settingsOf(a) != settingsOf(b) {
		all = append(all, "the profile has the same name and other settings")
	}
	differ("seed", fmt.Sprint(a.Seed), fmt.Sprint(b.Seed))
	differ("commit", a.Commit, b.Commit)
	differ("machine", a.machineName(), b.machineName())
	for name, r := range map[string]*Report{"A": a, "B": b} {
		if r.Generator != nil && r.Generator.Saturated != "" {
			all = append(all, fmt.Sprintf("the generator of %s was saturated: %s", name, r.Generator.Saturated))
		}
		if r.Ended != "" && r.Ended != "done" {
			all = append(all, fmt.Sprintf("%s did not run to its end: %s", name, r.Ended))
		}
	}
	slices.SortStableFunc(all, strings.Compare)
	return all
}

// changes lists promises and service levels that came out differently, and the verdict first.
func changes(a, b *Report) (all []Change) {
	differ := func(what, x, y string) {
		if x != y {
			all = append(all, Change{what, x, y})
		}
	}
	differ("verdict", a.Verdict, b.Verdict)
	x, y := a.results(), b.results()
	for _, r := range slices.Concat(x, y) {
		if !slices.ContainsFunc(all, func(c Change) bool { return c.What == r[0] }) {
			differ(r[0], outcome(x, r[0]), outcome(y, r[0]))
		}
	}
	return all
}

// results are promises, checks and service levels, each with how it came out.
func (r *Report) results() (all [][2]string) {
	for _, p := range r.Promises {
		all = append(all, [2]string{p.ID + " " + p.Name, string(p.State)})
		for _, c := range p.Checks {
			all = append(all, [2]string{p.ID + ": " + c.Name, string(c.State)})
		}
	}
	for _, s := range r.SLOs {
		all = append(all, [2]string{"service level " + s.Name + " " + s.Bound(), s.State()})
	}
	return all
}

func outcome(results [][2]string, name string) string {
	for _, r := range results {
		if r[0] == name {
			return r[1]
		}
	}
	return absent
}

// settingsOf is the JSON form of the settings: one report may have been read, and the other just made.
func settingsOf(r *Report) string {
	body, err := json.Marshal(r.Settings)
	if err != nil {
		return err.Error()
	}
	var plain any
	if json.Unmarshal(body, &plain) == nil {
		if sorted, err := json.Marshal(plain); err == nil {
			return string(sorted)
		}
	}
	return string(body)
}

// machineName says what the generator ran on in a few words.
func (r *Report) machineName() string {
	m := r.Machine
	return fmt.Sprintf("%s, %d cores, %.1f GiB, Linux %s, %s", m.CPU, m.Cores, m.MemoryGB, m.Kernel, m.Go)
}
