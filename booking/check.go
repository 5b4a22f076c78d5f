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
	OK     bool          `json:"ok"` // every count is 0
	Checks []CheckResult `json:"checks"`
	// NotChecked are the promises that nothing was given for to check them by.
	NotChecked []string `json:"not_checked,omitempty"`
}

// Add adds results to the report.
func (r *CheckReport) Add(results ...CheckResult) {
	for _, one := range results {
		r.OK = r.OK && one.Count == 0
		r.Checks = append(r.Checks, one)
	}
}
