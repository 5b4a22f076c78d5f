package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// The plots are plain SVG, coloured by the page's style sheet so that they follow light and dark.
const (
	plotWidth  = 760
	plotHeight = 220
	plotLeft   = 56
	plotBottom = 28
	plotTop    = 12
)

type series struct {
	name, class string
	values      []float64
}

// plotRoom shows who waited and who was inside, by the server's own count.
func (r *Report) plotRoom() template.HTML {
	waiting, active := make([]float64, len(r.Timeline)), make([]float64, len(r.Timeline))
	for i, p := range r.Timeline {
		waiting[i], active[i] = float64(p.Waiting), float64(p.Active)
	}
	return lines("People waiting and inside, by second", series{"waiting", "a", waiting}, series{"inside", "b", active})
}

// plotFlow shows what happened each second; the joins are left out, because beside their storm nothing else could be seen.
func (r *Report) plotFlow() template.HTML {
	admitted, paid := make([]float64, len(r.Timeline)), make([]float64, len(r.Timeline))
	for i, p := range r.Timeline {
		admitted[i], paid[i] = float64(p.Admitted), float64(p.Paid)
	}
	all := []series{{"admitted", "b", admitted}}
	if r.flow() == flowSold {
		all = append(all, series{"paid", "c", paid})
	}
	return lines(r.flow(), all...)
}

// The titles of what plotFlow shows: with orders, in a suite that sells.
const (
	flowSold     = "Admissions and paid orders a second"
	flowAdmitted = "Admissions a second"
)

func (r *Report) flow() string {
	for _, p := range r.Timeline {
		if p.Paid > 0 {
			return flowSold
		}
	}
	return flowAdmitted
}

func lines(title string, all ...series) template.HTML {
	top := 1.0
	n := 0
	for _, s := range all {
		n = max(n, len(s.values))
		for _, v := range s.values {
			top = max(top, v)
		}
	}
	top = roundUp(top)
	var b strings.Builder
	open(&b, title, plotHeight)
	for i := range 5 {
		value := top * float64(i) / 4
		y := plotY(value, top)
		fmt.Fprintf(&b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="tick" text-anchor="end" x="%d" y="%.1f">%s</text>`,
			plotLeft, plotWidth, y, y, plotLeft-6, y+4, short(value))
	}
	step := max(int(roundUp(float64(n)/8)), 1)
	for second := 0; second < n; second += step {
		fmt.Fprintf(&b, `<text class="tick" text-anchor="middle" x="%.1f" y="%d">%d s</text>`, plotX(second, n), plotHeight-8, second)
	}
	for i, s := range all {
		var points strings.Builder
		for second, v := range s.values {
			fmt.Fprintf(&points, "%.1f,%.1f ", plotX(second, n), plotY(v, top))
		}
		fmt.Fprintf(&b, `<polyline class="line %s" points="%s"/>`, s.class, strings.TrimSpace(points.String()))
		fmt.Fprintf(&b, `<text class="key %s" text-anchor="end" x="%d" y="%d">%s</text>`, s.class, plotWidth-4, plotTop+14+16*i, s.name)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// plotLatency shows p50, p95 and p99 of each action on a logarithmic scale.
func (r *Report) plotLatency() template.HTML {
	const row, left = 22, 96
	height := plotTop + row*len(r.Actions) + plotBottom
	low, high := 0.1, 10.0
	for _, a := range r.Actions {
		high = max(high, a.P99)
	}
	high = math.Pow(10, math.Ceil(math.Log10(high)))
	x := func(ms float64) float64 {
		return left + (plotWidth-left-20)*math.Log(max(ms, low)/low)/math.Log(high/low)
	}
	var b strings.Builder
	open(&b, "Latency by kind of request, milliseconds, logarithmic: p50, p95 and p99", height)
	for ms := low; ms <= high*1.001; ms *= 10 {
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text class="tick" text-anchor="middle" x="%.1f" y="%d">%s</text>`,
			x(ms), x(ms), plotTop, height-plotBottom, x(ms), height-8, strings.TrimSuffix(fmt.Sprintf("%.1f", ms), ".0"))
	}
	for i, a := range r.Actions {
		y := plotTop + row*i + row/2
		fmt.Fprintf(&b, `<text class="tick" text-anchor="end" x="%d" y="%d">%s</text>`, left-8, y+4, template.HTMLEscapeString(a.Name))
		fmt.Fprintf(&b, `<line class="span" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, x(a.P50), x(a.P99), y, y)
		for _, dot := range []struct {
			name, class string
			ms          float64
		}{{"p50", "b", a.P50}, {"p95", "c", a.P95}, {"p99", "a", a.P99}} {
			fmt.Fprintf(&b, `<circle class="dot %s" cx="%.1f" cy="%d" r="5"><title>%s %s: %s ms</title></circle>`,
				dot.class, x(dot.ms), y, template.HTMLEscapeString(a.Name), dot.name, milliseconds(dot.ms))
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func open(b *strings.Builder, title string, height int) {
	fmt.Fprintf(b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, plotWidth, height, template.HTMLEscapeString(title))
}

func plotX(second, n int) float64 {
	return plotLeft + float64(plotWidth-plotLeft)*float64(second)/float64(max(n-1, 1))
}

func plotY(value, top float64) float64 {
	return plotTop + (plotHeight-plotTop-plotBottom)*(1-value/top)
}

// roundUp gives the next 1, 2 or 5 times a power of ten.
func roundUp(v float64) float64 {
	if v <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*unit >= v {
			return m * unit
		}
	}
	return 10 * unit
}

func short(v float64) string {
	if v >= 10_000 {
		return fmt.Sprintf("%gk", v/1000)
	}
	return fmt.Sprintf("%g", v)
}
