package benchmarks

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Runs are the values of one benchmark over its runs, by unit: "ns/op", "B/op", "allocs/op" and units of its own.
type Runs map[string][]float64

// parse reads the lines that `go test -bench` prints for benchmarks. The names are without "Benchmark" and without the
// number of processors. A line that begins like a result and is none is an error.
func parse(output []byte) (map[string]Runs, error) {
	all := map[string]Runs{}
	lines := bufio.NewScanner(bytes.NewReader(output))
	for lines.Scan() {
		name, values, err := parseLine(lines.Text())
		if err != nil {
			return nil, err
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
	return all, lines.Err()
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
	name = strings.TrimPrefix(fields[0], "Benchmark")
	if cut := strings.LastIndexByte(name, '-'); cut > 0 {
		if _, err := strconv.Atoi(name[cut+1:]); err == nil {
			name = name[:cut]
		}
	}
	return name, values, nil
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
