package benchmarks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"anteroom/loadtest/machine"
)

// Schema is the version of the JSON forms of Measurement and Baseline; it rises when a field changes its meaning or goes.
const Schema = 1

// Measurement is all that was seen when the list was measured: every value of every round. Its JSON form is a file of benchmarks/results.
type Measurement struct {
	Schema     int             `json:"schema"`
	Date       time.Time       `json:"date"`
	Commit     string          `json:"commit"` // short; ends with "+changes" if files differed from it; empty: not known
	Machine    machine.Machine `json:"machine"`
	Redis      string          `json:"redis"`      // version
	PostgreSQL string          `json:"postgresql"` // version
	Command    string          `json:"command"`
	Rounds     int             `json:"rounds"`
	BenchTime  string          `json:"benchtime"` // of each benchmark in each round, as -test.benchtime takes it
	Seconds    float64         `json:"seconds"`   // that all rounds took, without building
	Benchmarks []Benchmark     `json:"benchmarks"`
}

// Benchmark is what one benchmark gave.
type Benchmark struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Skipped string `json:"skipped,omitempty"` // why there are no figures
	Runs    Runs   `json:"runs,omitempty"`    // by unit, one value a round, in the order of the rounds
}

// FileName is what the measurement's file is called, without the ending.
func (m *Measurement) FileName() string {
	commit := m.Commit
	if commit == "" {
		commit = "unknown"
	}
	return m.Date.UTC().Format("2006-01-02") + "-" + commit
}

// Write writes the measurement as JSON.
func (m *Measurement) Write(path string) error { return writeJSON(path, m) }

// ReadMeasurement reads what Write wrote.
func ReadMeasurement(path string) (*Measurement, error) {
	var m Measurement
	if err := readJSON(path, &m); err != nil {
		return nil, err
	}
	if m.Schema != Schema {
		return nil, fmt.Errorf("%s: schema: is %d, this command reads %d", path, m.Schema, Schema)
	}
	for _, b := range m.Benchmarks {
		if n := len(b.Runs["ns/op"]); b.Skipped == "" && n != m.Rounds {
			return nil, fmt.Errorf("%s: benchmarks: %s.%s has %d times, not one for each of %d rounds", path, b.Package, b.Name, n, m.Rounds)
		}
	}
	return &m, nil
}

// writeJSON writes a file whole or not at all, and makes its folder.
func writeJSON(path string, value any) error {
	body, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	unfinished := path + ".unfinished"
	if err := os.WriteFile(unfinished, append(compactNumbers(body), '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}

// readJSON refuses fields that it does not know: a name misspelt by hand would otherwise count as absent.
func readJSON(path string, into any) error {
	body, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// WriteRatios writes series of ratios as JSON, a line for each.
func WriteRatios(path string, series [][]float64) error { return writeJSON(path, series) }
