// Package benchmarks measures the parts that the project's speed depends on and writes BENCHMARKS.md.
package benchmarks

// Figure is one benchmark that is written down.
type Figure struct {
	Package    string // folder of the package, from the module's root
	Name       string // of the benchmark, without "Benchmark"
	What       string // what one operation is
	Calibrator string // benchmark of the same package that it is compared with; empty: none
}

// Figures is the one list of what `make bench` measures. A benchmark that is listed and not there is an error.
var Figures = []Figure{
	{"waitroom/redisqueue", "Join", "a join into a line where nobody is admitted, one script call to Redis", ""},
	{"waitroom/redisqueue", "Status", "a heartbeat of one of ten thousand who wait", ""},
	{"waitroom/redisqueue", "Tick", "a call of the admission when little is due", ""},
	{"waitroom/redisqueue", "Admit", "an admission, many of them in one call", ""},
	{"waitroom/cmd/waitroom", "Admitted", "a request with a pass through the gate to an upstream", "BareProxy"},
	{"waitroom/cmd/waitroom", "BareProxy", "the same through a proxy of the same library that checks nothing", ""},
	{"booking/postgres", "Hold", "a hold of one free seat", ""},
	{"booking/postgres", "SeatState", "the state of all seats of a hall", ""},
	{"internal/auth", "PassVerifyCached", "a pass that has been seen before", "PassVerifyFirst"},
	{"internal/auth", "PassVerifyFirst", "a pass that is seen for the first time", ""},
}

// packages are the packages of the list, each once, in its order.
func packages(figures []Figure) (all []string) {
	seen := map[string]bool{}
	for _, f := range figures {
		if !seen[f.Package] {
			seen[f.Package] = true
			all = append(all, f.Package)
		}
	}
	return all
}
