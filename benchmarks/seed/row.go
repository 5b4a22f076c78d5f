// Package seed measures what the system that Anteroom grew out of published of itself, so that each of its figures stands beside ours with
// the command that measured it.
package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"anteroom/loadtest/machine"
)

// File is what `go run ./benchmarks/cmd/seed` wrote: all rows, and where and when ours were measured.
type File struct {
	Measured time.Time       `json:"measured"`
	Commit   string          `json:"commit"` // of this project, short; "" if it is not known
	Machine  machine.Machine `json:"machine"`
	Rows     []Row           `json:"rows"`
}

// Row is one of the seed system's published figures, and ours.
type Row struct {
	Topic   string `json:"topic"`  // of the published figure, such as "cold start"; several rows may share one
	What    string `json:"what"`   // what is measured of ours, exactly
	Theirs  string `json:"theirs"` // as it was published, in Unit; empty: nothing of this kind was published
	Ours    string `json:"ours"`   // the median, in Unit; empty: it was not measured, Absent says why
	Unit    string `json:"unit"`
	Command string `json:"command"`          // that measures ours
	Runs    []Run  `json:"runs,omitempty"`   // what Ours is the median of, in the order they were taken
	Absent  string `json:"absent,omitempty"` // why there is no figure of ours
	Note    string `json:"note,omitempty"`   // what must be known to compare the two
}

// Run is one measurement, in the row's unit.
type Run float64

// Read reads a file of rows. It refuses an unknown field, and a row that has neither a figure nor a reason why there is none: the page that
// shows it must not have to guess.
func Read(path string) (*File, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f File
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more after the rows", path)
	}
	for i, r := range f.Rows {
		if err := r.valid(); err != nil {
			return nil, fmt.Errorf("%s: rows[%d]: %w", path, i, err)
		}
	}
	return &f, nil
}

func (r Row) valid() error {
	switch {
	case r.What == "":
		return errors.New("what: is empty")
	case r.Ours == "" && r.Absent == "":
		return errors.New("ours: is empty, and absent does not say why")
	case r.Ours != "" && r.Absent != "":
		return errors.New("ours and absent: there cannot be both a figure and a reason why there is none")
	case r.Ours != "" && r.Command == "":
		return errors.New("command: is empty, though there is a figure")
	}
	return nil
}

// Write writes a file of rows, whole or not at all.
func (f *File) Write(path string) error {
	for i, r := range f.Rows {
		if err := r.valid(); err != nil {
			return fmt.Errorf("rows[%d]: %w", i, err)
		}
	}
	body, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	unfinished := path + ".unfinished"
	if err := os.WriteFile(unfinished, append(body, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}
