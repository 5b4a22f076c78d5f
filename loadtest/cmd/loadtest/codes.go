package main

import "slices"

// The exit codes. Of several, a broken promise counts most: it is certain, whatever else could not be measured.
const (
	held       = 0 // every promise that was measured held, and every service level was met
	broken     = 1 // a promise was broken
	missed     = 2 // a service level was missed
	unmeasured = 3 // it could not be measured, or not all that had to be
)

// worst is the code that counts of several: 1 before 3 before 2 before 0.
func worst(codes ...int) int {
	for _, code := range []int{broken, unmeasured, missed} {
		if slices.Contains(codes, code) {
			return code
		}
	}
	return held
}
