package benchmarks

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Runs are the values of one benchmark over its runs, by unit: "ns/op", "B/op", "allocs/op" and units of its own.
type Runs map[string][]float64

// parse reads what a test program prints of benchmarks. The names are without "Benchmark" and without the number of processors. skipped
// holds the reasons of those that skipped themselves. A line that begins like a result and is none is an error.
func parse(output []byte) (all map[string]Runs, skipped map[string]string, err error) {
	all, skipped = map[string]Runs{}, map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<20)
	last := "" // what the benchmark that is under way said last: with -test.v it says why before it is said to have skipped itself
	for lines.Scan() {
		if prefix := where.FindString(lines.Text()); prefix != "" {
			last = strings.TrimSpace(lines.Text()[len(prefix):])
			continue
		}
		if name, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "--- SKIP: Benchmark"); ok {
			if last == "" {
				last = "it skipped itself without a reason"
			}
			skipped[bare(name)] = last
		}
		if !strings.HasPrefix(lines.Text(), "    ") { // a message's further lines
			last = ""
		}
		name, values, err := parseLine(lines.Text())
		if err != nil {
			return nil, nil, err
		}
		if name == "" {
			continue
		}
		if all[name] == nil {
			all[name] = Runs{}
		}
		for unit, value := range values {
			all[name][unit] = append(all[name][unit], value)
		}
	}
	return all, skipped, lines.Err()
}

// where is what the testing package puts before a message.
var where = regexp.MustCompile(`^\s+\S+\.go:\d+: `)

// bare is a benchmark's name without the number of processors.
func bare(name string) string {
	if cut := strings.LastIndexByte(name, '-'); cut > 0 {
		if _, err := strconv.Atoi(name[cut+1:]); err == nil {
			return name[:cut]
		}
	}
	return name
}

func parseLine(line string) (name string, values map[string]float64, err error) {
	fields := strings.Fields(line)
	if len(fields) < 2 || !strings.HasPrefix(fields[0], "Benchmark") {
		return "", nil, nil // another line, or a name alone because the benchmark printed something
	}
	if _, err := strconv.ParseInt(fields[1], 10, 64); err != nil {
		return "", nil, nil
	}
	if len(fields)%2 != 0 || len(fields) < 4 {
		return "", nil, fmt.Errorf("not a result of a benchmark: %q", line)
	}
	values = map[string]float64{}
	for i := 2; i < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return "", nil, fmt.Errorf("not a result of a benchmark: %q", line)
		}
		values[fields[i+1]] = value
	}
	return bare(strings.TrimPrefix(fields[0], "Benchmark")), values, nil
}

// spread is the middle and the ends of some values.
type spread struct{ median, least, most float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1]}
}
