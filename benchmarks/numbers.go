package benchmarks

import "regexp"

var numberList = regexp.MustCompile(`\[[\s\d.,eE+-]+\]`)

var space = regexp.MustCompile(`\s+`)

// compactNumbers puts each list of numbers in indented JSON on one line: a reader, and a diff, want a series as a line.
func compactNumbers(body []byte) []byte {
	return numberList.ReplaceAllFunc(body, func(list []byte) []byte { return space.ReplaceAll(list, nil) })
}
