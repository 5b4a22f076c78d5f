package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"anteroom/loadtest/check"
)

// WriteJSON writes report.json: a line for each field, and for each element of the lists.
func (r *Report) WriteJSON(path string) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, lay(body, 2), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// lay breaks compact JSON into lines down to a depth. Indented to the last bracket, a timeline would be ten times as long and no easier
// to read.
func lay(compact []byte, depth int) []byte {
	var out bytes.Buffer
	level, quoted := 0, false
	newline := func() {
		out.WriteByte('\n')
		for range level {
			out.WriteString("  ")
		}
	}
	for i := 0; i < len(compact); i++ {
		c := compact[i]
		switch {
		case quoted:
			out.WriteByte(c)
			switch c {
			case '"':
				quoted = false
			case '\\': // what follows is no end of the text, whatever it is
				i++
				out.WriteByte(compact[i])
			}
		case c == '"':
			quoted = true
			out.WriteByte(c)
		case c == '{' || c == '[':
			out.WriteByte(c)
			if level++; level <= depth && compact[i+1] != '}' && compact[i+1] != ']' {
				newline()
			}
		case c == '}' || c == ']':
			if level--; level < depth && compact[i-1] != '{' && compact[i-1] != '[' {
				newline()
			}
			out.WriteByte(c)
		case c == ',' && level <= depth:
			out.WriteByte(c)
			newline()
		case c == ',' || c == ':':
			out.WriteByte(c)
			out.WriteByte(' ')
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// ReadJSON reads a report.json of this schema or of schema 1, which lacks much; what it lacks is empty. It fails, naming the file, when
// that is not there, is no report, or is of another schema.
func ReadJSON(path string) (*Report, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	var r Report
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, fmt.Errorf("read report %s: %w", path, err)
	}
	switch r.Schema {
	case Schema:
	case 1:
		r.fromFirst()
	default:
		return nil, fmt.Errorf("read report %s: it has schema %d; this program reads 1 and %d", path, r.Schema, Schema)
	}
	return &r, nil
}

// fromFirst fills in what schema 1 said in another way: it had no states, and whatever was not measured was not kept.
func (r *Report) fromFirst() {
	for i := range r.Promises {
		p := &r.Promises[i]
		all := check.Promise{}
		for j := range p.Checks {
			c := &p.Checks[j]
			c.State = c.Check.State()
			all.Checks = append(all.Checks, c.Check)
		}
		p.State = all.State()
	}
}
