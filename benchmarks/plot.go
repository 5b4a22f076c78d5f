package benchmarks

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Measures of the plot, in pixels.
const (
	plotWidth  = 860
	plotLeft   = 330 // where the scale begins: left of it are the names
	plotRight  = 800
	plotRow    = 26
	plotTop    = 34
	plotBottom = 30
)

// PlotName is the file of a package's plot.
func PlotName(pkg string) string { return strings.ReplaceAll(pkg, "/", "-") + ".svg" }

// HasPlot says whether there is anything to draw of a package.
func HasPlot(figures []Figure, m *Measurement, pkg string) bool {
	return len(seriesOf(figures, m, pkg)) > 0
}

type series struct {
	label  string
	values []float64
}

// seriesOf are the ratios of a package that were measured.
func seriesOf(figures []Figure, m *Measurement, pkg string) (all []series) {
	for _, metric := range Metrics(figures) {
		if metric.Package != pkg || metric.Against == allocations {
			continue
		}
		if values, skipped := shares(m, metric); skipped == "" {
			all = append(all, series{metric.Name + " / " + metric.Against, values})
		}
	}
	return all
}

// Plot draws a package's ratios as SVG: a line for each, a dot for each round, a bar at the median, on a scale of powers; the calibrator's own speed is the
// line at 1. It takes on the reader's light or dark colours.
func Plot(figures []Figure, m *Measurement, pkg string) string {
	all := seriesOf(figures, m, pkg)
	from, to := reach(all)
	x := func(v float64) float64 {
		return plotLeft + (plotRight-plotLeft)*(math.Log10(v)-from)/(to-from)
	}
	height := plotTop + plotRow*len(all) + plotBottom
	var b strings.Builder
	line := printer(func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) })
	line(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s: operations in the time of one of the calibrator">`,
		plotWidth, height, plotWidth, height, html.EscapeString(pkg))
	line(`<style>text{font:13px system-ui,sans-serif;fill:#1f2328}.s{font-size:11px;fill:#59636e}.g{stroke:#d1d9e0}.one{stroke:#59636e;stroke-dasharray:4 3}` +
		`.d{fill:#0969da;fill-opacity:.45}.m{stroke:#0550ae;stroke-width:3}.r{stroke:#0969da;stroke-opacity:.45}.p{fill:#fff}` +
		`@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.g{stroke:#3d444d}.one{stroke:#9198a1}.d{fill:#4493f8}.m{stroke:#79c0ff}.r{stroke:#4493f8}.p{fill:#0d1117}}</style>`)
	line(`<rect class="p" width="%d" height="%d"/>`, plotWidth, height)
	line(`<text class="s" x="%d" y="16">operations in the time of one of the calibrator; more is better; %d rounds, the bar is their median</text>`, 8, m.Rounds)
	for power := math.Ceil(from); power <= to; power++ {
		at := x(math.Pow(10, power))
		line(`<line class="g" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, at, at, plotTop-8, height-plotBottom)
		line(`<text class="s" x="%.1f" y="%d" text-anchor="middle">%s</text>`, at, height-10, number(math.Pow(10, power)))
	}
	line(`<line class="one" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, x(1), x(1), plotTop-8, height-plotBottom)
	for i, one := range all {
		y, s := plotTop+plotRow*i+plotRow/2, spreadOf(one.values)
		line(`<text x="%d" y="%d" text-anchor="end">%s</text>`, plotLeft-12, y+4, html.EscapeString(one.label))
		line(`<line class="r" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, x(s.least), x(s.most), y, y)
		for _, v := range one.values {
			line(`<circle class="d" cx="%.1f" cy="%d" r="4"><title>%s</title></circle>`, x(v), y, number(v))
		}
		line(`<line class="m" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, x(s.median), x(s.median), y-8, y+8)
		line(`<text class="s" x="%d" y="%d" text-anchor="end">%s</text>`, plotWidth-6, y+4, number(s.median))
	}
	line(`</svg>`)
	return b.String()
}

// reach is the scale, as powers of ten: all values and 1, with room at both ends.
func reach(all []series) (from, to float64) {
	for _, one := range all {
		s := spreadOf(one.values)
		from, to = math.Min(from, math.Log10(s.least)), math.Max(to, math.Log10(s.most))
	}
	room := 0.08*(to-from) + 0.02
	return from - room, to + room
}
