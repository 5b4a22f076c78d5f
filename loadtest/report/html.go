package report

import (
	"bytes"
	_ "embed" // the pages' templates and their style
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"os"
)

//go:embed report.html.tmpl
var page string

//go:embed compare.html.tmpl
var comparePage string

//go:embed style.css
var style string

var words = template.FuncMap{
	"style":   func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file
	"num":     thousands,
	"ms":      milliseconds,
	"fig":     figure,
	"share":   func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"mb":      func(bytes int64) string { return fmt.Sprintf("%.2f", megabytes(bytes)) },
	"plus":    func(i int) int { return i + 1 },
	"tone":    tone,
	"byCount": byCount,
	"json":    func(v any) (string, error) { body, err := json.Marshal(v); return string(body), err },
}

var (
	pageTemplate    = template.Must(template.New("report").Funcs(words).Parse(page))
	compareTemplate = template.Must(template.New("compare").Funcs(words).Parse(comparePage))
)

// shownReport is a report with what the page draws of it.
type shownReport struct{ *Report }

func (r shownReport) OrderKept() string            { return r.orderKept() }
func (r shownReport) OrderFigures() string         { return r.orderFigures() }
func (r shownReport) Figures() []keyFigure         { return r.figures() }
func (r shownReport) PlotCrowd() template.HTML     { return r.plotCrowd() }
func (r shownReport) PlotOrder() template.HTML     { return r.plotOrder() }
func (r shownReport) PlotSales() template.HTML     { return r.plotSales() }
func (r shownReport) PlotLatency() template.HTML   { return r.plotLatency() }
func (r shownReport) PlotLatencies() template.HTML { return r.plotLatencies() }
func (r shownReport) PlotErrors() template.HTML    { return r.plotErrors() }
func (r shownReport) PlotGenerator() template.HTML { return r.plotGenerator() }

// WriteHTML writes the page: one file that needs nothing else.
func (r *Report) WriteHTML(path string) error {
	return writePage(path, pageTemplate, shownReport{r})
}

// WriteHTML writes the comparison as a page of its own.
func (c *Comparison) WriteHTML(path string) error {
	return writePage(path, compareTemplate, c)
}

func writePage(path string, t *template.Template, data any) error {
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// tone is the class of how something came out.
func tone(state any) string {
	switch fmt.Sprint(state) {
	case Pass, string(Kept), "met":
		return "good"
	case Unmeasured, string(NotMeasured):
		return "open"
	case absent:
		return "dim"
	default:
		return "bad"
	}
}

// thousands writes a number with thin groups.
func thousands(v any) string {
	text := fmt.Sprint(v)
	whole := len(text)
	for i, c := range text {
		if c == '.' || c == 'e' {
			whole = i
			break
		}
	}
	for i := whole - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
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
	case v == math.Trunc(v) && math.Abs(v) < 1e15, math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f", v)
	case v > 99 && v < 100, v > 0.99 && v < 1: // a share that is not whole never rounds up to a whole one
		return fmt.Sprintf("%g", math.Trunc(v*1e6)/1e6)
	default:
		return fmt.Sprintf("%.3g", v)
	}
}
