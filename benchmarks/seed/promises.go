package seed

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
)

// told is the little that is needed of a load suite's report, whatever its schema: fields by these names are in all of them.
type told struct {
	Suite    string `json:"suite"`
	Command  string `json:"command"`
	Promises []struct {
		ID     string `json:"id"`
		Checks []struct {
			Name       string `json:"name"`
			Violations int64  `json:"violations"`
			Of         int64  `json:"of"`
		} `json:"checks"`
	} `json:"promises"`
}

// kept reads a report and returns, in percent, how many of a promise's cases were as promised, over all its checks, and how many cases there were.
func kept(path, promise string) (percent float64, cases int64, command string, err error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, "", err
	}
	var t told
	if err := json.Unmarshal(body, &t); err != nil {
		return 0, 0, "", fmt.Errorf("%s: %w", path, err)
	}
	var wrong int64
	for _, p := range t.Promises {
		if p.ID != promise {
			continue
		}
		for _, c := range p.Checks {
			if c.Violations < 0 || c.Of < c.Violations {
				return 0, 0, "", fmt.Errorf("%s: %s, %s: %d of %d cannot be", path, promise, c.Name, c.Violations, c.Of)
			}
			wrong, cases = wrong+c.Violations, cases+c.Of
		}
	}
	if cases == 0 {
		return 0, 0, "", fmt.Errorf("%s holds no case of %s: the suite %q did not measure it", path, promise, t.Suite)
	}
	return 100 * float64(cases-wrong) / float64(cases), cases, WithoutPaths(t.Command), nil
}

var pathFlags = regexp.MustCompile(` --?(out|html|report|reports|results|baseline|markdown)[= ]\S+`)

// WithoutPaths leaves out of a command where its results were put: that says nothing about them.
func WithoutPaths(command string) string { return pathFlags.ReplaceAllString(command, "") }

// promises are the two figures that a load suite measures.
func promises(report string) []Row {
	rows := []Row{
		{Topic: "order", What: "joins and admissions in the order in which people came (promise P1), in a load suite", Theirs: "95.2", Unit: "%"},
		{Topic: "consistency", What: "seats, orders and payments that agree (promise P6), in a load suite", Theirs: "99.8", Unit: "%"},
	}
	for i, promise := range []string{"P1", "P6"} {
		percent, cases, command, err := kept(report, promise)
		if err != nil {
			rows[i].Absent = err.Error()
			continue
		}
		rows[i].Ours, rows[i].Command = percentText(percent), command
		rows[i].Note = fmt.Sprintf("over %d cases of all checks of the promise", cases)
		if command == "" {
			rows[i].Command = "make loadtest"
		}
	}
	return rows
}

// percentText writes three decimals, and never 100 for what is less.
func percentText(percent float64) string {
	text := fmt.Sprintf("%.3f", percent)
	if text == "100.000" && percent < 100 {
		return fmt.Sprintf("%.9f", percent)
	}
	return text
}
