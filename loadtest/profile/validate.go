package profile

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Bounds of a profile. What is beyond them is a slip rather than a load.
const (
	longest       = Duration(48 * time.Hour)
	fastest       = 1e6 // arrivals a second, before the scale
	mostScale     = 1e3
	mostVisitors  = 20_000_000 // twice the largest suite
	mostTries     = 1_000_000
	mostSockets   = 60_000 // ports of one address
	longestAnswer = Duration(5 * time.Minute)
)

var (
	slug     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	promises = []string{"P1", "P2", "P3", "P4", "P5", "P6"} // that a run can judge
	does     = []string{DoBuy, DoJoin, DoWait, DoBrowse, DoRush, DoAttack}
)

// Validate says all that is wrong with the profile, as Problems; nil when nothing is.
func (p *Profile) Validate() error {
	var all Problems
	all.slug("name", p.Name)
	if p.About == "" {
		all.add("about", "is missing: one sentence that says what the load is")
	}
	all.slug("show", p.Show)
	all.slug("other_show", p.OtherShow)
	if p.Show == p.OtherShow {
		all.add("other_show", "must be another show than show, %s", p.Show)
	}
	p.checkArrivals(&all)
	p.checkTimes(&all)
	p.checkVisitors(&all)
	p.Room.check(&all)
	all.within("hostile_tries", float64(p.Hostile), 0, mostTries)
	p.checkFaults(&all)
	p.checkSLOs(&all)
	for i, id := range p.Requires {
		key := element("requires", i)
		if all.choice(key, id, promises); slices.Index(p.Requires, id) < i {
			all.add(key, "%s is there twice", id)
		}
	}
	all.within("connections", float64(p.Connections), 1, mostSockets)
	if len(all) == 0 {
		return nil
	}
	return all
}

func (p *Profile) checkArrivals(all *Problems) {
	before := len(*all)
	if p.Scale <= 0 || p.Scale > mostScale {
		all.add("scale", "must be above 0, at most %v; is %v", float64(mostScale), p.Scale)
	}
	if len(p.Arrivals) < 2 {
		all.add("arrivals", "must be at least two corners of a line, as {at: 0s, per_second: 100} and {at: 30s, per_second: 100}; there are %d", len(p.Arrivals))
	}
	for i, a := range p.Arrivals {
		key := element("arrivals", i)
		all.within(key+".per_second", a.PerSecond, 0, fastest)
		switch {
		case i == 0 && a.At != 0:
			all.add(key+".at", "must be 0s: the first corner is when the load begins; is %s", a.At)
		case i > 0 && a.At < p.Arrivals[i-1].At:
			all.add(key+".at", "must not be before the corner above it, %s; is %s", p.Arrivals[i-1].At, a.At)
		case i > 1 && a.At == p.Arrivals[i-2].At:
			all.add(key+".at", "is the third corner at %s; two make a step", a.At)
		case a.At > longest:
			all.add(key+".at", "must be at most %s, is %s", longest, a.At)
		}
	}
	if len(*all) > before {
		return // the sum means nothing
	}
	if n := p.Count(); n < 1 || n > mostVisitors {
		all.add("arrivals", "must bring 1 to %d visitors, bring %d with scale %v", mostVisitors, n, p.Scale)
	}
}

func (p *Profile) checkTimes(all *Problems) {
	all.span("deadline", p.Deadline, 1, longest)
	if length := Duration(p.Length()); p.Deadline < length {
		all.add("deadline", "must not be before the last corner of the line of arrivals, %s; is %s", length, p.Deadline)
	}
	if all.span("warm_up", p.WarmUp, 0, longest); p.WarmUp >= p.Deadline {
		all.add("warm_up", "must be shorter than the deadline, %s, or nothing is measured; is %s", p.Deadline, p.WarmUp)
	}
	all.span("timeout", p.Timeout, Duration(time.Millisecond), longestAnswer)
}

func (p *Profile) checkVisitors(all *Problems) {
	if len(p.Visitors) == 0 {
		all.add("visitors", "is missing: at least one kind of visitor")
	}
	for i := range p.Visitors {
		k, key := &p.Visitors[i], element("visitors", i)
		if all.slug(key+".name", k.Name); slices.IndexFunc(p.Visitors, func(o Kind) bool { return o.Name == k.Name }) < i {
			all.add(key+".name", "%s is there twice", k.Name)
		}
		k.check(all, key)
	}
}

func (k *Kind) check(all *Problems, key string) {
	all.choice(key+".do", k.Do, does)
	if k.Weight <= 0 || k.Weight > fastest {
		all.add(key+".weight", "must be above 0, at most %v; is %v", float64(fastest), k.Weight)
	}
	all.span(key+".think.median", k.Think.Median, 0, longest)
	if k.Think.P95 != 0 || k.Think.Median != 0 { // the file may have said neither
		all.span(key+".think.p95", k.Think.P95, k.Think.Median, longest)
	}
	all.span(key+".patience", k.Patience, 0, longest)
	all.within(key+".seats", float64(k.Seats), 1, 10)
	all.within(key+".pages", float64(k.Pages), 1, 100_000)
	all.within(key+".polls_faster", k.Polls, 1, 10_000)
	for _, share := range []struct {
		name  string
		value float64
	}{
		{"leave", k.Leave}, {"vanish", k.Vanish}, {"late", k.Late}, {"reload", k.Reload}, {"receipt", k.Receipt}, {"share", k.Share},
		{"silent", k.Silent}, {"decline", k.Decline}, {"hot", k.Hot},
	} {
		all.within(key+"."+share.name+"_percent", share.value, 0, 100)
	}
	if sum := k.Leave + k.Vanish + k.Late; sum > 100 {
		all.add(key+".late_percent", "leave, vanish and late are different people: together they must be at most 100, are %v", sum)
	}
}

// element is the key of an item of a list.
func element(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// slug checks a name.
func (ps *Problems) slug(key, name string) {
	if len(name) > 60 || !slug.MatchString(name) {
		ps.add(key, "must be small letters, digits and single hyphens, at most 60; is %q", name)
	}
}

func (ps *Problems) choice(key, word string, of []string) {
	if !slices.Contains(of, word) {
		ps.add(key, "must be one of %s; is %q", listed(of), word)
	}
}

func (ps *Problems) within(key string, v, low, high float64) {
	if !(v >= low && v <= high) { // so written that what is no number is refused
		ps.add(key, "must be from %s to %s, is %s", digits(low), digits(high), digits(v))
	}
}

func (ps *Problems) span(key string, d, low, high Duration) {
	if d < low || d > high {
		ps.add(key, "must be from %s to %s, is %s", low, high, d)
	}
}

// digits is a number without an exponent.
func digits(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
