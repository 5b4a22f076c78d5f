package profile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a profile.
type Problem struct {
	File   string // empty: the profile was not read from one
	Line   int    // from 1; 0: not known
	Key    string // the field, such as visitors[2].weight; empty: the file as a whole
	Reason string
}

// String is file:line: key: reason, as far as there is one.
func (p Problem) String() string {
	parts := []string{p.Key, p.Reason}
	if p.Key == "" {
		parts = parts[1:]
	}
	switch {
	case p.File != "" && p.Line > 0:
		parts = append([]string{p.File + ":" + strconv.Itoa(p.Line)}, parts...)
	case p.File != "":
		parts = append([]string{p.File}, parts...)
	}
	return strings.Join(parts, ": ")
}

// Problems are all that is wrong with a profile.
type Problems []Problem

// Error implements error: one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(key, format string, args ...any) {
	*ps = append(*ps, Problem{Key: key, Reason: fmt.Sprintf(format, args...)})
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntax makes a problem of the YAML parser's error, which carries the line in its text only.
func syntax(file string, err error) Problem {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Problem{File: file, Line: 1}
	if found := yamlLine.FindStringSubmatch(reason); found != nil {
		p.Line, _ = strconv.Atoi(found[1]) // digits
		reason = reason[len(found[0]):]
	}
	p.Reason = "is not proper YAML: " + reason
	return p
}

// placed says of every problem in which file and line it is: that of the field, or of the nearest one around it that the file has.
func (r *reader) placed(err error) error {
	var problems Problems
	if !errors.As(err, &problems) {
		return err
	}
	for i := range problems {
		p := &problems[i]
		p.File = r.file
		for key := p.Key; p.Line == 0; key = key[:max(strings.LastIndexAny(key, ".["), 0)] {
			if p.Line = r.lines[key]; key == "" {
				break
			}
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return problems
}
