package booking

// CheckResult is what one check of the database found.
type CheckResult struct {
	Name    string   `json:"name"`
	Wants   string   `json:"wants"` // what it counts
	Count   int      `json:"count"`
	Samples []string `json:"samples,omitempty"` // at most ten
}

// CheckReport is the outcome of all checks, in one consistent snapshot.
type CheckReport struct {
	OK         bool          `json:"ok"` // every count is 0
	Checks     []CheckResult `json:"checks"`
	NotChecked []string      `json:"not_checked_yet"` // promises that the tables cannot answer for so far
}
