package report

import (
	"bytes"
	_ "embed" // the page's template
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"os"
)

//go:embed report.html.tmpl
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"num":     thousands,
	"ms":      milliseconds,
	"share":   func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"mb":      func(bytes int64) string { return fmt.Sprintf("%.2f", megabytes(bytes)) },
	"byCount": byCount,
	"json":    func(v any) (string, error) { body, err := json.Marshal(v); return string(body), err },
}).Parse(page))

// WriteHTML writes the page: one file that needs nothing else.
func (r *Report) WriteHTML(path string) error {
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, struct {
		*Report
		OrderKept, FlowName string
		Headlines           []keyFigure
		Room, Flow, Latency template.HTML
	}{r, r.orderKept(), r.flow(), r.figures(), r.plotRoom(), r.plotFlow(), r.plotLatency()})
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// thousands writes a whole number with thin groups.
func thousands(v any) string {
	digits := fmt.Sprint(v)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

func milliseconds(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

// figure writes a number with as many digits as say something.
func figure(v float64) string {
	switch {
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return fmt.Sprintf("%.0f", v)
	case math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f", v)
	default:
		return fmt.Sprintf("%.3g", v)
	}
}
