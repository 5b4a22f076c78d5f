package report

import _ "embed" // the form of report.json

// SchemaJSON is the form of report.json as a JSON Schema (draft 2020-12), for programs that read reports.
//
//go:embed schema.json
var SchemaJSON string
