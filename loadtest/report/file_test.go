package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
	"anteroom/loadtest/report"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(report.SchemaJSON))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource("report.json", document))
	compiled, err := c.Compile("report.json")
	require.NoError(t, err)
	return compiled
}

// full is a report in which every part has something.
func full(t *testing.T) *report.Report {
	t.Helper()
	m := model(t, 1)
	m.profile.SLOs = []profile.SLO{level("pay.p99", "", 1, -1), level("seats.p50", "buyers", -1, 0), level("leave.p50", "", 1, -1)}
	for i := range m.log.Generators {
		m.log.Generators[i].CPUPercent, m.log.Generators[i].Busy, m.log.Generators[i].LagP99MS = 99, 100, 2500
	}
	for i := range m.log.Records {
		if rec := &m.log.Records[i]; rec.Number == 5 && rec.AdmittedMS > 0 {
			rec.AdmittedMS += 10_000
		}
	}
	r := m.report()
	r.Phases = []report.Phase{{Name: "everybody waits", Seconds: 2, People: 3, Note: "a note"}}
	return r
}

func TestReportsAreOfTheirSchema(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	for name, r := range map[string]*report.Report{"full": full(t), "sound": model(t, 2).report(), "of a suite without a profile": {Schema: report.Schema, Verdict: report.Pass, Load: report.Load{Cut: true}}} {
		path := filepath.Join(t.TempDir(), "report.json")
		require.NoError(t, r.WriteJSON(path))
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, compiled.Validate(value), name)

		spoilt := value.(map[string]any) // the control: what is not of the schema is found
		spoilt["verdict"] = "FINE"
		require.Error(t, compiled.Validate(value), name)
		spoilt["verdict"], spoilt["surplus"] = "PASS", 1
		require.Error(t, compiled.Validate(value), name)
	}
}

// TestEveryFieldOfTheSchemaIsDocumented keeps docs/report.md whole, and the schema free of fields that no report has.
func TestEveryFieldOfTheSchemaIsDocumented(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../docs/report.md")
	require.NoError(t, err)
	body, err := json.Marshal(full(t))
	require.NoError(t, err)
	names := fields(t, report.SchemaJSON)
	require.Greater(t, len(names), 100)
	for _, name := range names {
		require.True(t, strings.Contains(string(docs), "`"+name+"`"), "docs/report.md does not tell of %s", name)
		if !slices.Contains([]string{"method", "figures", "missing", "examples", "cut"}, name) { // absent from a report like this one
			require.True(t, strings.Contains(string(body), `"`+name+`":`), "no report has %s", name)
		}
	}
}

// fields are the names of all properties in the schema.
func fields(t *testing.T, text string) (all []string) {
	t.Helper()
	var walk func(v any)
	walk = func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if properties, ok := m["properties"].(map[string]any); ok {
			for name := range properties {
				all = append(all, name)
			}
			for _, p := range properties {
				walk(p)
			}
		}
		if defs, ok := m["$defs"].(map[string]any); ok {
			for _, d := range defs {
				walk(d)
			}
		}
	}
	var document any
	require.NoError(t, json.Unmarshal([]byte(text), &document))
	walk(document)
	slices.Sort(all)
	return all
}

func TestAReportIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "report.json")
	want := full(t)
	require.NoError(t, want.WriteJSON(path))
	got, err := report.ReadJSON(path)
	require.NoError(t, err)
	again := filepath.Join(t.TempDir(), "again.json")
	require.NoError(t, got.WriteJSON(again))
	a, err := os.ReadFile(path)
	require.NoError(t, err)
	b, err := os.ReadFile(again)
	require.NoError(t, err)
	require.JSONEq(t, string(a), string(b))
	require.Equal(t, want.ExitCode(), got.ExitCode())
	require.Less(t, bytes.Count(a, []byte("\n")), 2000, "a line for each element, not for each figure")
	require.Equal(t, want.Actions[0].Histogram.Percentile(99), got.Actions[0].Histogram.Percentile(99))
}

func TestAReportOfSchema1IsRead(t *testing.T) {
	t.Parallel()
	r, err := report.ReadJSON("testdata/schema1.json")
	require.NoError(t, err)
	require.Equal(t, 1, r.Schema)
	require.Equal(t, 0, r.ExitCode())
	require.Equal(t, report.Kept, r.Promises[0].State)
	require.Equal(t, report.Kept, r.Promises[0].Checks[0].State)
	require.NotEmpty(t, r.Actions)
	require.NoError(t, r.WriteHTML(filepath.Join(t.TempDir(), "report.html")))
	require.NoError(t, r.WriteText(&bytes.Buffer{}))
}

func TestWhatIsNoReportIsNamed(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"schema":99}`: "schema 99", `{`: "unexpected end", `{"schema":2,"seconds":"long"}`: "seconds",
	} {
		path := filepath.Join(t.TempDir(), "some.json")
		require.NoError(t, os.WriteFile(path, []byte(body), 0o600))
		_, err := report.ReadJSON(path)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "some.json")
	}
	_, err := report.ReadJSON("nowhere.json")
	require.ErrorContains(t, err, "nowhere.json")
}
