package routes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing that is wrong with a configuration file.
type Problem struct {
	File   string
	Line   int    // from 1; 0 where the file could not be read at all
	Column int    // from 1
	Key    string // where in the file, such as sites[0].routes[2].room; empty: the file as a whole
	Reason string
}

// String is file:line:column: key: reason.
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	if p.Key == "" {
		return where + ": " + p.Reason
	}
	return where + ": " + p.Key + ": " + p.Reason
}

// Problems are all that is wrong with a file, by line.
type Problems []Problem

// Error implements error: one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// notes collect problems and warnings while a file is read.
type notes struct {
	file     string
	problems Problems
	warnings Problems
}

func (n *notes) at(node *yaml.Node, key, format string, args ...any) Problem {
	return Problem{File: n.file, Line: node.Line, Column: node.Column, Key: key, Reason: fmt.Sprintf(format, args...)}
}

func (n *notes) wrong(node *yaml.Node, key, format string, args ...any) {
	n.problems = append(n.problems, n.at(node, key, format, args...))
}

func (n *notes) warn(node *yaml.Node, key, format string, args ...any) {
	n.warnings = append(n.warnings, n.at(node, key, format, args...))
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
}
