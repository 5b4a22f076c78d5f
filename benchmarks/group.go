package benchmarks

import (
	"fmt"
	"slices"
	"strings"
)

// group is benchmarks of one package that are compared with one another. A round runs them one right after the other, so that what the
// machine does meanwhile meets all of them.
type group struct {
	pkg   string
	names []string // in the list's order
}

// pattern is the group as -test.bench takes it.
func (g group) pattern() string { return "^Benchmark(" + strings.Join(g.names, "|") + ")$" }

func (g group) String() string { return g.pkg + ": " + strings.Join(g.names, ", ") }

// dear says that what a member needs takes so long to make, and cannot be shared, that a round goes through the group once.
func (g group) dear() bool {
	return slices.ContainsFunc(g.names, func(n string) bool { return slices.Contains(dear, g.pkg+"."+n) })
}

// calibrators are the benchmarks that a figure is compared with.
func (f Figure) calibrators() []string {
	return strings.FieldsFunc(f.Calibrator, func(r rune) bool { return r == ',' })
}

// groupsOf puts together what is compared with one another, directly or by way of a third.
func groupsOf(figures []Figure) []group {
	var all []group
	for _, f := range figures {
		g := group{f.Package, append([]string{f.Name}, f.calibrators()...)}
		others := all[:0:0]
		for _, other := range all {
			if other.pkg == g.pkg && slices.ContainsFunc(other.names, func(n string) bool { return slices.Contains(g.names, n) }) {
				g.names = append(other.names, g.names...)
			} else {
				others = append(others, other)
			}
		}
		g.names = unique(g.names)
		all = append(others, g)
	}
	return inOrder(all, figures)
}

// inOrder sorts groups, and the names in each, as the list has them.
func inOrder(groups []group, figures []Figure) []group {
	place := map[string]int{}
	for i, f := range figures {
		place[f.Package+"."+f.Name] = i
	}
	for _, g := range groups {
		slices.SortStableFunc(g.names, func(a, b string) int { return place[g.pkg+"."+a] - place[g.pkg+"."+b] })
	}
	slices.SortStableFunc(groups, func(a, b group) int { return place[a.pkg+"."+a.names[0]] - place[b.pkg+"."+b.names[0]] })
	return groups
}

func unique(names []string) []string {
	var all []string
	for _, n := range names {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// short is what is measured where time is short: the paths that every visitor takes, each beside one or two of its calibrators.
var short = []struct{ figure, calibrators string }{
	{"waitroom/redisqueue.Join", "JoinSortedSet"},
	{"waitroom.Status", "PlainHMAC"},
	{"waitroom/draw.Rank", "PlainHash"},
	{"waitroom/cmd/waitroom.Admitted", "BareProxy,Nginx"},
	{"waitroom/cmd/waitroom.JoinHTTP", "ConstantJoin"},
	{"waitroom/cmd/waitroom.StatusHTTP", "ConstantStatus"},
	{"booking/cmd/booking.SeatStateHTTP", "ConstantState"},
	{"internal/auth.TicketVerify", "PlainHMAC"},
	{"internal/auth.PassSign", "PlainSign"},
	{"internal/auth.PassVerifyFirst", "PlainVerify"},
}

// Short is the part of the list that is measured where time is short. Its metrics have the names they have in the whole list.
func Short(figures []Figure) ([]Figure, error) {
	var part []Figure
	for _, s := range short {
		at := slices.IndexFunc(figures, func(f Figure) bool { return f.Package+"."+f.Name == s.figure })
		if at < 0 {
			return nil, fmt.Errorf("there is no figure %q", s.figure)
		}
		own := figures[at]
		for _, c := range strings.Split(s.calibrators, ",") {
			if !slices.Contains(own.calibrators(), c) {
				return nil, fmt.Errorf("%s is not compared with %q", s.figure, c)
			}
		}
		own.Calibrator = s.calibrators
		part = append(part, own)
		for _, c := range own.calibrators() {
			at := slices.IndexFunc(figures, func(f Figure) bool { return f.Package == own.Package && f.Name == c })
			if at < 0 {
				return nil, fmt.Errorf("there is no figure %q", own.Package+"."+c)
			}
			calibrator := figures[at]
			calibrator.Calibrator = "" // what it is compared with itself is not measured
			if !slices.Contains(part, calibrator) {
				part = append(part, calibrator)
			}
		}
	}
	return part, nil
}

// Choose is the part of the list that belongs to some figures, each named as package.Name: the figures and all that their groups hold.
// A name that the list does not have is an error.
func Choose(figures []Figure, names []string) ([]Figure, error) {
	chosen := map[string]bool{}
	for _, name := range names {
		found := false
		for _, g := range groupsOf(figures) {
			if slices.ContainsFunc(g.names, func(n string) bool { return g.pkg+"."+n == name }) {
				found = true
				for _, n := range g.names {
					chosen[g.pkg+"."+n] = true
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no figure %q", name)
		}
	}
	var part []Figure
	for _, f := range figures {
		if chosen[f.Package+"."+f.Name] {
			part = append(part, f)
		}
	}
	return part, nil
}
