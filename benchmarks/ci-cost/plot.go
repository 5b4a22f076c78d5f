package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// A panel of the plot, in pixels.
const (
	panelWidth, panelHeight = 680, 250
	left, right, top, foot  = 64, 30, 40, 46
	plotWidth, plotHeight   = panelWidth - left - right, panelHeight - top - foot
	samples                 = plotWidth // along the minutes
)

const plotStyle = `<style>
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:13px}.axis,.grid{stroke:#8c959f;stroke-width:1}.grid{stroke-opacity:.3}
.back{fill:#fff}.hosted{fill:none;stroke:#0969da;stroke-width:2}.own{fill:none;stroke:#bc4c00;stroke-width:2;stroke-dasharray:7 3}.even{stroke:#1f2328;stroke-dasharray:2 3}
.l-hosted{fill:#0969da}.l-own{fill:#bc4c00}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.hosted{stroke:#58a6ff}.own{stroke:#f0883e}.even{stroke:#e6edf3}.l-hosted{fill:#58a6ff}.l-own{fill:#f0883e}}
</style>
`

// plot draws each case in a panel of its own, in SVG.
func (in *inputs) plot() string {
	var b strings.Builder
	height := panelHeight * len(in.Cases)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img"><title>Cost a month by minutes a month</title>`+"\n", panelWidth, height, panelWidth, height)
	b.WriteString(plotStyle)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d"/>`+"\n", panelWidth, height)
	for i, c := range in.Cases {
		in.panel(&b, c, i*panelHeight)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (in *inputs) panel(b *strings.Builder, c cost, offset int) {
	dearest := max(c.hostedAt(in.UpTo), c.ownAt(in.UpTo), 1e-9)
	stepX, stepY := niceStep(float64(in.UpTo)/6), niceStep(dearest/4)
	highest := math.Ceil(dearest/stepY) * stepY
	x := func(minutes float64) float64 { return left + minutes/float64(in.UpTo)*plotWidth }
	y := func(amount float64) float64 { return float64(offset+top+plotHeight) - amount/highest*plotHeight }
	text := func(class, anchor string, x, y float64, format string, args ...any) {
		fmt.Fprintf(b, `<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, anchor, x, y, html.EscapeString(fmt.Sprintf(format, args...)))
	}
	rule := func(class string, x1, y1, x2, y2 float64) {
		fmt.Fprintf(b, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", class, x1, y1, x2, y2)
	}
	text("title", "start", left, float64(offset+20), "%s", c.Name)
	for amount := 0.0; amount <= highest*1.001; amount += stepY {
		rule("grid", left, y(amount), panelWidth-right, y(amount))
		text("", "end", left-6, y(amount)+4, "%g", amount)
	}
	for minutes := 0.0; minutes <= float64(in.UpTo); minutes += stepX {
		text("", "middle", x(minutes), y(0)+16, "%s", thousands(int(minutes)))
	}
	rule("axis", left, y(0), panelWidth-right, y(0))
	text("", "end", panelWidth-right, y(0)+34, "minutes a month")
	text("", "start", left, float64(offset+top-6), "%s a month", in.Currency)
	text("l-hosted", "start", left+180, float64(offset+top-6), "— hosted")
	text("l-own", "start", left+260, float64(offset+top-6), "- - self-hosted")
	curve := func(class string, at func(minutes int) float64) {
		var points []string
		for s := range samples + 1 {
			minutes := in.UpTo * s / samples
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(float64(minutes)), y(at(minutes))))
		}
		fmt.Fprintf(b, `<polyline class="%s" points="%s"/>`+"\n", class, strings.Join(points, " "))
	}
	curve("hosted", c.hostedAt)
	curve("own", c.ownAt)
	for _, s := range c.cheaper(in.UpTo) {
		rule("even", x(float64(s.from)), y(0), x(float64(s.from)), y(highest))
		text("", "start", x(float64(s.from))+5, y(highest)+12, "%s", thousands(s.from))
	}
}

// niceStep is the least of 1, 2, 2.5 and 5 times a power of ten that is no smaller.
func niceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, k := range []float64{1, 2, 2.5, 5} {
		if k*power >= least {
			return k * power
		}
	}
	return 10 * power
}
