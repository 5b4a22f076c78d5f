package launch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Recount runs booking's own checker and returns its counts by name, and the command as it may be shown.
func Recount(program, databaseURL string) func(ctx context.Context) (map[string]int64, string, error) {
	return func(ctx context.Context) (map[string]int64, string, error) {
		const shown = "booking check --json"
		command := exec.CommandContext(ctx, program, "check", "--json")
		command.Env = append(os.Environ(), "BOOKING_DATABASE_URL="+databaseURL) // not on the command line: it may hold a password
		out, err := command.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return nil, shown, err
		}
		counts, malformed := parseRecount(out)
		if malformed != nil && err != nil {
			return nil, shown, fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return counts, shown, malformed
	}
}

// parseRecount reads what `booking check --json` prints. A report without checks, or one whose verdict does not fit its counts, is an error.
func parseRecount(out []byte) (map[string]int64, error) {
	var report struct {
		OK     *bool `json:"ok"`
		Checks []struct {
			Name  string `json:"name"`
			Count int64  `json:"count"`
		} `json:"checks"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("booking check printed no report: %w", err)
	}
	counts := map[string]int64{}
	clean := true
	for _, c := range report.Checks {
		counts[c.Name] = c.Count
		clean = clean && c.Count == 0
	}
	if len(counts) == 0 || report.OK == nil || *report.OK != clean {
		return nil, fmt.Errorf("booking check printed a report that contradicts itself: %.300s", out)
	}
	return counts, nil
}
