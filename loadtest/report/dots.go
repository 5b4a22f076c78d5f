package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// plotLatency shows p50, p95 and p99 of each action on a logarithmic scale.
func (r *Report) plotLatency() template.HTML {
	const row, right = 22, 14
	left := 60
	if len(r.Actions) == 0 {
		return ""
	}
	height := chartTop + row*len(r.Actions) + chartBottom
	low, high := 0.1, 10.0
	for _, a := range r.Actions {
		high = max(high, a.P99)
		left = max(left, 8+6*len(a.Name))
	}
	high = math.Pow(10, math.Ceil(math.Log10(high)))
	x := func(ms float64) float64 {
		return float64(left) + float64(chartWidth-left-right)*math.Log(max(ms, low)/low)/math.Log(high/low)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="Latency by kind of request, milliseconds, logarithmic: p50, p95 and p99">`, chartWidth, height)
	for ms := low; ms <= high*1.001; ms *= 10 {
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text class="tick" text-anchor="middle" x="%.1f" y="%d">%s</text>`,
			x(ms), x(ms), chartTop, height-chartBottom, x(ms), height-8, short(ms))
	}
	for i, a := range r.Actions {
		y := chartTop + row*i + row/2
		fmt.Fprintf(&b, `<text class="tick" text-anchor="end" x="%d" y="%d">%s</text><line class="span" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`,
			left-8, y+4, escape(a.Name), x(a.P50), x(a.P99), y, y)
		for _, dot := range []struct {
			name, class string
			ms          float64
		}{{"p50", "b", a.P50}, {"p95", "c", a.P95}, {"p99", "a", a.P99}} {
			fmt.Fprintf(&b, `<circle class="dot %s" cx="%.1f" cy="%d" r="5"><title>%s %s: %s ms</title></circle>`,
				dot.class, x(dot.ms), y, escape(a.Name), dot.name, milliseconds(dot.ms))
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // all text was escaped above
}
