package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// The charts are plain SVG, coloured by the page's style sheet so that they follow light and dark. They are drawn as narrow as a phone
// is wide, and stand side by side on a wider screen, so that their text can be read on both.
const (
	chartWidth  = 480
	chartHeight = 240
	chartLeft   = 50
	chartRight  = 10
	chartTop    = 14
	chartBottom = 26
)

// chart is one plot with its legend and its table.
type chart struct {
	title   string
	note    string
	unit    string // of the values
	x       axis
	y       axis
	series  []series
	bands   []Band // shown behind, when x is time
	stacked bool   // the values are drawn as bars upon each other
}

// axis says what a chart's values run from and to. Without a to it is found from the values.
type axis struct {
	name string
	from float64
	to   float64
	time bool // seconds
	log  bool
}

// series is what is drawn in one colour. A NaN in y leaves a gap.
type series struct {
	name, class string
	x, y        []float64
	dots        bool
	limit       bool // a dashed line that the others should not cross
}

// HTML draws it: caption and legend, plot, table. A chart without a value is left out.
func (c chart) HTML() template.HTML {
	if !c.fit() {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><figcaption><b>%s</b> `, escape(c.title))
	for _, s := range c.series {
		fmt.Fprintf(&b, `<span class="key %s%s">%s</span> `, s.class, onlyIf(s.limit, " limit"), escape(s.name))
	}
	if c.note != "" {
		fmt.Fprintf(&b, `<span class="dim">%s</span>`, escape(c.note))
	}
	fmt.Fprintf(&b, `</figcaption><svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, chartHeight, escape(c.title))
	c.drawBands(&b)
	c.drawAxes(&b)
	if c.stacked {
		c.drawBars(&b)
	} else {
		c.drawLines(&b)
	}
	b.WriteString(`</svg>`)
	c.table(&b)
	b.WriteString(`</figure>`)
	return template.HTML(b.String()) //nolint:gosec // all text was escaped above
}

// fit finds the ranges of the axes; it is false when there is nothing to draw.
func (c *chart) fit() bool {
	low, high, last, some := math.Inf(1), 0.0, c.x.to, false
	sums := map[float64]float64{}
	for _, s := range c.series {
		for i, v := range s.y {
			if math.IsNaN(v) {
				continue
			}
			some = some || !s.limit && v != 0
			if v > 0 {
				low = min(low, v)
			}
			last = max(last, s.x[i])
			if c.stacked {
				sums[s.x[i]] += v
				v = sums[s.x[i]]
			}
			high = max(high, v)
		}
	}
	if !some {
		return false
	}
	c.x.to = max(last, c.x.from+1)
	if c.y.log {
		c.y.from = math.Pow(10, math.Floor(math.Log10(low)))
		c.y.to = max(math.Pow(10, math.Ceil(math.Log10(high))), c.y.from*10)
	} else {
		c.y.from = 0
		if high > c.y.to {
			c.y.to = top(high * 1.02)
		}
	}
	return true
}

func (c *chart) px(v float64) float64 {
	return chartLeft + (chartWidth-chartLeft-chartRight)*(v-c.x.from)/(c.x.to-c.x.from)
}

func (c *chart) py(v float64) float64 {
	share := (v - c.y.from) / (c.y.to - c.y.from)
	if c.y.log {
		share = math.Log(max(v, c.y.from)/c.y.from) / math.Log(c.y.to/c.y.from)
	}
	return chartTop + (chartHeight-chartTop-chartBottom)*(1-min(share, 1))
}

func (c *chart) drawBands(b *strings.Builder) {
	for i, band := range c.bands {
		x := c.px(band.From)
		fmt.Fprintf(b, `<g><title>%s</title><rect class="band" x="%.1f" y="%d" width="%.1f" height="%d"/><text class="tick" x="%.1f" y="%d">%d</text></g>`,
			escape(band.String()), x, chartTop, max(c.px(min(band.To, c.x.to))-x, 1.5), chartHeight-chartTop-chartBottom, x+1, chartTop-3, i+1)
	}
}

func (c *chart) drawAxes(b *strings.Builder) {
	for _, v := range c.y.ticks() {
		y := c.py(v)
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="tick" text-anchor="end" x="%d" y="%.1f">%s</text>`,
			chartLeft, chartWidth-chartRight, y, y, chartLeft-5, y+4, short(v))
	}
	for _, v := range c.x.ticks() {
		x, anchor := c.px(v), "middle"
		if x > chartWidth-30 {
			x, anchor = chartWidth-2, "end"
		}
		fmt.Fprintf(b, `<text class="tick" text-anchor="%s" x="%.1f" y="%d">%s</text>`, anchor, x, chartHeight-9, c.x.label(v))
	}
}

func (c *chart) drawLines(b *strings.Builder) {
	for _, s := range c.series {
		var line, dots strings.Builder
		gap := func(i int) bool { return i < 0 || i >= len(s.y) || math.IsNaN(s.y[i]) }
		for i, v := range s.y {
			x, y := c.px(s.x[i]), c.py(v)
			switch {
			case gap(i):
			case s.dots || gap(i-1) && gap(i+1): // a value without neighbours would be a line without a length
				fmt.Fprintf(&dots, "M%.1f %.1fh0", x, y)
			case gap(i - 1):
				fmt.Fprintf(&line, "M%.1f %.1f", x, y)
			default:
				fmt.Fprintf(&line, "L%.1f %.1f", x, y)
			}
		}
		if line.Len() > 0 {
			fmt.Fprintf(b, `<path class="line %s%s" d="%s"/>`, s.class, onlyIf(s.limit, " limit"), line.String())
		}
		if dots.Len() > 0 {
			fmt.Fprintf(b, `<path class="dots %s" d="%s"/>`, s.class, dots.String())
		}
	}
}

// drawBars draws the series upon each other; all have the same x.
func (c *chart) drawBars(b *strings.Builder) {
	under := map[float64]float64{}
	width := c.px(c.x.from+c.barWidth()) - c.px(c.x.from)
	for _, s := range c.series {
		var path strings.Builder
		for i, v := range s.y {
			if v == 0 {
				continue
			}
			x, from := s.x[i], under[s.x[i]]
			fmt.Fprintf(&path, "M%.1f %.1fh%.1fV%.1fh-%.1fz", c.px(x)-width/2, c.py(from), width, c.py(from+v), width)
			under[x] = from + v
		}
		fmt.Fprintf(b, `<path class="bar %s" d="%s"/>`, s.class, path.String())
	}
}

// barWidth is the distance of two neighbours.
func (c *chart) barWidth() float64 {
	if x := c.series[0].x; len(x) > 1 {
		return x[1] - x[0]
	}
	return 1
}

func escape(s string) string { return template.HTMLEscapeString(s) }

func onlyIf(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}
